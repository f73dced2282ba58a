using NovaOrleans.Hosts;
using NovaOrleans.Projects;

namespace NovaOrleans.FloatingIps;

/// <summary>
/// See <see cref="IFloatingIpPoolGrain"/>. It remembers nothing: each decision is made in the commit that keeps it, over rows that
/// are held still there, and a row's version fences an activation that was overtaken.
/// </summary>
public sealed partial class FloatingIpPoolGrain(
    ILedger ledger, HostHints hints, QuotaDefaults quotas, ILogger<FloatingIpPoolGrain> logger) : Grain, IFloatingIpPoolGrain
{
    private static readonly Refusal Overtaken = new(RefusalCode.Stale, "The floating IP was changed by another activation.");

    private string Pool => this.GetPrimaryKeyString();

    public async Task<Outcome<int>> AddRange(AddFloatingRange command)
    {
        if (!FloatingIpPoolRules.AddressesOf(command.Range).Try(out IReadOnlyList<Ip4Address>? addresses, out Refusal? refusal))
        {
            return refusal;
        }

        string pool = Pool;
        Outcome<int> added;
        try
        {
            added = await ledger.Commit<int>(async s =>
            {
                if (await FloatingIpRows.AnyOf(s, addresses) is { } there)
                {
                    return FloatingIpPoolRules.Present(there.Address, there.Pool);
                }

                await FloatingIpRows.Insert(s, pool, command.Interface, addresses);
                await HistoryRows.Append(s, command.Actor, "floating IPs added", why: $"{command.Range} in {pool}");
                return addresses.Count;
            });
        }
        catch (LedgerConflictException e) when (e.Constraint == "floating_ips_address")
        {
            // Another pool took one of them between the look and the insert.
            return FloatingIpPoolRules.Present(command.Range.ToString(), "another one");
        }

        return Told(added, "added", command.Range);
    }

    public async Task<Outcome<int>> RemoveRange(Cidr4 range, string actor)
    {
        if (!FloatingIpPoolRules.AddressesOf(range).Try(out IReadOnlyList<Ip4Address>? addresses, out Refusal? refusal))
        {
            return refusal;
        }

        string pool = Pool;
        Outcome<int> removed = await ledger.Commit<int>(async s =>
        {
            var there = await FloatingIpRows.LockAll(s, pool, addresses);
            if (there.Find(f => f.Project is not null) is { Project: { } project } used)
            {
                return FloatingIpPoolRules.Allocated(used.Address, project);
            }

            foreach ((FloatingIpId id, _, _) in there)
            {
                await FloatingIpRows.Delete(s, id);
            }

            await HistoryRows.Append(s, actor, "floating IPs removed", why: $"{range} in {pool}");
            return there.Count;
        });
        return Told(removed, "removed", range);
    }

    public async Task<Outcome<FloatingIpView>> Allocate(AllocateFloatingIp command)
    {
        (string pool, QuotaDefaults limits) = (Pool, quotas);
        Outcome<Change> allocated = await Write(async s =>
        {
            if (command.Key is { } key && await FloatingIpRows.ByKey(s, command.Project, key) is { } before)
            {
                return before.RequestHash == key.BodyHash
                    ? new Change(before.View, null)
                    : RowRefusals.KeyReused(key, before.View.Id.Value);
            }

            if (await QuotaRows.FloatingIps(s, command.Project, limits) is { } over)
            {
                return over;
            }

            if (await FloatingIpRows.FirstFree(s, pool) is not { } free
                || await FloatingIpRows.Lock(s, pool, free) is not { } state)
            {
                return FloatingIpPoolRules.Empty(pool);
            }

            return await Give(s, state, command.Project, command.Key, command.Actor);
        });
        return Told(allocated, "allocated");
    }

    public async Task<Outcome> Release(FloatingIpId floating, ProjectId? project, string actor)
    {
        string pool = Pool;
        Outcome<Change> released = await Write(async s =>
        {
            if (!FloatingIpPoolRules.Known(await FloatingIpRows.Lock(s, pool, floating), floating, project)
                    .Try(out FloatingIpPoolState? state, out Refusal? refusal)
                || !FloatingIpPoolRules.Release(state).Try(out bool changes, out refusal))
            {
                return refusal;
            }

            return changes ? await Give(s, state, null, null, actor) : new Change(state.View, null);
        });
        return Told(released, "released").Refusal is { } refused ? refused : Outcome.Done;
    }

    public async Task<Outcome<FloatingIpView>> Associate(AssociateFloatingIp command)
    {
        string pool = Pool;
        try
        {
            return Told(await Write(s => AssociateIn(s, pool, command)), "associated");
        }
        catch (LedgerConflictException e) when (e.Constraint == "floating_ips_fixed")
        {
            return new Refusal(
                RefusalCode.FloatingIpInUse, $"Another floating IP stands for that address of VNIC {command.Vnic} already.",
                command.Vnic.ToString(), "fixed_ip");
        }
    }

    public async Task<Outcome<FloatingIpView>> Disassociate(FloatingIpId floating, ProjectId? project, string actor)
    {
        string pool = Pool;
        Outcome<Change> done = await Write(async s =>
        {
            if (!FloatingIpPoolRules.Known(await FloatingIpRows.Lock(s, pool, floating), floating, project)
                .Try(out FloatingIpPoolState? state, out Refusal? refusal))
            {
                return refusal;
            }

            return state.View.Port is null ? new Change(state.View, null) : await Leave(s, state, actor, null);
        });
        return Told(done, "disassociated");
    }

    public async Task<int> Tidy()
    {
        string pool = Pool;
        Outcome<int> tidied = await ledger.Commit<int>(async s =>
        {
            List<FloatingIpPoolState> over = await FloatingIpRows.LockOver(s, pool);
            foreach (FloatingIpPoolState state in over)
            {
                await Leave(s, state, "pool", "its fixed IP is free");
            }

            return over.Count;
        });
        if (tidied.Value > 0)
        {
            LogTidied(pool, tidied.Value);
        }

        return tidied.Value;
    }

    /// <summary>What an address is after a commit; <paramref name="Before"/> where it changed.</summary>
    private sealed record Change(FloatingIpView After, FloatingIpView? Before);

    private static async Task<Outcome<Change>> AssociateIn(LedgerSession s, string pool, AssociateFloatingIp command)
    {
        if (!FloatingIpPoolRules.Known(await FloatingIpRows.Lock(s, pool, command.Floating), command.Floating, command.Project)
            .Try(out FloatingIpPoolState? state, out Refusal? refusal))
        {
            return refusal;
        }

        FloatingIpPoolState.Target? wanted = await FloatingIpRows.Target(s, command);
        state = state with
        {
            Wanted = wanted,
            WantedHas = wanted is null ? null : await FloatingIpRows.Other(s, wanted.Port, state.View.Id),
        };
        if (!FloatingIpPoolRules.Associate(state, command).Try(out var decided, out refusal))
        {
            return refusal;
        }

        if (!decided.Changes)
        {
            return new Change(state.View, null);
        }

        if (state.View.Vnic is not null)
        {
            await Tell(s, command.Actor, "floating IP disassociated", state.View, $"it moves to {decided.Target.Address}");
        }

        if (!await FloatingIpRows.Point(s, state, decided.Target.Port, command.Vnic))
        {
            return Overtaken;
        }

        FloatingIpView after = (await FloatingIpRows.Lock(s, pool, command.Floating))!.View;
        await Tell(s, command.Actor, "floating IP associated", after, $"{after.Fixed}");
        return new Change(after, state.View);
    }

    private static async Task<Outcome<Change>> Give(
        LedgerSession s, FloatingIpPoolState state, ProjectId? project, RequestKey? key, string actor)
    {
        if (!await FloatingIpRows.Give(s, state, project, key))
        {
            return Overtaken;
        }

        await Tell(
            s, actor, project is null ? "floating IP released" : "floating IP allocated", state.View,
            $"{project ?? state.View.Project}");
        return new Change(state.View with { Project = project, AutoAssigned = false }, state.View);
    }

    private static async Task<Outcome<Change>> Leave(LedgerSession s, FloatingIpPoolState state, string actor, string? why)
    {
        if (!await FloatingIpRows.Point(s, state, null, null))
        {
            return Overtaken;
        }

        await Tell(s, actor, "floating IP disassociated", state.View, why ?? $"{state.View.Fixed}");
        return new Change(state.View with { Port = null, Fixed = null, Vnic = null, Instance = null }, state.View);
    }

    private static Task<int> Tell(LedgerSession s, string actor, string what, FloatingIpView view, string why) =>
        HistoryRows.Append(s, actor, what, vnic: view.Vnic, address: view.Address.ToString(), why: why);

    private async Task<Outcome<Change>> Write(Func<LedgerSession, Task<Outcome<Change>>> work)
    {
        Outcome<Change> written = await ledger.Commit(work);
        if (ReferenceEquals(written.Refusal, Overtaken))
        {
            DeactivateOnIdle();
            throw new OperatingFaultException(Overtaken.Reason, mayRetry: true);
        }

        return written;
    }

    /// <summary>The hosts of the VNICs that it stood for and stands for look again; nobody waits for them.</summary>
    private Outcome<FloatingIpView> Told(Outcome<Change> outcome, string what)
    {
        if (!outcome.Try(out Change? change, out Refusal? refusal))
        {
            return refusal;
        }

        if (change.Before is { } before)
        {
            LogChanged(Pool, what, change.After.Address.ToString());
            foreach (VnicId vnic in new[] { before.Vnic, change.After.Vnic }.OfType<VnicId>().Distinct())
            {
                _ = hints.VnicChanged(vnic);
            }
        }

        return change.After;
    }

    private Outcome<int> Told(Outcome<int> outcome, string what, Cidr4 range)
    {
        if (!outcome.Refused)
        {
            LogChanged(Pool, what, range.ToString());
        }

        return outcome;
    }
}
