using NovaOrleans.Instances;
using NovaOrleans.NetworkServices;
using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Hosts;

/// <summary>What becomes of a host's log.</summary>
public class HostRulesTests
{
    private static readonly HostState Empty = new(HostName.Parse("node1"), 1, 0, 0, false, null, 1);
    private static readonly InstanceSpec Vm = new(InstanceId.New(), "vm", ProjectId.Parse("blue"), []);
    private static readonly VnicId A = VnicId.New(), B = VnicId.New();

    [Fact]
    public void A_bind_appends_a_revision_for_each_and_a_repeat_appends_none()
    {
        HostState bound = Bind(Empty, (A, 1), (B, 1));
        Assert.Equal([1, 2], bound.Records(-1).Select(r => r.Revision));
        Assert.Same(bound, Bind(bound, (A, 1), (B, 1)));
        Assert.Equal(3, Bind(bound, (A, 2)).Revision);
    }

    [Fact]
    public void An_older_generation_and_one_that_was_torn_down_are_not_bound_again()
    {
        HostState bound = Bind(Empty, (A, 2));
        Assert.Equal(RefusalCode.Stale, TryBind(bound, (A, 1)).Refusal!.Code);
        HostState down = Report(Teardown(bound, (A, 2)).State, (A, 2, BindingOutcome.TornDown)).State;
        Assert.Equal(RefusalCode.Stale, TryBind(down, (A, 2)).Refusal!.Code);
        Assert.Equal(3, Bind(down, (A, 3)).Revision);
        HostState returned = HostRules.Fence(bound) with { Fenced = false };
        Assert.Equal(RefusalCode.Stale, TryBind(returned, (A, 2)).Refusal!.Code);
        Assert.Equal(RefusalCode.NoHostAvailable, TryBind(HostRules.Fence(Empty), (A, 1)).Refusal!.Code);
    }

    [Fact]
    public void A_teardown_replaces_the_bind_once_and_names_what_is_gone_already()
    {
        HostState bound = Bind(Empty, (A, 2));
        (HostState torn, IReadOnlyList<VnicGeneration> gone) = Teardown(bound, (A, 2), (B, 1));
        Assert.Equal([new VnicGeneration(B, 1)], gone);
        Assert.Equal(new TeardownRecord(2, Vm.Id, A, 2), Assert.Single(torn.Records(-1)));
        Assert.Same(torn, Teardown(torn, (A, 2)).State);
        Assert.Equal([new VnicGeneration(A, 1)], Teardown(bound, (A, 1)).Gone);
        Assert.Single(HostRules.Teardown(bound, InstanceId.New(), [new VnicGeneration(A, 2)]).Gone);
        HostState down = Report(torn, (A, 2, BindingOutcome.TornDown)).State;
        Assert.Equal([new VnicGeneration(A, 2)], Teardown(down, (A, 2)).Gone);
    }

    [Theory]
    [InlineData(1L, BindingOutcome.Applied, 1)]
    [InlineData(3L, BindingOutcome.Applied, 1)]
    [InlineData(2L, BindingOutcome.TornDown, 1)]
    [InlineData(2L, BindingOutcome.Applied, 0)]
    [InlineData(2L, BindingOutcome.Failed, 0)]
    public void A_report_counts_for_its_generation_and_for_what_was_asked(long generation, BindingOutcome outcome, int ignored)
    {
        HostState bound = Bind(Empty, (A, 2));
        (HostState state, int count) = Report(bound, (A, generation, outcome));
        Assert.Equal((ignored, ignored == 0 ? outcome : null), (count, state.Entries[A].Outcome));
    }

    [Fact]
    public void A_teardown_is_not_answered_by_applied_and_what_is_unknown_or_over_is_ignored()
    {
        HostState torn = Teardown(Bind(Empty, (A, 1)), (A, 1)).State;
        Assert.Equal(1, Report(torn, (A, 1, BindingOutcome.Applied)).Ignored);
        Assert.Equal(1, Report(torn, (B, 1, BindingOutcome.TornDown)).Ignored);
        HostState down = Report(torn, (A, 1, BindingOutcome.TornDown)).State;
        Assert.Equal(1, Report(down, (A, 1, BindingOutcome.TornDown)).Ignored);
        Assert.Equal(2, HostRules.Report(torn, new HostReport(1, 99, [])).State.ReportedRevision);
    }

    [Fact]
    public void A_fence_raises_the_epoch_and_lets_everything_go()
    {
        HostState fenced = HostRules.Fence(Teardown(Bind(Empty, (A, 1), (B, 1)), (B, 1)).State);
        Assert.Equal((2L, true), (fenced.Epoch, fenced.Fenced));
        Assert.Empty(fenced.Records(-1));
        Assert.All(fenced.Entries.Values, e => Assert.Equal((BindingOutcome.TornDown, false), (e.Outcome, e.Told)));
    }

    [Fact]
    public void What_was_told_is_over_unless_it_changed_meanwhile()
    {
        HostState applied = Report(Bind(Empty, (A, 1), (B, 1)), (A, 1, BindingOutcome.Applied), (B, 1, BindingOutcome.Applied)).State;
        HostState fenced = HostRules.Fence(applied);
        Assert.All(HostRules.Told(applied, [.. applied.Entries.Values]).Entries.Values, e => Assert.True(e.Told));
        Assert.Equal(fenced, HostRules.Told(fenced, [.. applied.Entries.Values]));
        Assert.Empty(HostRules.Told(fenced, [.. fenced.Entries.Values]).Entries);
    }

    [Fact]
    public void Who_binds_again_what_was_told_already_is_told_again()
    {
        HostState applied = Report(Bind(Empty, (A, 1)), (A, 1, BindingOutcome.Applied)).State;
        HostState told = HostRules.Told(applied, [.. applied.Entries.Values]);
        HostState again = Bind(told, (A, 1));
        Assert.Equal(
            (told.Revision, BindingOutcome.Applied, false), (again.Revision, again.Entries[A].Outcome, again.Entries[A].Told));
    }

    [Fact]
    public void What_was_said_before_the_newest_record_was_taken_is_ignored()
    {
        HostState torn = Teardown(Bind(Empty, (A, 1)), (A, 1)).State;
        foreach (BindingOutcome outcome in Enum.GetValues<BindingOutcome>())
        {
            (HostState state, int ignored) = HostRules.Report(torn, new HostReport(1, 1, [new BindingReport(A, 1, outcome)]));
            Assert.Equal((1, (BindingOutcome?)null), (ignored, state.Entries[A].Outcome));
        }
    }

    /// <summary>
    /// Whatever happens in whatever order: revisions are unique and rise, and an agent that began with a snapshot at any point and
    /// renews now and then has after a renewal what a snapshot would give. <c>NOVA_SEED</c> repeats a run.
    /// </summary>
    [Fact]
    public void A_snapshot_and_the_records_since_are_the_same_as_a_snapshot_now()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("NOVA_SEED"), out int given) ? given : Random.Shared.Next();
        var random = new Random(seed);
        VnicId[] vnics = [.. Enumerable.Range(0, 6).Select(_ => VnicId.New())];
        var generations = vnics.ToDictionary(v => v, _ => 0L);
        HostState state = Empty, kept = Empty;
        var agent = new Agent(state);
        int renewals = 0;
        for (int step = 0; step < 5000; step++)
        {
            HostState before = state;
            state = Step(state, vnics[random.Next(vnics.Length)], generations, agent.Since, random);
            Assert.True(state.Revision >= before.Revision, $"NOVA_SEED={seed} step {step}: the revision fell");
            long[] revisions = [.. state.Entries.Values.Select(e => e.Record.Revision)];
            Assert.True(
                revisions.Distinct().Count() == revisions.Length && revisions.All(r => r <= state.Revision),
                $"NOVA_SEED={seed} step {step}: revisions {string.Join(' ', revisions)} of {state.Revision}");
            Assert.True(
                Differing(kept, state).IsSubsetOf(state.Unsaved) && state.Untold.SetEquals(WithNews(state)),
                $"NOVA_SEED={seed} step {step}: the state forgot what is to be saved or told");
            if (random.Next(5) == 0)
            {
                state = kept = state.Saved(kept.Version + 1);
            }

            if (random.Next(50) == 0)
            {
                // The host died, was fenced and returned, or only its agent was started again: a new session either way.
                state = random.Next(2) == 0 ? HostRules.Fence(state) with { Fenced = false } : state;
                agent = new Agent(state);
            }
            else if (random.Next(3) == 0)
            {
                agent.Renew(state);
                renewals++;
                Assert.True(
                    agent.Has.SetEquals(Bound(state)), $"NOVA_SEED={seed} step {step}: the agent has what it should not, or lacks some");
            }
        }

        Assert.InRange(renewals, 1000, 5000);
    }

    private static HostState Step(
        HostState state, VnicId vnic, Dictionary<VnicId, long> generations, long agentTook, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                if (!state.Entries.ContainsKey(vnic))
                {
                    generations[vnic]++;
                }

                return TryBind(state, (vnic, generations[vnic])).Try(out HostState? bound, out _) ? bound : state;
            case 1:
                return Teardown(state, (vnic, generations[vnic] - random.Next(2))).State;
            case 2:
                var result = new BindingReport(vnic, generations[vnic] - random.Next(2), (BindingOutcome)random.Next(3));
                return HostRules.Report(state, new HostReport(1, agentTook, [result])).State;
            default:
                return HostRules.Told(state, [.. state.Entries.Values.Where(e => e.Outcome is not null && random.Next(2) == 0)]);
        }
    }

    private static HashSet<VnicId> Differing(HostState a, HostState b) =>
        [.. a.Entries.Keys.Union(b.Entries.Keys).Where(v => a.Entries.GetValueOrDefault(v) != b.Entries.GetValueOrDefault(v))];

    private static IEnumerable<VnicId> WithNews(HostState state) =>
        state.Entries.Values.Where(e => e.Outcome is not null && !e.Told).Select(e => e.Vnic);

    private static IEnumerable<(VnicId, long)> Bound(HostState state) =>
        state.Records(-1).OfType<BindRecord>().Select(b => (b.Binding.Vnic, b.Binding.Generation));

    /// <summary>What one agent has that renews now and then.</summary>
    private sealed class Agent(HostState snapshot)
    {
        public long Since { get; private set; } = snapshot.Revision;

        public HashSet<(VnicId Vnic, long Generation)> Has { get; } = [.. Bound(snapshot)];

        public void Renew(HostState state)
        {
            foreach (HostRecord record in state.Records(Since))
            {
                VnicId vnic = record is BindRecord b ? b.Binding.Vnic : ((TeardownRecord)record).Vnic;
                Has.RemoveWhere(h => h.Vnic == vnic);
                if (record is BindRecord bind)
                {
                    Has.Add((bind.Binding.Vnic, bind.Binding.Generation));
                }
            }

            Since = state.Revision;
        }
    }

    private static HostState Bind(HostState state, params (VnicId Vnic, long Generation)[] bindings) =>
        TryBind(state, bindings).Value;

    private static Outcome<HostState> TryBind(HostState state, params (VnicId Vnic, long Generation)[] bindings) =>
        HostRules.Bind(state, Vm, [.. bindings.Select(b => new HostBinding(
            b.Vnic, Vm.Id, 0, b.Generation, ServicePath.Parse("test.net.flat"), Vm.Project, "vm", null,
            new NetworkInfo(MacAddress.Parse("02:00:00:00:00:01"))))]);

    private static (HostState State, IReadOnlyList<VnicGeneration> Gone) Teardown(
        HostState state, params (VnicId Vnic, long Generation)[] vnics) =>
        HostRules.Teardown(state, Vm.Id, [.. vnics.Select(v => new VnicGeneration(v.Vnic, v.Generation))]);

    private static (HostState State, int Ignored) Report(
        HostState state, params (VnicId Vnic, long Generation, BindingOutcome Outcome)[] results) =>
        HostRules.Report(state, new HostReport(
            1, state.Revision, [.. results.Select(r => new BindingReport(r.Vnic, r.Generation, r.Outcome))]));
}
