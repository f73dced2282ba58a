using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;
using static NovaOrleans.Instances.InstanceRules;

namespace NovaOrleans.Instances;

/// <summary>How an instance's life goes on.</summary>
public class InstanceRulesTests
{
    private static readonly ProjectId Blue = ProjectId.Parse("blue");

    [Theory]
    [InlineData(InstanceStatus.Building, 0, null, Step.Bind)]
    [InlineData(InstanceStatus.Building, 1, null, Step.Bind)]
    [InlineData(InstanceStatus.Building, 1, BindingOutcome.Applied, Step.Nothing)]
    [InlineData(InstanceStatus.Active, 1, BindingOutcome.Applied, Step.Nothing)]
    [InlineData(InstanceStatus.Error, 1, BindingOutcome.Failed, Step.Nothing)]
    [InlineData(InstanceStatus.Deleting, 1, null, Step.TearDown)]
    [InlineData(InstanceStatus.Deleting, 1, BindingOutcome.Applied, Step.TearDown)]
    [InlineData(InstanceStatus.Deleting, 0, null, Step.Finish)]
    [InlineData(InstanceStatus.Deleting, 0, BindingOutcome.TornDown, Step.Finish)]
    public void The_next_step_follows_from_status_and_NICs(
        InstanceStatus status, long generation, BindingOutcome? outcome, Step step) =>
        Assert.Equal(step, Next(State(status, Nic(generation, outcome))));

    [Theory]
    [InlineData(InstanceStatus.Building, BindingOutcome.Applied, InstanceStatus.Active)]
    [InlineData(InstanceStatus.Building, BindingOutcome.Failed, InstanceStatus.Error)]
    [InlineData(InstanceStatus.Building, BindingOutcome.TornDown, InstanceStatus.Error)]
    [InlineData(InstanceStatus.Active, BindingOutcome.Failed, InstanceStatus.Error)]
    [InlineData(InstanceStatus.Active, BindingOutcome.TornDown, InstanceStatus.Error)]
    [InlineData(InstanceStatus.Error, BindingOutcome.Applied, InstanceStatus.Active)]
    [InlineData(InstanceStatus.Error, BindingOutcome.TornDown, InstanceStatus.Error)]
    [InlineData(InstanceStatus.Deleting, BindingOutcome.Applied, InstanceStatus.Deleting)]
    [InlineData(InstanceStatus.Deleting, BindingOutcome.Failed, InstanceStatus.Deleting)]
    [InlineData(InstanceStatus.Deleting, BindingOutcome.TornDown, InstanceStatus.Deleting)]
    public void A_report_of_the_only_NIC_decides_the_status(
        InstanceStatus before, BindingOutcome outcome, InstanceStatus after)
    {
        InstanceState.Nic nic = Nic(1, null);
        InstanceState state = Reported(State(before, nic), nic.Vnic, 1, outcome, null).Value!;
        Assert.Equal(after, state.Row.Status);
        Assert.Equal(outcome != BindingOutcome.TornDown, state.Nics.Any(n => n.Outcome == outcome));
        Assert.Equal(after == InstanceStatus.Error, state.Row.Fault is not null);
    }

    [Fact]
    public void It_is_active_when_all_NICs_are_applied_and_not_before()
    {
        InstanceState.Nic a = Nic(1, null), b = Nic(1, null);
        InstanceState one = Reported(State(InstanceStatus.Building, a, b), a.Vnic, 1, BindingOutcome.Applied, null).Value!;
        Assert.Equal(InstanceStatus.Building, one.Row.Status);
        Assert.Equal(InstanceStatus.Active, Reported(one, b.Vnic, 1, BindingOutcome.Applied, null).Value!.Row.Status);
    }

    [Fact]
    public void The_same_report_again_and_one_of_an_unknown_VNIC_change_nothing_and_an_old_generation_is_stale()
    {
        InstanceState.Nic nic = Nic(2, BindingOutcome.Applied);
        InstanceState state = State(InstanceStatus.Active, nic);
        Assert.Null(Reported(state, nic.Vnic, 2, BindingOutcome.Applied, null).Value);
        Assert.Null(Reported(state, VnicId.New(), 2, BindingOutcome.TornDown, null).Value);
        Assert.Equal(RefusalCode.Stale, Reported(state, nic.Vnic, 1, BindingOutcome.TornDown, null).Refusal!.Code);
    }

    [Fact]
    public void A_VNIC_made_for_the_instance_stays_its_own_after_a_fence_and_others_are_free()
    {
        InstanceState.Nic given = Nic(1, BindingOutcome.Applied), own = Nic(1, BindingOutcome.Applied) with { Owned = true };
        InstanceState state = State(InstanceStatus.Active, given, own);
        state = Reported(state, given.Vnic, 1, BindingOutcome.TornDown, "fenced").Value!;
        state = Reported(state, own.Vnic, 1, BindingOutcome.TornDown, "fenced").Value!;
        Assert.Equal((InstanceStatus.Error, "fenced"), (state.Row.Status, state.Row.Fault));
        Assert.Equal([own with { Generation = 0, Outcome = BindingOutcome.TornDown }], state.Nics);
        Assert.Equal(Step.Finish, Next(Delete(state, state.Row.Id, Blue).Value));
    }

    [Fact]
    public void A_refused_create_is_undone_while_nobody_relies_on_it_and_an_error_afterwards()
    {
        var why = new Refusal(RefusalCode.NoHostAvailable, "no host");
        InstanceState attached = State(InstanceStatus.Building, Nic(1, null)), bare = State(InstanceStatus.Building, Nic(0, null));
        Assert.True(IsUndone(CreateRefused(attached, why, callerWaits: true)));
        Assert.True(IsUndone(CreateRefused(bare, why, callerWaits: false)));
        InstanceState failed = CreateRefused(attached, why, callerWaits: false);
        Assert.Equal((InstanceStatus.Error, "no host", false), (failed.Row.Status, failed.Row.Fault, IsUndone(failed)));
        Assert.False(IsUndone(Delete(failed, failed.Row.Id, null).Value));
    }

    [Fact]
    public void A_delete_is_its_projects_or_an_admins()
    {
        InstanceState state = State(InstanceStatus.Active, Nic(1, BindingOutcome.Applied));
        Assert.Equal(InstanceStatus.Deleting, Delete(state, state.Row.Id, Blue).Value.Row.Status);
        Assert.Equal(InstanceStatus.Deleting, Delete(state, state.Row.Id, null).Value.Row.Status);
        Assert.Equal(RefusalCode.InstanceNotFound, Delete(state, state.Row.Id, ProjectId.Parse("red")).Refusal!.Code);
        Assert.Equal(RefusalCode.InstanceNotFound, Delete(null, state.Row.Id, Blue).Refusal!.Code);
    }

    private static InstanceState.Nic Nic(long generation, BindingOutcome? outcome) =>
        new(VnicId.New(), 0, false, generation, outcome);

    private static InstanceState State(InstanceStatus status, params InstanceState.Nic[] nics) => new(
        new InstanceRows.Row(
            1, InstanceId.New(), Blue, ServicePath.Parse("test.net.flat"), "vm", status, HostName.Parse("node1"),
            status == InstanceStatus.Error ? "before" : null, null, null, "{}", null, 1, default, null),
        nics);
}
