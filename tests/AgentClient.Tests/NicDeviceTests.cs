using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Agent.Host;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>NICs that are a hypervisor's devices: on a host in memory, from the core's word to the report.</summary>
public sealed class NicDeviceTests : IAsyncLifetime
{
    private static readonly ServicePath Service = ServicePath.Parse("test.one");
    private static readonly Bound A = new(1, Service, "br1");
    private static readonly VnicId Second = new(new Guid(1, 1, 0, 0, 0, 0, 0, 0, 0, 7, 7));

    private readonly FakeHostGrain _grain = new();
    private readonly FakeHost _host = new();
    private readonly FakeGuests _guests;
    private AgentBench? _agent;

    public NicDeviceTests() => _guests = new FakeGuests(_host, takesDevices: true);

    public async Task InitializeAsync()
    {
        _agent = AgentBench.Start(_grain, _host, _guests);
        await Poll.Until(() => _grain.Renewals > 0, "the agent has a session");
        _grain.Bind(A.Spec, A.Binding);
        await _agent.UntilTold(A.Vnic, BindingOutcome.Applied);
    }

    public async Task DisposeAsync() => await _agent!.DisposeAsync();

    [Fact]
    public async Task A_guest_starts_with_its_devices_on_taps_of_the_host()
    {
        Assert.Equal(["02:00:00:00:00:01"], await Devices());
        Assert.Equal(LinkKind.Tap, (await Now()).Links[A.Port].Kind);
    }

    [Fact]
    public async Task A_nic_more_is_plugged_and_one_that_the_instance_lost_is_pulled_out()
    {
        InstanceSpec both = A.Spec with { Nics = [A.Vnic, Second] };
        _grain.Bind(both, A.Binding);
        _grain.Bind(both, SecondNic);
        await _agent!.UntilTold(Second, BindingOutcome.Applied);
        Assert.Equal(["02:00:00:00:00:01", "02:00:00:00:00:77"], await Devices());

        _grain.Bind(A.Spec, A.Binding);
        _grain.Teardown(A.Spec, Second, 1);
        await _agent.UntilTold(Second, BindingOutcome.TornDown);
        Assert.Equal(["02:00:00:00:00:01"], await Devices());
        ActualHost now = await Now();
        Assert.Equal(GuestStatus.Running, now.Guests[A.Spec.Id.ToString()]);
        Assert.False(now.Links.ContainsKey(GuestPort.NameOf(Second)));
        Assert.True(now.Links.ContainsKey(A.Port));
    }

    [Fact]
    [Trait("seed", "S134")]
    public async Task A_guest_that_ends_is_seen_when_it_does()
    {
        _guests.Crash(A.Spec.Id);
        await _agent!.UntilTold(A.Vnic, BindingOutcome.Failed);
        Assert.False((await Now()).Links.ContainsKey(A.Port));
    }

    [Fact]
    public async Task A_running_guest_lets_go_of_a_port_that_is_gone_before_it_gets_the_new_one()
    {
        ActualHost whole = await Now();
        DesiredHost desired = Translator().Translate(Assignment("br1"));
        Assert.Equal("", Planner.Make(whole, desired).ToString());
        string plan = Planner.Make(whole with { Links = whole.Links.Remove(A.Port) }, desired).ToString();
        Assert.Equal(
            $"""
            - guest {A.Spec.Id} NIC 02:00:00:00:00:01
            + port {A.Port} on br1 mtu 1500 tap 02:00:00:00:00:01
            + guest {A.Spec.Id} NIC 02:00:00:00:00:01

            """,
            plan);
    }

    [Fact]
    public void What_the_hypervisor_makes_itself_is_awaited_and_not_made()
    {
        DesiredHost desired = Translator().Translate(Assignment("theirs"));
        Assert.Equal(MadeByHypervisor.Instance, desired.Ports[A.Port].Attachment);
        string[] steps = [.. Planner.Make(ActualHost.Empty, desired).Steps.Select(s => s.GetType().Name).Distinct()];
        Assert.Equal(["DefineGuest", "LoadFirewall", "AddElement", "AddBridge", "StartGuest"], steps);
    }

    [Theory]
    [InlineData("<disk/>")]
    [InlineData("<interface type='ethernet'><mac address='02:00:00:00:00:99'/><target dev='nv000000000001'/></interface>")]
    [InlineData("<interface type='ethernet'><mac address='02:00:00:00:00:01'/><target dev='tap0'/></interface>")]
    [InlineData("<interface")]
    public void Xml_that_names_other_things_than_what_is_guarded_is_the_plug_ins_fault(string xml)
    {
        Dictionary<VnicId, string> faults = [];
        NicDevices devices = NicDevices.Of(
            [new BoundVnic(A.Spec, A.Binding)],
            new Dictionary<ServicePath, INetAgent> { [Service] = new OddAgent(xml) }, (v, f) => faults[v] = f);
        Assert.StartsWith("test.one gave ", faults[A.Vnic], StringComparison.Ordinal);
        Assert.Empty(devices.Of([A.Binding]));
    }

    private static HostBinding SecondNic => A.Binding with
    {
        Vnic = Second,
        NicIndex = 1,
        Info = new NetworkInfo(MacAddress.Parse("02:00:00:00:00:77"), Ip4Address.Parse("10.0.0.77")),
    };

    private Translator Translator() =>
        new(new Dictionary<ServicePath, INetAgent> { [Service] = new SketchService("test.one").GetNetAgent(null!) }, _guests);

    private static HostAssignment Assignment(string bridge) => new HostAssignment(1, 0).With(
        1, new HostRecords(1, IsSnapshot: true, [new BindRecord(1, A.Spec, (A with { Bridge = bridge }).Binding)]));

    private Task<ActualHost> Now() => new HostObserver(_host, _guests).Observe(CancellationToken.None);

    private async Task<IEnumerable<string>> Devices() => (await Now()).Devices[A.Spec.Id.ToString()].Order();

    private sealed class OddAgent(string xml) : INetAgent
    {
        public Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;
        public Task SetupComputeNetwork(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;
        public Task TeardownComputeNetwork(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;
        public bool RequiresFileInjection(HostBinding binding) => false;
        public string GetInterfaceXml(HostBinding binding) => xml;
        public HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere) =>
            HostFragment.Empty;
    }
}
