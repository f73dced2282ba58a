using NovaOrleans.Ec2;
using NovaOrleans.Networks;
using NovaOrleans.SecurityGroups;
using NovaOrleans.Tokens;

namespace NovaOrleans.Projects;

// How a project ends: its groups go, its networks are given back, and then it is forgotten.
public sealed partial class ProjectGrain
{
    public async Task<Outcome<IReadOnlyList<NetworkId>>> Scrub(string actor)
    {
        if (!(await Describe()).Try(out _, out Refusal? refusal))
        {
            return refusal;
        }

        ProjectId project = Id;
        if ((await Groups.Scrub(actor)).Refusal is { } used)
        {
            return used;
        }

        List<NetworkId> networks = await ledger.Read(s => ProjectRows.Networks(s, project));
        foreach (NetworkId network in networks)
        {
            Outcome taken = await GrainFactory.GetGrain<INetworkGrain>(network.Value).Disassociate(actor);
            if (taken.Refused)
            {
                return taken.Refusal;
            }
        }

        return Outcome.Of<IReadOnlyList<NetworkId>>(networks);
    }

    public async Task<Outcome> Delete(string actor)
    {
        if (state.State.CreatedAt is null)
        {
            return Outcome.Done;
        }

        ProjectId project = Id;
        _read = false;
        Outcome emptied = await ledger.Commit(async s =>
            ProjectRules.MayDelete(project, await ProjectRows.Belongings(s, project)) is { Refused: true } kept
                ? kept
                : await ProjectRows.Forget(s, project, actor));
        if (emptied.Refused)
        {
            return emptied;
        }

        await GrainFactory.GetGrain<IEc2KeyRingGrain>(project.Value).Clear(actor);
        foreach (Guid token in await ledger.Read(s => TokenRows.OfProject(s, project)))
        {
            await GrainFactory.GetGrain<ITokenGrain>(token).Revoke(actor);
        }

        // A project that takes the name later has nothing of this one's; without instances nothing keeps the groups.
        await Groups.Scrub(actor);
        // Off the list first: a project without a list entry can be deleted again, the reverse would be a name without a project.
        await GrainFactory.GetGrain<IProjectListGrain>(0).Remove(project);
        state.State = new ProjectState();
        await state.Keep(this);
        LogDeleted(project, actor);
        return Outcome.Done;
    }

    private ISecurityGroupsGrain Groups => GrainFactory.GetGrain<ISecurityGroupsGrain>(Id.Value);
}
