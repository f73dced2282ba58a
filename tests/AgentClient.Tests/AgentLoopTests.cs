using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Agent.Host;
using NovaOrleans.Instances;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>The whole loop, from a record in the host's log to the report, on a host in memory.</summary>
public sealed class AgentLoopTests : IAsyncLifetime
{
    private static readonly ServicePath Service = ServicePath.Parse("test.one");
    private static readonly Bound A = new(1, Service, "br1");
    private static readonly Bound B = new(2, Service, "br1");
    private static readonly Bound C = new(3, Service, "br2");

    private readonly FakeHostGrain _grain = new();
    private readonly FakeHost _host = new();
    private readonly FakeGuests _guests;
    private AgentBench _agent;

    public AgentLoopTests()
    {
        _guests = new FakeGuests(_host);
        _agent = AgentBench.Start(_grain, _host, _guests);
    }

    public Task InitializeAsync() => Poll.Until(() => _grain.Renewals > 0, "the agent has a session");

    public async Task DisposeAsync() => await _agent.DisposeAsync();

    private async Task<ActualHost> Now() => await new HostObserver(_host, _guests).Observe(CancellationToken.None);

    private void Bind(Bound bound) => _grain.Bind(bound.Spec, bound.Binding);

    [Fact]
    public async Task Where_the_host_is_reached_is_told_and_net_agents_know_it()
    {
        Assert.Null(_grain.Hello!.Address);
        _host.Address = Ip4Address.Parse("192.0.2.1");
        await Poll.Until(() => _grain.Hello!.Address == "192.0.2.1", "the next renewal tells it");
        Assert.Equal(_host.Address, _agent.Get<HostLink>().Address);
    }

    [Fact]
    [Trait("seed", "S18"), Trait("seed", "S86"), Trait("seed", "S132")]
    public async Task A_binding_becomes_a_port_and_a_running_guest_and_is_told()
    {
        Bind(A);
        await _agent.UntilTold(A.Vnic, BindingOutcome.Applied);
        ActualHost now = await Now();
        Assert.Equal("br1", now.Links[A.Port].Master);
        Assert.Equal(GuestStatus.Running, now.Guests[A.Spec.Id.ToString()]);
    }

    /// <summary>The core leaves out what was reported before a VNIC's newest record: an instance would wait for it for ever.</summary>
    [Fact]
    public async Task The_same_result_is_told_again_of_a_newer_record()
    {
        Bind(A);
        await _agent.UntilTold(A.Vnic, BindingOutcome.Applied);
        Bind(A);
        await Poll.Until(
            () => _grain.Reports.Count(r => r.Revision == _grain.Head && r.Bindings.Any(b => b.Vnic == A.Vnic)) == 1,
            "the newer record has its result");
    }

    [Fact]
    [Trait("seed", "S133"), Trait("seed", "S134")]
    public async Task A_teardown_takes_it_all_away_and_is_told_once()
    {
        Bind(A);
        await _agent.UntilTold(A.Vnic, BindingOutcome.Applied);
        _grain.Teardown(A.Spec, A.Vnic, 1);
        await _agent.UntilTold(A.Vnic, BindingOutcome.TornDown);
        ActualHost now = await Now();
        Assert.Equal(["lo"], now.Links.Keys);
        Assert.Empty(now.Guests);
        Bind(C);
        await _agent.UntilTold(C.Vnic, BindingOutcome.Applied);
        Assert.Single(_grain.Reports.SelectMany(r => r.Bindings), r => r.Outcome == BindingOutcome.TornDown);
    }

    [Fact]
    [Trait("seed", "D7")]
    public async Task Lost_and_reordered_pushes_cost_latency_and_nothing_else()
    {
        // Of each two pushes the first is lost; the second comes twice, after it.
        _grain.Carry = r => r.Revision % 2 == 1 ? [] : [r, r];
        Bind(A);
        Bind(B);
        Bind(C);
        await _agent.UntilTold(A.Vnic, BindingOutcome.Applied);
        await _agent.UntilTold(B.Vnic, BindingOutcome.Applied);
        await _agent.UntilTold(C.Vnic, BindingOutcome.Applied);
        Assert.Equal(1, _grain.Epoch);
    }

    [Fact]
    public async Task An_agent_that_starts_again_touches_nothing()
    {
        Bind(A);
        await _agent.UntilTold(A.Vnic, BindingOutcome.Applied);
        await _agent.DisposeAsync();
        int steps = _host.StepsRun;
        int reports = _grain.Reports.Count;
        _agent = AgentBench.Start(_grain, _host, _guests);
        await Poll.Until(() => _grain.Reports.Count > reports, "the new agent has reported");
        Assert.Equal(2, _grain.Reports[^1].Epoch);
        Assert.Equal(BindingOutcome.Applied, _grain.Reports[^1].Bindings.Single().Outcome);
        Assert.Equal(steps, _host.StepsRun);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_host_that_was_fenced_comes_back_and_wipes_itself(bool firstAnswerIsLost)
    {
        _grain.LosesFirstAnswers = firstAnswerIsLost;
        Bind(A);
        await _agent.UntilTold(A.Vnic, BindingOutcome.Applied);
        long before = _grain.Epoch;
        _grain.FenceNow();
        await Poll.Until(
            async () => await Now() is { Links.Count: 1, Guests.IsEmpty: true }, "the host has nothing left");
        Assert.Equal(before + 2, _grain.Epoch);
        Assert.DoesNotContain(_grain.Reports, r => r.Bindings.Any(b => b.Outcome == BindingOutcome.TornDown));
    }

    [Fact]
    public async Task A_result_is_repeated_until_it_is_taken_and_the_connection_is_built_anew()
    {
        Bind(A);
        await _agent.UntilTold(A.Vnic, BindingOutcome.Applied);
        _grain.Unreachable = true;
        _host.DeleteLink(A.Port);
        await Poll.Until(() => _grain.Rebuilt > 0, "the connection was built anew", ReconnectPace.First * 4);
        Assert.Contains("br1", (await Now()).Links.Keys);
        _grain.Unreachable = false;
        Bind(B);
        await _agent.UntilTold(B.Vnic, BindingOutcome.Applied);
        Assert.Contains(A.Port, (await Now()).Links.Keys);
    }

    [Fact]
    public async Task A_guest_that_ends_by_itself_fails_and_its_network_goes()
    {
        Bind(A);
        await _agent.UntilTold(A.Vnic, BindingOutcome.Applied);
        _guests.Crash(A.Spec.Id);
        Bind(C);
        await _agent.UntilTold(A.Vnic, BindingOutcome.Failed);
        Assert.Contains("ended by itself", _grain.Told[A.Vnic].Fault, StringComparison.Ordinal);
        Assert.DoesNotContain(A.Port, (await Now()).Links.Keys);
        _grain.Teardown(A.Spec, A.Vnic, 1);
        await _agent.UntilTold(A.Vnic, BindingOutcome.TornDown);
        Assert.Equal([C.Spec.Id.ToString()], (await Now()).Guests.Keys);
    }

    [Fact]
    public async Task A_binding_that_cannot_be_is_told_with_its_reason_and_the_others_are_applied()
    {
        Bound bad = new(4, ServicePath.Parse("test.absent"), "br1");
        Bind(bad);
        Bind(A);
        await _agent.UntilTold(A.Vnic, BindingOutcome.Applied);
        await _agent.UntilTold(bad.Vnic, BindingOutcome.Failed);
        Assert.StartsWith("no such network service", _grain.Told[bad.Vnic].Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_spoilt_and_mended_is_counted_and_what_was_asked_for_is_not()
    {
        Bind(A);
        await _agent.UntilTold(A.Vnic, BindingOutcome.Applied);
        _host.DeleteLink(A.Port);
        Bind(C);
        await _agent.UntilTold(C.Vnic, BindingOutcome.Applied);
        Repairs repairs = _agent.Get<RepairWatch>().Now;
        Assert.Equal((1, A.Port), (repairs.Count, repairs.Recent.Single().What));
        Assert.Contains("nova_agent_repairs_total{phase=\"Ports\"} 1\n", _agent.Get<MetricsFile>().Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_is_printed_without_a_session_and_changes_nothing()
    {
        Bind(A);
        await _agent.UntilTold(A.Vnic, BindingOutcome.Applied);
        await _agent.DisposeAsync();
        (long epoch, int renewals, int steps) = (_grain.Epoch, _grain.Renewals, _host.StepsRun);
        Bind(C);
        await using IdleAgent idle = new(_grain, _host, _guests);
        StringWriter printed = new();
        await idle.Get<DryRun>().Plan(printed, CancellationToken.None);
        Assert.Contains("+ bridge br2 mtu 1500", printed.ToString(), StringComparison.Ordinal);
        Assert.Contains($"+ port {C.Port} on br2", printed.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("br1 mtu", printed.ToString(), StringComparison.Ordinal);
        Assert.Equal((epoch, renewals, steps), (_grain.Epoch, _grain.Renewals, _host.StepsRun));
    }

    [Fact]
    public async Task Drift_is_shown_as_a_table_and_left_alone()
    {
        Bind(A);
        await _agent.UntilTold(A.Vnic, BindingOutcome.Applied);
        await _agent.DisposeAsync();
        await using IdleAgent idle = new(_grain, _host, _guests);
        Assert.Contains("as desired", await FirstLook(idle), StringComparison.Ordinal);
        _host.DeleteLink(A.Port);
        (long epoch, int steps) = (_grain.Epoch, _host.StepsRun);
        string drift = await FirstLook(idle);
        Assert.Contains("1 difference\n", drift, StringComparison.Ordinal);
        Assert.Matches($"  what +wanted +found +since\n  {A.Port}  port {A.Port} on br1 .*  absent  [0-9:]{{8}}\n", drift);
        Assert.Equal((epoch, steps), (_grain.Epoch, _host.StepsRun));
    }

    private static async Task<string> FirstLook(IdleAgent agent)
    {
        using CancellationTokenSource stop = new();
        StringWriter output = new();
        Task observing = agent.Get<DryRun>().Observe(TextWriter.Synchronized(output), stop.Token);
        await Poll.Until(() => output.ToString().EndsWith('\n'), "it has looked once");
        await stop.CancelAsync();
        await observing;
        return output.ToString();
    }
}
