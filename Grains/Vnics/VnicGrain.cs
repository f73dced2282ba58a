using NovaOrleans.Pools;

namespace NovaOrleans.Vnics;

/// <summary>See <see cref="IVnicGrain"/>.</summary>
public sealed partial class VnicGrain(ILedger ledger, ILogger<VnicGrain> logger) : Grain, IVnicGrain
{
    /// <summary>40 random bits collide about never; a few draws make sure.</summary>
    private const int MacDraws = 5;

    private readonly VnicState _state = new();

    private VnicId Id => new(this.GetPrimaryKey());

    public async Task<Outcome<VnicView>> Create(CreateCard command)
    {
        if (await Row() is { } already)
        {
            return VnicRules.Repeat(already, command) is { } differs ? differs : await View(already);
        }

        for (int draw = 1; draw <= MacDraws; draw++)
        {
            MacAddress mac = command.Mac ?? MacRun.Draw(draw);
            Outcome<bool> inserted = await ledger.Commit(s => Insert(s, command, mac));
            if (inserted.Refused)
            {
                return inserted.Refusal;
            }

            if (!inserted.Value && await ledger.Read(s => Repeated(s, command)) is { } repeated)
            {
                return repeated;
            }

            if (await Row() is { } card)
            {
                return await View(card);
            }

            if (await ledger.Read(s => VnicRows.WasDeleted(s, Id)))
            {
                return new Refusal(
                    RefusalCode.Conflict, $"VNIC {Id} was deleted; its id is not used again.", Id.ToString(), "id");
            }

            if (command.Mac is not null)
            {
                return new Refusal(
                    RefusalCode.MacInUse, $"Another ethernet card has MAC {mac}.", mac.ToString(), "mac_address");
            }
        }

        throw new OperatingFaultException($"No free MAC address in {MacDraws} draws.", mayRetry: true);
    }

    public async Task<Outcome<VnicView>> Describe() =>
        await Row() is { } card ? await View(card) : Refusal.NotFound(RefusalCode.VnicNotFound, "VNIC", Id);

    public async Task<Outcome<HostBinding>> Attach(AttachVnic command)
    {
        if (await Card() is not { } card)
        {
            return Refusal.NotFound(RefusalCode.VnicNotFound, "VNIC", Id);
        }

        if (!VnicRules.Attach(card, command).Try(out VnicRows.Card? attached, out Refusal? refusal))
        {
            return refusal;
        }

        if (attached != card)
        {
            await Write(card, attached, command.Actor, $"attached to instance {command.Instance}");
        }

        HostBinding? binding = await ledger.Read(s => BindingRows.OfVnic(s, Id));
        return binding is null
            ? throw new OperatingFaultException($"VNIC {Id} was changed elsewhere.", mayRetry: true)
            : binding with { HostName = command.InstanceName };
    }

    public async Task<Outcome> Detach(InstanceId instance, long generation, string actor)
    {
        if (await Card() is not { } card)
        {
            return Outcome.Done;
        }

        if (!VnicRules.Detach(card, instance, generation).Try(out VnicRows.Card? detached, out Refusal? refusal))
        {
            LogStale(Id, generation, card.Generation);
            return refusal;
        }

        if (detached is not null)
        {
            await Write(card, detached, actor, $"detached from instance {instance}");
        }

        return Outcome.Done;
    }

    public async Task<Outcome> Delete(ProjectId? project, string actor)
    {
        // What is remembered may be gone already, by a deletion of which nobody heard.
        _state.Card = null;
        (VnicRows.Card? found, IReadOnlyList<VnicRows.Place> ports) = await ledger.Read(s => VnicRows.LoadWithPlaces(s, Id));
        if (found is not { } card)
        {
            return Outcome.Done;
        }

        if (VnicRules.Delete(card, Id, project) is { Refused: true } refused)
        {
            return refused.Refusal;
        }

        Outcome deleted = ports.Count == 0
            ? await ledger.Commit(s => DeleteRow(s, card, actor)) is { Refused: true } stale ? stale.Refusal : Outcome.Done
            : await DeleteWithPorts(card, ports, actor);
        DeactivateOnIdle();
        return deleted;
    }

    /// <summary>The first network's pool deletes the card with its ports there; ports elsewhere are freed before.</summary>
    private async Task<Outcome> DeleteWithPorts(VnicRows.Card card, IReadOnlyList<VnicRows.Place> ports, string actor)
    {
        NetworkId last = ports[0].Network;
        foreach (VnicRows.Place port in ports.Where(p => p.Network != last))
        {
            IFixedIpPoolGrain pool = GrainFactory.GetGrain<IFixedIpPoolGrain>(port.Network.Value);
            Outcome freed = await pool.Unplug(port.Port, actor);
            freed = freed.Refused ? freed : await pool.DeletePort(port.Port, actor);
            if (freed.Refused)
            {
                return freed;
            }
        }

        Outcome deleted = await GrainFactory.GetGrain<IFixedIpPoolGrain>(last.Value).DeleteVnic(Id, card.Version, actor);
        return deleted.Refusal is { Code: RefusalCode.VnicNotFound } ? Outcome.Done : deleted;
    }

    /// <summary>
    /// Absence is not remembered: a pool may be creating the row just now. What is remembered may be deleted, by a pool too: it
    /// serves for a change, which its version fences, and for no answer.
    /// </summary>
    private async Task<VnicRows.Card?> Card() => _state.Card ??= await Row();

    private Task<VnicRows.Card?> Row() => ledger.Read(s => VnicRows.Load(s, Id));

    private async Task<Outcome<VnicView>> View(VnicRows.Card card) =>
        card.ToView(await ledger.Read(s => VnicRows.Ports(s, Id)));

    private async Task<Outcome<bool>> Insert(LedgerSession session, CreateCard command, MacAddress mac)
    {
        if (await VnicRows.Insert(session, Id, command, mac) == 0)
        {
            return false;
        }

        await HistoryRows.Append(session, command.Actor, "card created", vnic: Id, why: mac.ToString());
        return true;
    }

    private static async Task<Outcome<VnicView>?> Repeated(LedgerSession session, CreateCard command)
    {
        if (command.Key is not { } key || await VnicRows.LoadByKey(session, command.Project, key) is not { } card)
        {
            return null;
        }

        return card.RequestHash == key.BodyHash
            ? card.ToView(await VnicRows.Ports(session, card.Id))
            : RowRefusals.KeyReused(key, card.Id.Value);
    }

    private static async Task<Outcome<bool>> DeleteRow(LedgerSession session, VnicRows.Card card, string actor)
    {
        // A pool that is just plugging it holds this lock: a port that it made is then seen by the statement after.
        await VnicRows.Lock(session, card.Id);
        if (!await VnicRows.Delete(session, card))
        {
            return new Refusal(RefusalCode.Stale, $"VNIC {card.Id} was changed elsewhere.", card.Id.ToString());
        }

        await HistoryRows.Append(session, actor, "card deleted", vnic: card.Id, generation: card.Generation);
        return true;
    }

    private async Task Write(VnicRows.Card card, VnicRows.Card changed, string actor, string what)
    {
        // Until the answer is there, what is remembered may be old: a commit can be applied and its acknowledgement lost.
        _state.Card = null;
        Outcome<bool> written = await ledger.CommitAtOnce(async session =>
        {
            Task<bool> isOurs = VnicRows.SetAttachment(session, changed, card.Version);
            Task<int> told = HistoryRows.Append(session, actor, what, vnic: Id, generation: changed.Generation);
            await Task.WhenAll(isOurs, told);
            return await isOurs
                ? true : (Outcome<bool>)new Refusal(RefusalCode.Stale, $"VNIC {Id} was changed elsewhere.", Id.ToString());
        });
        if (written.Refused)
        {
            DeactivateOnIdle();
            throw new OperatingFaultException(written.Refusal.Reason, mayRetry: true);
        }

        _state.Card = changed;
        LogChanged(Id, what, changed.Generation);
    }
}
