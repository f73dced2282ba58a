using NovaOrleans.Hosts;
using NovaOrleans.Projects;
using NovaOrleans.Vnics;

namespace NovaOrleans.Pools;

/// <summary>
/// See <see cref="IFixedIpPoolGrain"/>. An address is taken in memory at once, so that calls that interleave never
/// choose the same one; the answer leaves when its row is committed. After a write that failed, memory may be ahead of
/// the rows: the activation ends, and the next one reads them. No call is tried again by the pool itself.
/// </summary>
public sealed partial class FixedIpPoolGrain(
    ILedger ledger, HostHints hints, QuotaDefaults quotas, TimeProvider clock, ILogger<FixedIpPoolGrain> logger)
    : Grain, IFixedIpPoolGrain
{
    /// <summary>Random addresses collide about never; a few draws make sure.</summary>
    private const int MacDraws = 5;

    /// <summary>What is being committed just now, by its id and by its request key.</summary>
    private readonly Dictionary<(Guid Id, ProjectId? Project, string? Key), Task> _pending = [];

    public async Task<Outcome<VnicView>> CreateVnic(CreateVnic command)
    {
        if (!Opened().Try(out FixedIpPoolState? pool, out Refusal? refusal))
        {
            return refusal;
        }

        if (!(await Choose(pool, command.Address)).Try(out long? position, out refusal))
        {
            // Full, closing or taken: but what this very command made before, or is making, stays made.
            await Pending(command.Vnic.Value, command.Project, command.Key);
            return await ledger.Read(s => PoolRows.FindCard(s, command)) ?? refusal;
        }

        pool.Hold(position);
        PortId port = PortId.New();
        for (int draw = 1; ; draw++)
        {
            MacAddress mac = command.Mac ?? FixedIpPoolRules.DrawMac(pool.Network, draw);
            RequestKey? key = FixedIpPoolRules.Kept(command.Key, command.Vnic);
            HoldOperation hold = Operation(pool, port, position, command.Project, command.Actor, key) with
            {
                AddressV6 = FixedIpPoolRules.AddressV6(pool.Network, mac),
                Card = new NewCard(command.Vnic, pool.Network.Service, mac, command.Name),
            };
            HoldOutcome outcome = await Hold(hold);
            if (outcome.Result == HoldResult.Held)
            {
                return FixedIpPoolRules.View(hold, outcome);
            }

            if (outcome.Result == HoldResult.MacTaken && command.Mac is null && draw < MacDraws)
            {
                continue;
            }

            pool.Release(position);
            return FixedIpPoolRules.Refusal(pool, hold, outcome)
                ?? await ledger.Read(s => PoolRows.FindCard(s, command))
                ?? throw End("a card that was there is gone; the call may be repeated");
        }
    }

    public async Task<Outcome<PortView>> CreatePort(CreatePort command)
    {
        if (!Opened().Try(out FixedIpPoolState? pool, out Refusal? refusal))
        {
            return refusal;
        }

        if (!(await Choose(pool, command.Address)).Try(out long? position, out refusal))
        {
            await Pending(command.Port.Value, command.Project, command.Key);
            return await ledger.Read(s => PoolRows.FindPort(s, command)) ?? refusal;
        }

        pool.Hold(position);
        HoldOperation hold = Operation(pool, command.Port, position, command.Project, command.Actor, command.Key);
        HoldOutcome outcome = await Hold(hold);
        if (outcome.Result == HoldResult.Held)
        {
            return FixedIpPoolRules.PortView(hold, outcome.CreatedAt);
        }

        pool.Release(position);
        return FixedIpPoolRules.Refusal(pool, hold, outcome)
            ?? await ledger.Read(s => PoolRows.FindPort(s, command))
            ?? throw End("a port that was there is gone; the call may be repeated");
    }

    public async Task<Outcome> DeleteVnic(VnicId vnic, long version, string actor)
    {
        if (!Opened().Try(out FixedIpPoolState? pool, out Refusal? refusal))
        {
            return refusal;
        }

        FreeOutcome freed;
        try
        {
            freed = await ledger.Free(new FreeOperation(pool.Network.Id, pool.Epoch, vnic, version, actor));
        }
        catch (OperatingFaultException e)
        {
            throw End(e.Message);
        }

        if (freed.Result == FreeResult.Fenced)
        {
            throw End(Overtaken);
        }

        foreach (FreedAddress address in freed.Addresses)
        {
            pool.Release(address.Position, address.QuarantinedUntil);
        }

        WakeForQuarantines(pool);
        return FixedIpPoolRules.Refusal(vnic, freed.Result) is { } refused ? refused : Outcome.Done;
    }

    public Task<PoolView> Describe() => Task.FromResult(
        Opened().Try(out FixedIpPoolState? pool, out _)
            ? pool.View
            : new PoolView(new NetworkId(this.GetPrimaryKey()), 0, 0, 0, 0, null));

    private static HoldOperation Operation(
        FixedIpPoolState pool, PortId port, long? position, ProjectId project, string actor, RequestKey? key) => new(
        pool.Network.Id, pool.Epoch, port, project, actor,
        position is { } at ? pool.AddressAt(at) : null, position, null, key, null);

    /// <summary>An address, after quarantines that are over where there seems to be none.</summary>
    private async ValueTask<Outcome<long?>> Choose(FixedIpPoolState pool, Ip4Address? wanted)
    {
        Outcome<long?> chosen = FixedIpPoolRules.Choose(pool, wanted);
        if (!chosen.Refused || pool.Quarantined == 0 || !pool.Open)
        {
            return chosen;
        }

        await EndQuarantines(pool);
        return FixedIpPoolRules.Choose(pool, wanted);
    }

    private async Task<HoldOutcome> Hold(HoldOperation hold) => (await Hold([hold])).Only;

    private async Task<HoldAllOutcome> Hold(HoldOperation[] holds)
    {
        try
        {
            HoldAllOutcome outcome = await Told(holds[0], ledger.HoldAll(holds));
            return outcome.Why is { Result: HoldResult.Fenced } ? throw End(Overtaken) : outcome;
        }
        catch (OperatingFaultException e)
        {
            throw End(e.Message);
        }
    }

    /// <summary>The answer; until it is there, whoever repeats the command finds that it is being made.</summary>
    private async Task<T> Told<T>(HoldOperation hold, Task<T> answer)
    {
        Guid id = hold.Card?.Id.Value ?? hold.Port.Value;
        _pending[(id, null, null)] = answer;
        if (hold.Key is { } key)
        {
            _pending[(Guid.Empty, hold.Project, key.Key)] = answer;
        }

        try
        {
            return await answer;
        }
        finally
        {
            _pending.Remove((id, null, null));
            _pending.Remove((Guid.Empty, hold.Project, hold.Key?.Key));
        }
    }

    /// <summary>
    /// Waits until what the same command began before has its outcome, so that its rows can be found.
    /// </summary>
    private async Task Pending(Guid id, ProjectId project = default, RequestKey? key = null)
    {
        foreach (Task? before in (Task?[])[
            _pending.GetValueOrDefault((id, null, null)),
            key is null ? null : _pending.GetValueOrDefault((Guid.Empty, project, key.Key))])
        {
            await (before ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing
                | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }
}
