using NovaOrleans.Projects;

namespace NovaOrleans.Networks;

/// <summary>See <see cref="INetworkRangeGrain"/>. One turn at a time, so that what it read is still so when it writes.</summary>
public sealed partial class NetworkRangeGrain(ILedger ledger, QuotaDefaults quotas, ILogger<NetworkRangeGrain> logger)
    : Grain, INetworkRangeGrain
{
    private ServicePath _service;
    private long _epoch;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _service = ServicePath.Parse(this.GetPrimaryKeyString());
        _epoch = (await ledger.Commit(async s => (Outcome<long>)await NetworkRangeRows.RaiseEpoch(s, _service))).Value;
    }

    public async Task<Outcome<IReadOnlyList<NetworkView>>> Create(CreateNetworks command)
    {
        Outcome<IReadOnlyList<NetworkView>> outcome;
        try
        {
            outcome = await ledger.Commit(s => CreateIn(s, command));
        }
        catch (LedgerConflictException e) when (e.Constraint == "networks_uuid_key")
        {
            outcome = new Refusal(RefusalCode.Conflict, "Another network has, or had, the id that was given.", Field: "uuid");
        }

        if (outcome.Refusal is { Code: RefusalCode.Stale })
        {
            DeactivateOnIdle();
            throw new OperatingFaultException($"A newer activation creates the networks of {_service}.", mayRetry: true);
        }

        if (outcome.Refused)
        {
            LogRefused(_service, outcome.Refusal.Reason);
        }
        else
        {
            LogCreated(_service, outcome.Value.Count, outcome.Value[0].Label);
        }

        return outcome;
    }

    public async Task<Outcome<NetworkId>> NetworkFor(ProjectId project, bool takeFree, bool shared)
    {
        IReadOnlyList<NetworkRangeRows.Candidate> candidates =
            await ledger.Read(s => NetworkRangeRows.Candidates(s, _service, project));
        if (candidates.FirstOrDefault(c => c.Project == project) is { } own)
        {
            return own.Id;
        }

        foreach (NetworkRangeRows.Candidate free in candidates)
        {
            if (!takeFree)
            {
                return shared ? free.Id : NoneFor(project);
            }

            // Another project may have taken it through the network's own grain since it was read.
            if (!(await GrainFactory.GetGrain<INetworkGrain>(free.Id.Value).Associate(project, project.Value)).Refused)
            {
                LogTaken(_service, free.Id, project);
                return free.Id;
            }
        }

        return NoneFor(project);
    }

    private async Task<Outcome<IReadOnlyList<NetworkView>>> CreateIn(LedgerSession session, CreateNetworks command)
    {
        if (!await NetworkRangeRows.HoldsEpoch(session, _service, _epoch))
        {
            return new Refusal(RefusalCode.Stale, "A newer activation has this range.");
        }

        ProjectId? project = command.Networks[0].Project;
        if (command.Key is { } key && await NetworkRangeRows.Repeated(session, _service, project, key) is { } first)
        {
            return first;
        }

        if (command.HeldToQuota && project is { } owner
            && await QuotaRows.Networks(session, owner, quotas, command.Networks.Count) is { } over)
        {
            return over;
        }

        NetworkRangeState state = await NetworkRangeRows.Load(session, _service);
        if (!NetworkRangeRules.Create(state, command).Try(out IReadOnlyList<NewNetwork>? networks, out Refusal? refusal))
        {
            return refusal;
        }

        var views = new List<NetworkView>(networks.Count);
        foreach (NewNetwork network in networks)
        {
            await NetworkRangeRows.Insert(session, command, network);
            views.Add((await NetworkRows.Load(session, network.Id.Value))!);
        }

        return views;
    }

    private Refusal NoneFor(ProjectId project) => new(
        RefusalCode.NoMoreNetworks,
        $"Project {project} has no {_service.ShortName} network and none is free for it: create one first.",
        project.Value);
}
