using NovaOrleans.Projects;

namespace NovaOrleans.Pools;

// Plugging and unplugging: rarer than creating, so ordinary pieces of work, fenced like everything of the pool. Locks
// are taken in one order, the card before the port, as the hot lane does.
public sealed partial class FixedIpPoolGrain
{
    public async Task<Outcome<PortView>> Plug(PlugVnic command)
    {
        if (!Opened().Try(out FixedIpPoolState? pool, out Refusal? refusal))
        {
            return refusal;
        }

        Outcome<PortView> plugged = command.Port is { } port
            ? await Write(pool, s => PlugInto(s, pool.Network, port, command))
            : await PlugNew(pool, command);
        if (!plugged.Refused)
        {
            await hints.VnicChanged(command.Vnic);
        }

        return plugged;
    }

    public async Task<Outcome> Unplug(PortId port, string actor)
    {
        if (!Opened().Try(out FixedIpPoolState? pool, out Refusal? refusal))
        {
            return refusal;
        }

        return (await Write(pool, s => Unplug(s, pool.Network.Id, port, actor))).Refusal is { } refused
            ? refused
            : Outcome.Done;
    }

    public async Task<Outcome> DeletePort(PortId port, string actor)
    {
        if (!Opened().Try(out FixedIpPoolState? pool, out Refusal? refusal))
        {
            return refusal;
        }

        if (!(await Write(pool, s => DeletePort(s, pool.Network.Id, port, actor)))
            .Try(out FreedAddress? freed, out refusal))
        {
            return refusal;
        }

        if (freed != Nothing)
        {
            pool.Release(freed.Position, freed.QuarantinedUntil);
            WakeForQuarantines(pool);
        }

        return Outcome.Done;
    }

    /// <summary>What is freed where all was free already.</summary>
    private static readonly FreedAddress Nothing = new(-1, null);

    private static async Task<Outcome<PortView>> PlugInto(
        LedgerSession session, Networks.NetworkView network, PortId port, PlugVnic command)
    {
        PoolRows.Card? card = await PoolRows.TakeCard(session, command.Vnic);
        if (await PoolRows.LoadPort(session, network.Id, port) is not { } row || !FixedIpPoolRules.IsPort(row))
        {
            return Refusal.NotFound(RefusalCode.PortNotFound, "port", port);
        }

        if (row.View.Vnic is { } holder)
        {
            return holder == command.Vnic ? row.View : FixedIpPoolRules.Attached(port, holder);
        }

        if (card is null)
        {
            return Refusal.NotFound(RefusalCode.VnicNotFound, "VNIC", command.Vnic);
        }

        int ordinal = await PoolRows.NextOrdinal(session, network.Id, command.Vnic);
        PortView plugged = FixedIpPoolRules.Plugged(network, row.View, command, ordinal);
        await PoolRows.Plug(session, plugged, ordinal);
        await Tell(session, command.Actor, "port plugged", plugged, card.Generation);
        return plugged;
    }

    private async Task<Outcome<PortView>> PlugNew(FixedIpPoolState pool, PlugVnic command)
    {
        if (!(await Choose(pool, command.Address)).Try(out long? position, out Refusal? refusal))
        {
            await Pending(command.Vnic.Value);
            PortView? before = await ledger.Read(s => PoolRows.PortOf(s, pool.Network.Id, command));
            return before is null ? refusal : before;
        }

        pool.Hold(position);
        PortView port = new(
            command.Further ?? PortId.New(), pool.Network.Id, command.Project, position is { } at ? pool.AddressAt(at) : null, null,
            PortPhase.Held, command.Vnic, Up: true, clock.GetUtcNow());
        Task<Outcome<PortView>> answer = Write(pool, s => InsertPlugged(s, pool.Network, port, position, command, quotas));
        _pending[(command.Vnic.Value, null, null)] = answer;
        Outcome<PortView> plugged;
        try
        {
            plugged = await answer;
        }
        finally
        {
            _pending.Remove((command.Vnic.Value, null, null));
        }

        if (plugged.Refused || plugged.Value.Id != port.Id || plugged.Value.Address != port.Address)
        {
            pool.Release(position);
        }

        return plugged;
    }

    private static async Task<Outcome<PortView>> InsertPlugged(
        LedgerSession session, Networks.NetworkView network, PortView port, long? position, PlugVnic command,
        QuotaDefaults quotas)
    {
        if (await PoolRows.TakeCard(session, command.Vnic) is not { } card)
        {
            return Refusal.NotFound(RefusalCode.VnicNotFound, "VNIC", command.Vnic);
        }

        if (await PoolRows.PortOf(session, network.Id, command) is { } before)
        {
            return before;
        }

        if (await QuotaRows.FixedIps(session, command.Project, quotas) is { } over)
        {
            return over;
        }

        int ordinal = await PoolRows.NextOrdinal(session, network.Id, command.Vnic);
        PortView plugged = FixedIpPoolRules.Plugged(network, port, command, ordinal);
        DateTimeOffset created = await PoolRows.InsertPlugged(session, plugged, position, ordinal);
        await Tell(session, command.Actor, "address held", plugged, card.Generation);
        return plugged with { CreatedAt = created };
    }

    private static async Task<Outcome<bool>> Unplug(LedgerSession session, NetworkId network, PortId port, string actor)
    {
        PoolRows.Card? card = await PoolRows.LoadPort(session, network, port, locked: false) is { View.Vnic: { } vnic }
            ? await PoolRows.LockCard(session, vnic)
            : null;
        if (await PoolRows.LoadPort(session, network, port) is not { } row || !FixedIpPoolRules.IsPort(row))
        {
            return Refusal.NotFound(RefusalCode.PortNotFound, "port", port);
        }

        if (row.View.Vnic is null)
        {
            return true;
        }

        if (card is { Attached: true })
        {
            return FixedIpPoolRules.VnicInUse(row.View.Vnic.Value);
        }

        int rest = card is { Generation: > 0 } && row.Position is not null
            ? await PoolRows.QuarantineSeconds(session, network)
            : 0;
        await PoolRows.Unplug(session, port, rest);
        await Tell(session, actor, "port unplugged", row.View, card?.Generation);
        return true;
    }

    private static async Task<Outcome<FreedAddress>> DeletePort(
        LedgerSession session, NetworkId network, PortId port, string actor)
    {
        if (await PoolRows.LoadPort(session, network, port) is not { } row || row.View.Phase == PortPhase.Reserved)
        {
            return Refusal.NotFound(RefusalCode.PortNotFound, "port", port);
        }

        if (row.Deleted || row.View.Phase == PortPhase.Quarantined)
        {
            return Nothing;
        }

        if (row.View.Vnic is { } holder)
        {
            return FixedIpPoolRules.PortInUse(port, holder);
        }

        DateTimeOffset? until = await PoolRows.DeletePort(session, port);
        await Tell(session, actor, "port deleted", row.View, null);
        return new FreedAddress(row.Position, until);
    }

    private static Task<int> Tell(LedgerSession session, string actor, string what, PortView port, long? generation) =>
        HistoryRows.Append(
            session, actor, what, port.Network, port.Vnic,
            port.Address?.ToString() ?? port.AddressV6?.ToString(), generation);
}
