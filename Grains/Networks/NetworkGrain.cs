using NovaOrleans.Hosts;
using NovaOrleans.Pools;

namespace NovaOrleans.Networks;

/// <summary>See <see cref="INetworkGrain"/>.</summary>
public sealed partial class NetworkGrain(ILedger ledger, HostHints hints, ILogger<NetworkGrain> logger) : Grain, INetworkGrain
{
    private readonly NetworkState _state = new();

    private NetworkId Id => new(this.GetPrimaryKey());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _state.View = await ledger.Read(s => NetworkRows.Load(s, Id.Value));
        if (_state.View is { Life: NetworkLife.Closing } closing)
        {
            // A silo ended between closing the pool and deleting the row: take the deletion up again.
            LogResumed(Id);
            try
            {
                await FinishDeletion(closing, "recovery");
            }
            catch (Exception e) when (e is OperatingFaultException or TimeoutException or OrleansException)
            {
                // The network can still be looked at; the sweeper wakes the next activation, which tries again.
                LogWaiting(Id, e.Message);
                DeactivateOnIdle();
            }
        }
    }

    public async Task<Outcome<NetworkView>> Describe()
    {
        // Not from memory: the range grain may be creating the row just now; and while a silo joins, its share of the directory moves, and
        // for a moment a network may be on two silos. What one of them deleted, the other would go on showing.
        _state.View = await ledger.Read(s => NetworkRows.Load(s, Id.Value));
        return NetworkRules.Known(_state, Id);
    }

    public async Task<Outcome<NetworkView>> Update(UpdateNetwork command)
    {
        if (!(await Describe()).Try(out NetworkView? network, out Refusal? refusal)
            || !NetworkRules.Update(network, command).Try(out NetworkView? changed, out refusal))
        {
            return refusal;
        }

        try
        {
            return await Write(network, changed, command.Actor, "network updated");
        }
        catch (LedgerConflictException e) when (e.Constraint == "networks_vpn")
        {
            return NetworkRules.VpnTaken(changed);
        }
    }

    public async Task<Outcome<NetworkView>> Associate(ProjectId project, string actor)
    {
        if (!(await Describe()).Try(out NetworkView? network, out Refusal? refusal)
            || !NetworkRules.Associate(network, project).Try(out NetworkView? changed, out refusal))
        {
            return refusal;
        }

        return changed == network ? network : await Write(network, changed, actor, $"network given to {project}");
    }

    public async Task<Outcome> Disassociate(string actor)
    {
        if (!(await Describe()).Try(out NetworkView? network, out Refusal? refusal))
        {
            return refusal;
        }

        if (!NetworkRules.Disassociate(network, await Pool.Describe()).Try(out NetworkView? changed, out refusal))
        {
            return refusal;
        }

        if (changed != network)
        {
            await Write(network, changed, actor, "network taken from its project");
        }

        return Outcome.Done;
    }

    public async Task<Outcome> Delete(string actor)
    {
        if (!(await Describe()).Try(out NetworkView? network, out _))
        {
            return Outcome.Done;
        }

        try
        {
            if (network.Life == NetworkLife.Open)
            {
                network = await Write(network, network with { Life = NetworkLife.Closing }, actor, "network closing");
            }

            return await FinishDeletion(network, actor);
        }
        catch (Exception e) when (e is OperatingFaultException or TimeoutException or OrleansException)
        {
            // Half-way: the next activation reads how far it came, and takes it up from there.
            DeactivateOnIdle();
            throw;
        }
    }

    private IFixedIpPoolGrain Pool => GrainFactory.GetGrain<IFixedIpPoolGrain>(Id.Value);

    /// <summary>The pool decides: closed, the network is deleted; still held, it opens again.</summary>
    private async Task<Outcome> FinishDeletion(NetworkView closing, string actor)
    {
        Outcome closed = await Pool.Close();
        if (closed.Refused)
        {
            await Write(closing, closing with { Life = NetworkLife.Open }, actor, "network open again");
            return closed;
        }

        await Write(closing, closing with { Life = NetworkLife.Deleted }, actor, "network deleted");
        return Outcome.Done;
    }

    /// <summary>The change as the next revision, with its history; a revision that another activation wrote is a fault.</summary>
    private async Task<NetworkView> Write(NetworkView network, NetworkView changed, string actor, string what)
    {
        changed = changed with { Revision = network.Revision + 1 };
        Outcome<NetworkView> outcome;
        try
        {
            outcome = await ledger.Commit(session => WriteIn(session, changed, actor, what));
        }
        catch (OperatingFaultException)
        {
            // Perhaps it was committed: what is remembered may be old.
            _state.View = null;
            throw;
        }

        if (outcome.Refused)
        {
            _state.View = null;
            DeactivateOnIdle();
            throw new OperatingFaultException(outcome.Refusal.Reason, mayRetry: true);
        }

        _state.View = changed.Life == NetworkLife.Deleted ? null : changed;
        LogChanged(Id, what);
        _ = hints.NetworkChanged(Id, also: network.NetworkHost);
        return changed;
    }

    private static async Task<Outcome<NetworkView>> WriteIn(
        LedgerSession session, NetworkView changed, string actor, string what)
    {
        if (!await NetworkRows.Update(session, changed))
        {
            return new Refusal(RefusalCode.Stale, $"Network {changed.Id} was changed elsewhere.", changed.Id.ToString());
        }

        await HistoryRows.Append(session, actor, what, network: changed.Id, why: changed.Label);
        return changed;
    }
}
