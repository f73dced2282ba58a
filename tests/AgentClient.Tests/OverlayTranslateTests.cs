using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Hosts;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>What a net-agent may say of an overlay, and whose fault it is when it says something else.</summary>
public sealed class OverlayTranslateTests
{
    private static readonly ServicePath One = ServicePath.Parse("test.one");
    private static readonly ServicePath Two = ServicePath.Parse("test.two");
    private static readonly Ip4Address Here = Ip4Address.Parse("192.0.2.1");
    private static readonly VxlanLink Good = new("vx1", Vni.Create(1), Here, 1450) { Forwarding = [Sketch.Flood("192.0.2.2")] };

    public static TheoryData<string, string> Faults => new()
    {
        { "no name", "'vx;1' is no name for a link" }, { "no VNI", "vx1: 0 is not a VXLAN network identifier" },
        { "no port", "vx1: UDP port 0 is not within 1 to 65535" }, { "multicast", "vx1: 239.1.1.1 is no address of one host" },
        { "itself", "vx1: 192.0.2.1 is this host's own, and no other's" },
        { "twice", "vx1: 02:00:00:00:00:05 dst 192.0.2.2 is there twice" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_link_that_no_kernel_should_see_is_a_fault_of_its_ports(string kind, string fault)
    {
        MacAddress mac = MacAddress.Parse("02:00:00:00:00:05");
        VxlanLink bad = kind switch
        {
            "no name" => Good with { Name = "vx;1" },
            "no VNI" => Good with { Vni = default },
            "no port" => Good with { UdpPort = 0 },
            "multicast" => Good with { Forwarding = [Sketch.Flood("239.1.1.1")] },
            "itself" => Good with { Forwarding = [Sketch.Flood("192.0.2.1")] },
            _ => Good with { Forwarding = [new(mac, Ip4Address.Parse("192.0.2.2")), new(mac, Ip4Address.Parse("192.0.2.3"))] },
        };
        Bound bound = new(1, One, "br1");
        DesiredHost host = Translate((bound, bad));
        Assert.Empty(host.Ports);
        Assert.Empty(host.VxlanLinks);
        Assert.Contains(fault, host.Faults[bound.Vnic], StringComparison.Ordinal);
    }

    [Fact]
    public void A_VNI_of_two_services_is_the_fault_of_the_later_one()
    {
        Bound first = new(1, One, "br1"), second = new(2, Two, "br2");
        DesiredHost host = Translate((first, Good), (second, Good with { Name = "vx2" }));
        Assert.Equal([first.Port], host.Ports.Keys);
        Assert.Equal("test.two: vx2: VNI 1 at UDP port 4789 is vx1 already", host.Faults[second.Vnic]);
    }

    [Fact]
    public void Two_at_different_UDP_ports_are_two()
    {
        Bound first = new(1, One, "br1"), second = new(2, Two, "br2");
        DesiredHost host = Translate((first, Good), (second, Good with { Name = "vx2", UdpPort = 8472 }));
        Assert.Equal(["vx1", "vx2"], host.VxlanLinks.Keys);
        Assert.Empty(host.Faults);
    }

    private static DesiredHost Translate(params (Bound Bound, VxlanLink Link)[] given)
    {
        Dictionary<ServicePath, INetAgent> agents =
            given.ToDictionary(g => g.Bound.Service, g => (INetAgent)new Says(g.Bound.Service, g.Link));
        HostRecord[] records = [.. given.Select((g, i) => new BindRecord(i + 1, g.Bound.Spec, g.Bound.Binding))];
        HostAssignment assignment = new HostAssignment(1, 0).With(1, new HostRecords(records.Length, true, records));
        return new Translator(agents, new NoneDriver()).Translate(assignment);
    }

    /// <summary>As the tests' own net-agent, with this link for an uplink.</summary>
    private sealed class Says(ServicePath path, VxlanLink link) : INetAgent
    {
        private readonly INetAgent _usual = new SketchService(path.Value).GetNetAgent(null!);

        public Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;

        public Task SetupComputeNetwork(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;

        public Task TeardownComputeNetwork(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;

        public bool RequiresFileInjection(HostBinding binding) => false;

        public string GetInterfaceXml(HostBinding binding) => _usual.GetInterfaceXml(binding);

        public HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere)
        {
            HostFragment usual = _usual.Translate(bindings, elsewhere);
            return usual with { VxlanLinks = [link], Bridges = [.. usual.Bridges.Select(b => b with { Uplink = link.Name })] };
        }
    }
}
