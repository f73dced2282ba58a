using NovaOrleans.Pools;

namespace NovaOrleans.Networks;

/// <summary>See <see cref="INetworkGrain"/>.</summary>
public sealed partial class NetworkGrain(ILedger ledger, ILogger<NetworkGrain> logger) : Grain, INetworkGrain
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
            await FinishDeletion(closing, "recovery");
        }
    }

    public async Task<Outcome<NetworkView>> Describe()
    {
        // Absence is not remembered: the range grain may be creating the row just now.
        _state.View ??= await ledger.Read(s => NetworkRows.Load(s, Id.Value));
        return NetworkRules.Known(_state, Id);
    }

    public async Task<Outcome<NetworkView>> Update(UpdateNetwork command) =>
        (await Describe()).Try(out NetworkView? network, out Refusal? refusal)
        && NetworkRules.Update(network, command).Try(out NetworkView? changed, out refusal)
            ? await Write(network, changed, command.Actor, "network updated")
            : refusal;

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

        PoolView pool = await Pool.Describe();
        if (pool.Held > 0)
        {
            return InUse(pool);
        }

        return network.Project is null
            ? Outcome.Done
            : (await Write(network, network with { Project = null }, actor, "network taken from its project")).Refusal
                is { } refused ? refused : Outcome.Done;
    }

    public async Task<Outcome> Delete(string actor)
    {
        if ((await Describe()).Refused)
        {
            return Outcome.Done;
        }

        NetworkView network = _state.View!;
        if (network.Life == NetworkLife.Open)
        {
            Outcome<NetworkView> closing =
                await Write(network, network with { Life = NetworkLife.Closing }, actor, "network closing");
            if (closing.Refused)
            {
                return closing.Refusal;
            }

            network = closing.Value;
        }

        return await FinishDeletion(network, actor);
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

        Outcome<NetworkView> deleted =
            await Write(closing, closing with { Life = NetworkLife.Deleted }, actor, "network deleted");
        return deleted.Refused ? deleted.Refusal : Outcome.Done;
    }

    private async Task<Outcome<NetworkView>> Write(NetworkView network, NetworkView changed, string actor, string what)
    {
        changed = changed with { Revision = network.Revision + 1 };
        Outcome<NetworkView> outcome = await ledger.Commit(async session =>
        {
            if (!await NetworkRows.Update(session, changed))
            {
                return (Outcome<NetworkView>)new Refusal(
                    RefusalCode.Stale, $"Network {Id} was changed elsewhere.", Id.ToString());
            }

            await HistoryRows.Append(session, actor, what, network: Id, why: changed.Label);
            return changed;
        });
        if (outcome.Refused)
        {
            // Another activation wrote the row: this one knows less than it.
            DeactivateOnIdle();
            throw new OperatingFaultException(outcome.Refusal.Reason, mayRetry: true);
        }

        _state.View = changed.Life == NetworkLife.Deleted ? null : changed;
        LogChanged(Id, what);
        return outcome;
    }

    private Refusal InUse(PoolView pool) => new(
        RefusalCode.NetworkInUse, $"{pool.Held} ports of network {Id} are in use.", Id.ToString());
}
