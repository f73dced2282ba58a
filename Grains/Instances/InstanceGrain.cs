using NovaOrleans.Hosts;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Vnics;

namespace NovaOrleans.Instances;

/// <summary>See <see cref="IInstanceGrain"/>. The saga is <see cref="Advance"/>: read it top to bottom.</summary>
public sealed partial class InstanceGrain(
    ILedger ledger, NetworkServiceManager services, ILogger<InstanceGrain> logger) : Grain, IInstanceGrain
{
    private InstanceState? _state;

    private InstanceId Id => new(this.GetPrimaryKey());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _state = await ledger.Read(s => InstanceRows.Load(s, Id));
        // While something is under way, try again every few seconds: a step's fault passes, a silo's death is caught up.
        this.RegisterGrainTimer(RetryUnsettled, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
    }

    public async Task<Outcome<InstanceView>> Create(CreateInstance command)
    {
        if (_state is not null)
        {
            return InstanceRules.Repeat(_state, command) is { } differs ? differs : _state.ToView();
        }

        // Before a host is looked for: a repeat has its first answer also when no host is live any more.
        if (await ledger.Read(s => InstanceRows.Before(s, Id, command)) is { } before)
        {
            return before;
        }

        Outcome<HostName> host = await GrainFactory.GetGrain<ISchedulerGrain>(0)
            .Choose(command.Service, command.Vnics.Count, command.Host);
        if (host.Refused)
        {
            return host.Refusal;
        }

        if (!(await Intend(command, host.Value)).Try(out InstanceState? intent, out Refusal? refusal) || intent.Row.Id != Id)
        {
            return refusal is null ? intent!.ToView() : refusal;
        }

        _state = intent;
        LogCreated(Id, host.Value, command.Vnics.Count);
        Outcome advanced = await Advance(callerWaits: true);
        return advanced.Refused ? advanced.Refusal : _state.ToView();
    }

    /// <summary>The intent, committed. Of two creates with one key on two silos, the later finds the earlier one's row.</summary>
    private async Task<Outcome<InstanceState>> Intend(CreateInstance command, HostName host)
    {
        try
        {
            return await ledger.Commit(s => InstanceRows.Insert(s, Id, command, host));
        }
        catch (LedgerConflictException e) when (e.Constraint == "instances_request")
        {
            return await ledger.Commit(s => InstanceRows.Insert(s, Id, command, host));
        }
        catch (OperatingFaultException)
        {
            // Perhaps it was committed: the next activation reads the row.
            DeactivateOnIdle();
            throw;
        }
    }

    public Task<Outcome<InstanceView>> Describe() => Task.FromResult<Outcome<InstanceView>>(
        _state is { } state ? state.ToView() : Refusal.NotFound(RefusalCode.InstanceNotFound, "instance", Id));

    public async Task<Outcome> Delete(ProjectId? project, string actor)
    {
        if (_state is null && await ledger.Read(s => InstanceRows.WasDeleted(s, Id, project)))
        {
            return Outcome.Done;
        }

        if (!InstanceRules.Delete(_state, Id, project).Try(out InstanceState? deleting, out Refusal? refusal))
        {
            return refusal;
        }

        if (_state!.Row.Status != InstanceStatus.Deleting)
        {
            await Save(deleting, actor, "instance deleting");
        }

        await Advance();
        return Outcome.Done;
    }

    public async Task<Outcome> HostReported(VnicId vnic, long generation, BindingOutcome outcome, string? fault)
    {
        if (_state is null)
        {
            return Outcome.Done;
        }

        if (outcome == BindingOutcome.TornDown)
        {
            // Before the association goes: while it is there, a crash here is caught up by the host's telling again.
            Outcome detached = await GrainFactory.GetGrain<IVnicGrain>(vnic.Value).Detach(Id, generation, "host");
            if (detached.Refused)
            {
                return detached;
            }
        }

        if (!InstanceRules.Reported(_state, vnic, generation, outcome, fault).Try(out InstanceState? changed, out Refusal? stale))
        {
            LogStale(Id, stale.Reason);
            return stale;
        }

        if (changed is not null)
        {
            await Save(changed, "host", $"{outcome}".ToLowerInvariant());
            await Advance();
        }

        return Outcome.Done;
    }

    /// <summary>Does the next step of the saga until nothing is left to do here. A refusal is the end of a create.</summary>
    private async Task<Outcome> Advance(bool callerWaits = false)
    {
        while (_state is not null)
        {
            switch (InstanceRules.Next(_state))
            {
                case InstanceRules.Step.Bind:
                    Outcome bound = await Bind(_state);
                    if (!bound.Refused)
                    {
                        return Outcome.Done;
                    }

                    LogUndone(Id, bound.Refusal.Reason);
                    await Save(
                        InstanceRules.CreateRefused(_state, bound.Refusal, callerWaits), "instance", "create refused");
                    await Advance();
                    return bound;
                case InstanceRules.Step.TearDown:
                    if (!await TearDown(_state))
                    {
                        return Outcome.Done;
                    }

                    break;
                case InstanceRules.Step.Finish:
                    await Finish(_state);
                    return Outcome.Done;
                default:
                    return Outcome.Done;
            }
        }

        return Outcome.Done;
    }

    private async Task<Outcome> Bind(InstanceState state)
    {
        Outcome<IOsService> service = services.OsService(state.Row.Service);
        if (service.Refused)
        {
            return service.Refusal;
        }

        IReadOnlyList<VnicId> vnics = [.. state.Nics.Select(n => n.Vnic)];
        Outcome plugged = await service.Value.BindVnicsToPorts(state.Row.Project, vnics);
        if (plugged.Refused)
        {
            return plugged;
        }

        var bindings = new List<HostBinding>(vnics.Count);
        foreach (InstanceState.Nic nic in state.Nics)
        {
            Outcome<HostBinding> attached = await GrainFactory.GetGrain<IVnicGrain>(nic.Vnic.Value).Attach(new AttachVnic(
                Id, state.Row.Project, state.Row.Name, state.Row.Host!.Value, nic.Index, "instance"));
            if (attached.Refused)
            {
                return attached.Refusal;
            }

            bindings.Add(attached.Value);
            state = state.With(nic with { Generation = attached.Value.Generation });
        }

        if (state != _state && state.Nics.Zip(_state!.Nics).Any(p => p.First != p.Second))
        {
            await Save(state, "instance", "VNICs attached");
        }

        Outcome<long> revision = await Host(state).Bind(new InstanceSpec(Id, state.Row.Name, state.Row.Project, vnics), bindings);
        return revision.Refused ? revision.Refusal : Outcome.Done;
    }

    /// <summary>True when the host has nothing of it (left): what it still has is reported when it is gone.</summary>
    private async Task<bool> TearDown(InstanceState state)
    {
        IReadOnlyList<VnicGeneration> attached =
            [.. state.Nics.Where(n => n.Generation > 0).Select(n => new VnicGeneration(n.Vnic, n.Generation))];
        Outcome<TeardownResult> asked = await Host(state).Teardown(Id, attached);
        if (asked.Refused)
        {
            throw new OperatingFaultException(asked.Refusal.Reason, mayRetry: true);
        }

        foreach (VnicGeneration gone in asked.Value.GoneAlready)
        {
            await GrainFactory.GetGrain<IVnicGrain>(gone.Vnic.Value).Detach(Id, gone.Generation, "instance");
            InstanceState.Nic nic = _state!.Nics.First(n => n.Vnic == gone.Vnic);
            await Save(_state.With(nic with { Generation = 0 }), "instance", "VNIC detached");
        }

        return asked.Value.GoneAlready.Count == attached.Count;
    }

    private async Task Finish(InstanceState state)
    {
        foreach (InstanceState.Nic nic in state.Nics)
        {
            await Free(nic);
        }

        await Save(
            state with { Row = state.Row with { Status = InstanceStatus.Deleted }, Nics = [] }, "instance",
            InstanceRules.IsUndone(state) ? "create undone" : "instance deleted");
        LogDeleted(Id);
        _state = null;
        DeactivateOnIdle();
    }

    /// <summary>
    /// No host was ever told of what is attached here still: a create that was cut off between a card's row and its own attached it.
    /// </summary>
    private async Task Free(InstanceState.Nic nic)
    {
        IVnicGrain card = GrainFactory.GetGrain<IVnicGrain>(nic.Vnic.Value);
        if ((await card.Describe()).Try(out VnicView? vnic, out _) && vnic.Instance == Id)
        {
            await card.Detach(Id, vnic.Generation, "instance");
        }

        if (nic.Owned && (await card.Delete(null, "instance")).Refusal is { } refusal)
        {
            throw new OperatingFaultException(refusal.Reason, mayRetry: true);
        }
    }

    private async Task RetryUnsettled(CancellationToken cancellation)
    {
        if (_state is null || InstanceRules.Next(_state) == InstanceRules.Step.Nothing)
        {
            return;
        }

        try
        {
            await Advance();
        }
        catch (Exception e) when (e is OperatingFaultException or TimeoutException or OrleansException)
        {
            LogWaiting(Id, e.Message);
        }
    }

    private IHostGrain Host(InstanceState state) => GrainFactory.GetGrain<IHostGrain>(state.Row.Host!.Value.Value);

    private async Task Save(InstanceState after, string actor, string what)
    {
        InstanceState before = _state!;
        try
        {
            Outcome<bool> saved = await ledger.Commit(async session =>
            {
                if (!await InstanceRows.Save(session, before, after))
                {
                    return (Outcome<bool>)new Refusal(RefusalCode.Stale, $"Instance {Id} was changed elsewhere.", Id.ToString());
                }

                await HistoryRows.Append(session, actor, what, why: $"{Id} {after.Row.Fault}".TrimEnd());
                return true;
            });
            if (saved.Refused)
            {
                throw new OperatingFaultException(saved.Refusal.Reason, mayRetry: true);
            }
        }
        catch (OperatingFaultException)
        {
            // Written elsewhere, or perhaps here after all: the next activation reads the rows, and goes on from them.
            DeactivateOnIdle();
            throw;
        }

        _state = after with { Row = after.Row with { Version = before.Row.Version + 1 } };
        LogChanged(Id, what, after.Row.Status);
    }
}
