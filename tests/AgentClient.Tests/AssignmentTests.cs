using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Agent.Host;
using NovaOrleans.Hosts;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>Records folded into what the host is to be.</summary>
public sealed class AssignmentTests
{
    private static readonly ServicePath Service = ServicePath.Parse("test.one");
    private static readonly Bound A = new(1, Service, "br1");
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly Bound B = new(2, Service, "br1");

    private static HostAssignment Fold(HostAssignment from, bool snapshot, params HostRecord[] records) =>
        from.With(1, new HostRecords(records.Length == 0 ? from.Revision : records[^1].Revision, snapshot, records));

    private static BindRecord Bind(long revision, Bound b) => new(revision, b.Spec, b.Binding);

    private static TeardownRecord Teardown(long revision, Bound b) => new(revision, b.Spec.Id, b.Vnic, b.Generation);

    [Fact]
    public async Task News_after_a_quiet_while_is_taken_at_once()
    {
        FakeHostGrain grain = new();
        await using IdleAgent agent = new(grain, new FakeHost(), new NoneDriver());
        AssignmentIntake intake = agent.Get<AssignmentIntake>();
        using CancellationTokenSource stop = new();
        Task listening = intake.Listen(stop.Token);
        for (int i = 0; i < 3; i++)
        {
            await intake.Take(TimeSpan.FromMilliseconds(1), stop.Token).WaitAsync(Limit);
        }

        await intake.Take(TimeSpan.FromMilliseconds(50), stop.Token).WaitAsync(Limit);
        grain.Bind(A.Spec, A.Binding);
        HostAssignment taken = await intake.Take(TimeSpan.FromHours(1), stop.Token).WaitAsync(Limit);
        Assert.Equal([A.Vnic], taken.Wanted.Select(w => w.Binding.Vnic));
        await stop.CancelAsync();
        await listening.WaitAsync(Limit);
    }

    [Fact]
    public void A_snapshot_replaces_everything()
    {
        HostAssignment had = Fold(new(1, 0), snapshot: true, Bind(1, A), Bind(2, B));
        HostAssignment now = Fold(had, snapshot: true, Bind(2, B));
        Assert.Equal([B.Vnic], now.Wanted.Select(w => w.Binding.Vnic));
        Assert.Empty(Fold(now, snapshot: true).Wanted);
    }

    [Fact]
    public void A_teardown_takes_the_instance_with_its_first_nic()
    {
        Bound second = B with { };
        HostAssignment had = Fold(new(1, 0), true, Bind(1, A), new BindRecord(2, A.Spec, second.Binding with { Instance = A.Spec.Id }));
        HostAssignment now = Fold(had, false, Teardown(3, A));
        Assert.Empty(now.Wanted);
        Assert.Contains(A.Vnic, now.Leaving.Keys);
        // Taken or not, the instance does not come back while a NIC of it is known.
        Assert.Empty(now.WithoutLeaving(A.Vnic, A.Generation).Wanted);
    }

    [Fact]
    [Trait("seed", "D7")]
    public void An_older_generation_changes_nothing()
    {
        Bound newer = A with { Generation = 3 };
        HostAssignment had = Fold(new(1, 0), true, Bind(1, newer));
        HostAssignment now = Fold(had, false, Teardown(2, A), Bind(3, A));
        Assert.Equal(3, now.Wanted.Single().Binding.Generation);
        Assert.Empty(now.Leaving);
        Assert.Equal(3, now.Revision);
    }

    [Fact]
    public void A_vnic_that_comes_back_is_wanted_again()
    {
        HostAssignment gone = Fold(Fold(new(1, 0), true, Bind(1, A)), false, Teardown(2, A));
        Bound again = B with { Generation = 2 };
        HostAssignment now = Fold(gone, false, new BindRecord(3, again.Spec, again.Binding with { Vnic = A.Vnic }));
        Assert.Equal([A.Vnic], now.Wanted.Select(w => w.Binding.Vnic));
        Assert.Empty(now.Leaving);
    }
}
