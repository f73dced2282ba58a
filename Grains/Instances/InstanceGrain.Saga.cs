using NovaOrleans.FloatingIps;
using NovaOrleans.Hosts;
using NovaOrleans.Vnics;

namespace NovaOrleans.Instances;

// The steps between the rows of an instance, its VNICs and its host: read Advance first. Each may be done twice, and any of them may
// be the last one before a crash.
public sealed partial class InstanceGrain
{
    /// <summary>Does the next step of the saga until nothing is left to do here. A refusal is the end of a create.</summary>
    private async Task<Outcome> Advance(bool callerWaits = false)
    {
        while (State is not null)
        {
            switch (InstanceRules.Next(State))
            {
                case InstanceRules.Step.Bind:
                    Outcome bound = await Bind(State);
                    if (!bound.Refused)
                    {
                        return Outcome.Done;
                    }

                    LogUndone(Id, bound.Refusal.Reason);
                    await Save(
                        InstanceRules.CreateRefused(State, bound.Refusal, callerWaits), "instance", "create refused");
                    await Advance();
                    return bound;
                case InstanceRules.Step.TearDown:
                    if (!await TearDown(State))
                    {
                        return Outcome.Done;
                    }

                    break;
                case InstanceRules.Step.Finish:
                    await Finish(State);
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

        if (state != State && state.Nics.Zip(State!.Nics).Any(p => p.First != p.Second))
        {
            await Save(state, "instance", "VNICs attached");
        }

        Outcome<long> revision = await Host(state).Bind(await Spec(state.Row, vnics), bindings);
        if (revision.Refused)
        {
            return revision.Refusal;
        }

        State = State! with { Bound = true };
        // Beside the answer: others may have to let it in, and see for themselves if they are not told.
        _ = hints.InstanceChanged(Id);
        return Outcome.Done;
    }

    private async Task<InstanceSpec> Spec(InstanceRows.Row row, IReadOnlyList<VnicId> vnics)
    {
        string? userData = await ledger.Read(s => LaunchRows.UserData(s, Id));
        return new InstanceSpec(Id, row.Name, row.Project, vnics)
        {
            Machine = row.Machine,
            Facts = new InstanceFacts(row.RowId, row.ImageRef, row.FlavorRef, row.Launch, userData, row.Labels),
        };
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
            await Disassociate(gone.Vnic);
            await hints.MemberChanged(gone.Vnic);
            InstanceState.Nic nic = State!.Nics.First(n => n.Vnic == gone.Vnic);
            await Save(State.With(nic with { Generation = 0 }), "instance", "VNIC detached");
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
        State = null;
        DeactivateOnIdle();
    }

    /// <summary>
    /// What stood for the addresses of an instance that is deleted does not stand for the next one's, also where a VNIC is not deleted
    /// with it: after the host has said that it is gone, and before the association goes, so that a crash here is caught up.
    /// </summary>
    private async Task Disassociate(VnicId vnic)
    {
        if (State is not { Row.Status: InstanceStatus.Deleting } || InstanceRules.IsUndone(State))
        {
            return;
        }

        foreach (FloatingIpView floating in await ledger.Read(
            s => FloatingIpRows.List(s, new FloatingIpFilter { Vnic = vnic }, new Page())))
        {
            await GrainFactory.GetGrain<IFloatingIpPoolGrain>(floating.Pool).Disassociate(floating.Id, null, "instance");
        }
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
}
