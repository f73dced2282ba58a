namespace NovaOrleans.Instances;

// Which groups the instance is in: rows of its own, which its host reads again when it is told.
public sealed partial class InstanceGrain
{
    public Task<Outcome> AddSecurityGroup(ProjectId? project, SecurityGroupId group, string actor) => ChangeGroups(
        project, actor, $"in group {group}",
        (session, row) => InstanceGroupRows.Add(session, row.Id, row.Project, group));

    public Task<Outcome> RemoveSecurityGroup(ProjectId? project, SecurityGroupId group, string actor) => ChangeGroups(
        project, actor, $"out of group {group}", (session, row) => InstanceGroupRows.Leave(session, row.Id, group));

    private async Task<Outcome> ChangeGroups(
        ProjectId? project, string actor, string what, Func<LedgerSession, InstanceRows.Row, Task<Refusal?>> change)
    {
        if (!InstanceRules.Regroup(await Known(), Id, project).Try(out InstanceState? state, out Refusal? refusal))
        {
            return refusal;
        }

        Outcome done = await ledger.Commit(async session =>
        {
            if (await change(session, state.Row) is { } refused)
            {
                return refused;
            }

            await HistoryRows.Append(session, actor, "instance regrouped", why: $"{state.Row.Id} {what}");
            return Outcome.Done;
        });
        if (!done.Refused)
        {
            LogChanged(Id, what, state.Row.Status);
            await hints.InstanceChanged(Id);
        }

        return done;
    }
}
