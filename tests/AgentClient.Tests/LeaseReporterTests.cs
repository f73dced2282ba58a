using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Agent.Host;
using NovaOrleans.Agent.Leases;
using NovaOrleans.Hosts;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>From lease files to the host's grain: what is told, once, and again where it was not taken.</summary>
public sealed class LeaseReporterTests : IAsyncLifetime
{
    private static readonly ServicePath Service = ServicePath.Parse("test.one");
    private static readonly Bound A = new(1, Service, "br1");
    private static readonly Bound B = new(2, Service, "br1");

    private readonly FakeHostGrain _grain = new();
    private readonly Leases _leases = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly IdleAgent _agent;
    private Task _listening = Task.CompletedTask;

    public LeaseReporterTests()
    {
        FakeHost host = new();
        _agent = new IdleAgent(_grain, host, new FakeGuests(host), _leases);
    }

    private LeaseReporter Reporter => _agent.Get<LeaseReporter>();

    public async Task InitializeAsync()
    {
        _grain.Bind(A.Spec, A.Binding);
        _grain.Bind(B.Spec, B.Binding);
        _listening = _agent.Get<AssignmentIntake>().Listen(_stop.Token);
        await Poll.Until(() => _agent.Get<AssignmentIntake>().Newest is not null, "the agent has its snapshot");
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _agent.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task What_changed_is_told_once_and_the_first_report_is_whole()
    {
        Assert.True(await Look());
        Assert.Equal([(true, 0)], Told());
        _leases.Give(A, minutes: 10);
        Assert.True(await Look());
        Assert.True(await Look());
        Assert.Equal([(true, 0), (false, 1)], Told());
        Assert.InRange(Held(A)!.SecondsLeft!.Value, 500, 600);

        _leases.Give(A, minutes: 20);
        _leases.Give(B, minutes: 10);
        Assert.True(await Look());
        Assert.Equal((false, 2), Told()[^1]);
        _leases.Take(A);
        Assert.True(await Look());
        Assert.Equal((null, 1L), (Held(A), Held(B)!.Generation));
    }

    [Fact]
    public async Task A_lease_of_another_card_or_address_is_no_lease_of_a_vnic()
    {
        _leases.Add(new DhcpLease(MacAddress.Parse("02:00:00:00:00:99"), Ip4Address.Parse("10.0.0.1"), DateTimeOffset.MaxValue));
        _leases.Add(new DhcpLease(A.Binding.Info.MacAddress, Ip4Address.Parse("10.9.9.9"), DateTimeOffset.MaxValue));
        Assert.True(await Look());
        Assert.Empty(_grain.Leases);
    }

    [Fact]
    public async Task What_the_core_did_not_hear_is_told_again_and_all_of_it_in_a_new_session()
    {
        _leases.Give(A, minutes: 10);
        _grain.Unreachable = true;
        Assert.False(await Look());
        _grain.Unreachable = false;
        Assert.True(await Look());
        Assert.NotNull(Held(A));

        long before = _grain.Epoch;
        await _grain.OpenSession(new HostHello("x", "x", new Dictionary<string, string>()));
        await Poll.Until(() => _agent.Get<AssignmentIntake>().Newest!.Epoch > before + 1, "the agent has a session again");
        Assert.True(await Look());
        Assert.Equal((true, 1), Told()[^1]);
    }

    private Task<bool> Look() => Reporter.Look(CancellationToken.None);

    private (bool Whole, int Leases)[] Told() => [.. _grain.LeaseReports.Select(r => (r.IsWhole, r.Leases.Count))];

    private LeaseReport? Held(Bound bound) =>
        _grain.Leases.GetValueOrDefault((bound.Vnic, bound.Binding.Info.IpAddress!.Value));

    private sealed class Leases : ILeaseSource
    {
        private List<DhcpLease> _now = [];

        public void Add(DhcpLease lease) => _now = [.. _now, lease];

        public void Give(Bound bound, int minutes)
        {
            Take(bound);
            DateTimeOffset until = TimeProvider.System.GetUtcNow().AddMinutes(minutes);
            Add(new DhcpLease(bound.Binding.Info.MacAddress, bound.Binding.Info.IpAddress!.Value, until));
        }

        public void Take(Bound bound) => _now = [.. _now.Where(l => l.Mac != bound.Binding.Info.MacAddress)];

        public IReadOnlyList<DhcpLease> Read() => _now;
    }
}
