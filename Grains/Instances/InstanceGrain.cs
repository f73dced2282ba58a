using NovaOrleans.Hosts;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Vnics;

namespace NovaOrleans.Instances;

/// <summary>See <see cref="IInstanceGrain"/>. Its saga is in InstanceGrain.Saga.cs.</summary>
public sealed partial class InstanceGrain(
    ILedger ledger, NetworkServiceManager services, HostHints hints, ILogger<InstanceGrain> logger) : Grain, IInstanceGrain
{
    private static readonly TimeSpan s_retrySoon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_retryPace = TimeSpan.FromSeconds(5);

    private IGrainTimer _retrying = null!;

    /// <summary>While something is under way, it is tried again: a step's fault passes, a silo's death is caught up.</summary>
    private InstanceState? State
    {
        get;
        set
        {
            field = value;
            // And only then: ten thousand that are settled would tick two thousand times a second.
            bool settled = value is null || InstanceRules.Next(value) == InstanceRules.Step.Nothing;
            _retrying.Change(settled ? Timeout.InfiniteTimeSpan : s_retrySoon, s_retryPace);
        }
    }

    private InstanceId Id => new(this.GetPrimaryKey());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _retrying = this.RegisterGrainTimer(RetryUnsettled, Timeout.InfiniteTimeSpan, s_retryPace);
        State = await ledger.Read(s => InstanceRows.Load(s, Id));
    }

    public async Task<Outcome<InstanceView>> Create(CreateInstance command)
    {
        if (State is not null)
        {
            return InstanceRules.Repeat(State, command) is { } differs ? differs : State.ToView();
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

        State = intent;
        LogCreated(Id, host.Value, command.Vnics.Count);
        Outcome advanced = await Advance(callerWaits: true);
        return advanced.Refused ? advanced.Refusal : State.ToView();
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

    /// <summary>
    /// From the rows and not from memory: while a silo joins, its share of the directory moves, and for a moment an instance may be on
    /// two silos. What one of them deleted, the other would go on showing.
    /// </summary>
    public async Task<Outcome<InstanceView>> Describe()
    {
        InstanceState? stands = await ledger.Read(s => InstanceRows.Load(s, Id));
        if (stands?.Row.Version != State?.Row.Version)
        {
            // Created, changed or deleted there: from now on this one knows, and does what is left to do.
            State = stands;
        }

        return stands is null ? Refusal.NotFound(RefusalCode.InstanceNotFound, "instance", Id) : stands.ToView();
    }

    public async Task<Outcome> Delete(ProjectId? project, string actor)
    {
        if (await Known() is null && await ledger.Read(s => InstanceRows.WasDeleted(s, Id, project)))
        {
            return Outcome.Done;
        }

        if (!InstanceRules.Delete(State, Id, project).Try(out InstanceState? deleting, out Refusal? refusal))
        {
            return refusal;
        }

        if (State!.Row.Status != InstanceStatus.Deleting)
        {
            await Save(deleting, actor, "instance deleting");
        }

        await Advance();
        return Outcome.Done;
    }

    public async Task<Outcome> HostReported(VnicId vnic, long generation, BindingOutcome outcome, string? fault)
    {
        if (await Known() is null)
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

            await Disassociate(vnic);
            await hints.MemberChanged(vnic);
            _ = hints.InstanceChanged(Id);
        }

        if (!InstanceRules.Reported(State!, vnic, generation, outcome, fault).Try(out InstanceState? changed, out Refusal? stale))
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

    private async Task RetryUnsettled(CancellationToken cancellation)
    {
        if (State is null || InstanceRules.Next(State) == InstanceRules.Step.Nothing)
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

    /// <summary>
    /// Absence is not remembered: while silos come and go another activation may be creating the row just now, and an outcome that
    /// this one took for nobody's would be lost.
    /// </summary>
    private async Task<InstanceState?> Known() => State ??= await ledger.Read(s => InstanceRows.Load(s, Id));

    private IHostGrain Host(InstanceState state) => GrainFactory.GetGrain<IHostGrain>(state.Row.Host!.Value.Value);

    private async Task Save(InstanceState after, string actor, string what)
    {
        InstanceState before = State!;
        try
        {
            bool isErased = after.Row.Status == InstanceStatus.Deleted && InstanceRules.IsUndone(before);
            Outcome<bool> saved = await (isErased
                ? ledger.Commit(s => Told(s, InstanceRows.Erase(s, before)))
                : ledger.CommitAtOnce(s => Told(s, InstanceRows.Save(s, before, after))));
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

        State = after with { Row = after.Row with { Version = before.Row.Version + 1 } };
        LogChanged(Id, what, after.Row.Status);

        async Task<Outcome<bool>> Told(LedgerSession session, Task<bool> row)
        {
            await Task.WhenAll(row, HistoryRows.Append(session, actor, what, why: $"{Id} {after.Row.Fault}".TrimEnd()));
            return await row ? true : new Refusal(RefusalCode.Stale, $"Instance {Id} was changed elsewhere.", Id.ToString());
        }
    }
}
