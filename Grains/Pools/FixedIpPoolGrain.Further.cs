using NovaOrleans.Hosts;

namespace NovaOrleans.Pools;

// What changes of a VNIC's addresses while it is attached. Its host is told by its own looking, after a hint; an address that was
// taken away is not free before the host has confirmed it.
public sealed partial class FixedIpPoolGrain
{
    private static readonly TimeSpan LetGoInterval = TimeSpan.FromSeconds(1);

    private IGrainTimer? _lettingGo;

    public async Task<Outcome> Withdraw(PortId port, string actor)
    {
        if (!Opened().Try(out FixedIpPoolState? pool, out Refusal? refusal)
            || !(await Write(pool, s => Withdraw(s, pool.Network.Id, port, actor))).Try(out VnicId vnic, out refusal))
        {
            return refusal;
        }

        await hints.VnicChanged(vnic);
        WatchReleases(pool);
        return Outcome.Done;
    }

    public async Task<Outcome<PortView>> SetUp(PortId port, bool up, string actor)
    {
        if (!Opened().Try(out FixedIpPoolState? pool, out Refusal? refusal)
            || !(await Write(pool, s => SetUp(s, pool.Network.Id, port, up, actor))).Try(out PortView? changed, out refusal))
        {
            return refusal;
        }

        if (changed.Vnic is { } vnic)
        {
            await hints.VnicChanged(vnic);
        }

        return changed;
    }

    /// <summary>Asks the hosts of addresses on their way out until none is left.</summary>
    private void WatchReleases(FixedIpPoolState pool)
    {
        _lettingGo ??= this.RegisterGrainTimer(
            async () =>
            {
                if (!await EndReleases(pool))
                {
                    _lettingGo?.Dispose();
                    _lettingGo = null;
                }
            },
            new GrainTimerCreationOptions(LetGoInterval, LetGoInterval) { Interleave = true });
    }

    /// <summary>Whether there are any left.</summary>
    private async Task<bool> EndReleases(FixedIpPoolState pool)
    {
        List<LeavingRows.Leaving> leaving = await ledger.Read(s => LeavingRows.LoadLeaving(s, pool.Network.Id));
        foreach (LeavingRows.Leaving port in leaving)
        {
            if (!await HasLetGo(port)
                || !(await Write(pool, s => Let(s, pool.Network.Id, port))).Try(out FreedAddress? freed, out _)
                || freed == Nothing)
            {
                continue;
            }

            pool.Release(freed.Position, freed.QuarantinedUntil);
            WakeForQuarantines(pool);
        }

        return leaving.Count > 0;
    }

    private async Task<bool> HasLetGo(LeavingRows.Leaving port)
    {
        try
        {
            // Attached to nothing, it was on no host, or its teardown was confirmed.
            return port.Host is not { } host
                || await GrainFactory.GetGrain<IHostGrain>(host.Value).HasLetGo(port.Vnic, port.Address);
        }
        catch (Exception e) when (e is OperatingFaultException or TimeoutException or OrleansException)
        {
            LogNotAsked(port.Vnic, e.Message);
            return false;
        }
    }

    private static async Task<Outcome<VnicId>> Withdraw(
        LedgerSession session, NetworkId network, PortId port, string actor)
    {
        PoolRows.Card? card = await PoolRows.LoadPort(session, network, port, locked: false) is { View.Vnic: { } holder }
            ? await PoolRows.LockCard(session, holder)
            : null;
        if (await PoolRows.LoadPort(session, network, port) is not { Deleted: false } row || row.View.Vnic is not { } vnic)
        {
            return Refusal.NotFound(RefusalCode.PortNotFound, "port", port);
        }

        if (row.View.Phase == PortPhase.Releasing)
        {
            return vnic;
        }

        if (await LeavingRows.NextAfter(session, network, vnic, port) is not { } next)
        {
            return FixedIpPoolRules.OnlyAddress(vnic, row.View);
        }

        await LeavingRows.Withdraw(session, port);
        if (row.View.AddressV6 is { } six)
        {
            // It is of the MAC, and so goes on being the VNIC's.
            await LeavingRows.GiveV6(session, next, six);
        }

        await Tell(session, actor, "address withdrawn", row.View, card?.Generation);
        return vnic;
    }

    private static async Task<Outcome<FreedAddress>> Let(
        LedgerSession session, NetworkId network, LeavingRows.Leaving port)
    {
        if (await PoolRows.LoadPort(session, network, port.Id) is not { Deleted: false, View.Phase: PortPhase.Releasing } row)
        {
            return Nothing;
        }

        int rest = port.Generation > 0 && row.Position is not null ? await PoolRows.QuarantineSeconds(session, network) : 0;
        DateTimeOffset? until = await LeavingRows.EndRelease(session, port.Id, rest);
        await Tell(session, port.Host?.Value ?? "nova", "address released", row.View, port.Generation);
        return new FreedAddress(row.Position, until);
    }

    private static async Task<Outcome<PortView>> SetUp(
        LedgerSession session, NetworkId network, PortId port, bool up, string actor)
    {
        if (await PoolRows.LoadPort(session, network, port) is not { } row || !FixedIpPoolRules.IsPort(row))
        {
            return Refusal.NotFound(RefusalCode.PortNotFound, "port", port);
        }

        if (row.View.Up != up)
        {
            await PoolRows.SetUp(session, port, up);
            await Tell(session, actor, up ? "port active" : "port down", row.View, null);
        }

        return row.View with { Up = up };
    }
}
