using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Hosts;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>A net-agent that throws, loops or gives too much harms its own new bindings; what is on the host stays.</summary>
public sealed class TroubledServiceTests : IDisposable
{
    private static readonly ServicePath One = ServicePath.Parse("test.one");
    private static readonly ServicePath Two = ServicePath.Parse("test.two");
    private static readonly Bound A = new(1, One, "br1"), B = new(2, One, "br1"), C = new(3, One, "br3"), Good = new(4, Two, "br2");

    private readonly Troubled _service = new();
    private readonly GuardedNetAgents _agents;
    private readonly Translator _translator;

    public TroubledServiceTests()
    {
        _agents = new GuardedNetAgents([_service, new SketchService(Two.Value)], null!, TimeSpan.FromMilliseconds(500));
        _translator = new Translator(_agents.ByService, new NoneDriver());
    }

    public void Dispose()
    {
        _service.Release();
        _agents.Dispose();
    }

    [Fact]
    public void Where_it_throws_what_it_translated_before_stays_and_what_is_new_is_a_fault()
    {
        Translate(A, B, Good);
        _service.Trouble = () => throw new InvalidOperationException("no bridge today");
        DesiredHost host = Translate(A, B, C, Good);
        Assert.Equal([A.Port, B.Port, Good.Port], host.Ports.Keys);
        Assert.Equal([A.Port, B.Port, Good.Port], host.Guards.Keys);
        Assert.Equal([C.Vnic], host.Faults.Keys);
        Assert.Equal("test.one could not translate its bindings: no bridge today", host.ServiceFaults[One]);
        Assert.Equal([A.Port, Good.Port], Translate(A, Good).Ports.Keys);
        _service.Trouble = null;
        Assert.Empty(Translate(A, B, C, Good).ServiceFaults);
    }

    /// <summary>A port that is to go down is not left up without a word.</summary>
    [Fact]
    public void A_binding_that_has_changed_since_is_a_fault()
    {
        Translate(A, B);
        _service.Trouble = () => throw new InvalidOperationException("no bridge today");
        DesiredHost host = Translate(A.Pair, (B.Spec, B.Binding with { Up = false }));
        Assert.Equal([B.Vnic], host.Faults.Keys);
        Assert.Equal([A.Port, B.Port], host.Ports.Keys);
    }

    [Fact]
    public async Task One_that_loops_is_left_behind_and_is_not_asked_until_it_comes_back()
    {
        Translate(A, Good);
        _service.Trouble = _service.Block;
        DesiredHost host = Translate(A, B, Good);
        Assert.Equal([A.Port, Good.Port], host.Ports.Keys);
        Assert.Contains("had not ended 'translate' after 0.5 s", host.ServiceFaults[One], StringComparison.Ordinal);
        int asked = _service.Asked;
        Assert.Contains("has not ended yet", Translate(A, B, Good).ServiceFaults[One], StringComparison.Ordinal);
        Assert.Equal(asked, _service.Asked);
        _service.Trouble = null;
        _service.Release();
        await Poll.Until(() => Translate(A, B, Good).Ports.Count == 3, "it translates again");
    }

    [Fact]
    public void One_that_gives_more_than_a_host_could_have_is_refused()
    {
        _service.Extra = 5000;
        DesiredHost host = Translate(A, Good);
        Assert.Equal([Good.Port], host.Ports.Keys);
        Assert.Equal("test.one gave 5003 pieces of a host for 1 bindings; accepted are 1088", host.Faults[A.Vnic]);
    }

    [Fact]
    public void One_that_cannot_be_opened_is_a_fault_of_its_bindings_alone()
    {
        _service.Opening = () => throw new NotSupportedException("no licence");
        DesiredHost host = Translate(A, Good);
        Assert.Equal([Good.Port], host.Ports.Keys);
        Assert.Contains("no licence", host.Faults[A.Vnic], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_pure_over_a_binding_is_asked_once()
    {
        INetAgent agent = _agents.ByService[One];
        HostBinding binding = A.Binding;
        Assert.Equal([false, false, false], Enumerable.Range(0, 3).Select(_ => agent.RequiresFileInjection(binding)));
        Assert.Equal(1, _service.Asked);
        agent.RequiresFileInjection(binding with { NicIndex = 1 });
        Assert.Equal(2, _service.Asked);
    }

    private DesiredHost Translate(params Bound[] bound) => Translate([.. bound.Select(b => b.Pair)]);

    private DesiredHost Translate(params (Instances.InstanceSpec Spec, HostBinding Binding)[] bound)
    {
        HostRecord[] records = [.. bound.Select((b, i) => new BindRecord(i + 1, b.Spec, b.Binding))];
        return _translator.Translate(new HostAssignment(1, 0).With(1, new HostRecords(records.Length, true, records)));
    }

    private sealed class Troubled : INetworkService, INetAgent
    {
        private readonly SketchAgent _right = new(null!);
        private readonly ManualResetEventSlim _block = new();

        public Action Opening { get; set; } = () => { };
        public Action? Trouble { get; set; }
        public int Extra { get; set; }
        public int Asked { get; private set; }
        public ServicePath Path => One;
        public string Version => "1.0";
        public int ContractVersion => NetworkServiceContract.Version;

        public void Block() => _block.Wait(Poll.UsualLimit);
        public void Release() => _block.Set();

        public IOsService GetOsService(INetworkServiceHost host) => throw new NotSupportedException("not on a host");
        public IOsApiService GetOsApiService(INetworkServiceHost host) => throw new NotSupportedException("not on a host");

        public INetAgent GetNetAgent(IHostLink link)
        {
            Opening();
            return this;
        }

        public Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;
        public Task SetupComputeNetwork(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;
        public Task TeardownComputeNetwork(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;
        public string GetInterfaceXml(HostBinding binding) => "";

        public bool RequiresFileInjection(HostBinding binding)
        {
            Asked++;
            return false;
        }

        public HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere)
        {
            Asked++;
            Trouble?.Invoke();
            HostFragment right = _right.Translate(bindings, elsewhere);
            return right with
            {
                Bridges = [.. right.Bridges, .. Enumerable.Range(0, Extra).Select(i => new Bridge($"x{i}", 1500, null, []))],
            };
        }
    }
}
