using System.Collections.Concurrent;
using NovaOrleans.Pools;
using NovaOrleans.Projects;

namespace NovaOrleans.Ledger;

/// <summary>
/// Holds and frees on SQLite: there is one writer anyway, the general lane's. Holds of cards that wait are one piece of its work, in
/// which none is expected to be refused; where one is, nothing of it was applied and each goes again alone, as a piece of work of its
/// own with its own savepoint, as frees and ports without a card do from the first.
/// </summary>
internal sealed class SqliteHoldLane(WorkLane work, QuotaDefaults quotas) : IHoldLane
{
    private readonly ConcurrentQueue<WaitingHold> _waiting = new();

    /// <summary>1 while a piece of work is on its way that will take what waits.</summary>
    private int _called;

    public Task<HoldAllOutcome> Hold(IReadOnlyList<HoldOperation> operations)
    {
        if (operations.Any(o => o.Card is null))
        {
            return Alone(operations);
        }

        WaitingHold waiting = new(operations);
        _waiting.Enqueue(waiting);
        Call();
        return waiting.Answered;
    }

    /// <summary>
    /// Holds of a project whose fixed IPs are counted, on either database: what they add is counted in their own transaction.
    /// </summary>
    public static Task<HoldAllOutcome> HoldCounted(
        WorkLane work, IReadOnlyList<HoldOperation> operations, QuotaDefaults quotas) =>
        Kept(work, async session =>
            await QuotaRows.FixedIps(session, operations[0].Project, quotas, operations.Count) is { } over
                ? await HoldDiagnosis.OfHolds(session, operations) is { Why: not { Result: HoldResult.Counted } } there
                    ? there
                    : HoldAllOutcome.None(0, new HoldOutcome(HoldResult.OverQuota, Quota: over))
                : await Hold(session, operations, counted: true));

    private void Call()
    {
        if (Interlocked.Exchange(ref _called, 1) == 0)
        {
            _ = CommitWaiting();
        }
    }

    private async Task CommitWaiting()
    {
        List<WaitingHold> batch = [];
        try
        {
            await work.Add(
                async session =>
                {
                    if (batch.Count == 0)
                    {
                        Take(batch);
                    }

                    await SqliteCards.Hold(session, batch, quotas);
                    return true;
                },
                static _ => true);
        }
        catch (LedgerConflictException)
        {
            batch.ForEach(h => Array.Clear(h.Outcomes));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (batch.Count == 0)
            {
                // The lane is closed: nobody else will take them.
                Take(batch);
            }

            batch.ForEach(h => h.Fail(e));
            return;
        }

        foreach (WaitingHold hold in batch)
        {
            if (hold.IsMade)
            {
                hold.Answer();
            }
            else
            {
                _ = hold.AnswerAs(Alone(hold.Operations));
            }
        }
    }

    /// <summary>What waits, up to a batch; for the rest somebody else is called.</summary>
    private void Take(List<WaitingHold> batch)
    {
        Volatile.Write(ref _called, 0);
        for (int rows = 0; rows < BatchLoop<HotOperation>.Largest && _waiting.TryDequeue(out WaitingHold? hold); rows += hold.Rows)
        {
            batch.Add(hold);
        }

        if (!_waiting.IsEmpty)
        {
            Call();
        }
    }

    private Task<HoldAllOutcome> Alone(IReadOnlyList<HoldOperation> operations) => quotas.Of(QuotaKind.FixedIps) >= 0
        ? Task.FromResult(WaitingHold.Counted)
        : Kept(work, session => Hold(session, operations, counted: false));

    private static async Task<HoldAllOutcome> Kept(WorkLane work, Func<LedgerSession, Task<HoldAllOutcome>> hold)
    {
        try
        {
            return await work.Add(hold, static o => o.Why is null);
        }
        catch (LedgerConflictException e)
        {
            return OfConflict(e) is { } refused ? HoldAllOutcome.None(0, refused) : throw AddressConflict(e);
        }
    }

    /// <summary>Whether the pool is this activation's and takes holds.</summary>
    internal static Task<bool> IsOpen(LedgerSession session, NetworkId network, long epoch) => session.QueryOne(
        "select 1 as one from pools where network_uuid = @network and epoch = @epoch and open",
        _ => true, ("network", network), ("epoch", epoch));

    /// <summary>What a conflict of the port's row means, where it is the caller's affair.</summary>
    internal static HoldOutcome? OfConflict(LedgerConflictException e) =>
        e.Constraint == "fixed_ips_v6" ? new HoldOutcome(HoldResult.AddressV6Taken) : null;

    public Task<FreeOutcome> Free(FreeOperation operation) =>
        work.Add(session => Free(session, operation), static o => o.Result == FreeResult.Freed);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The pool's memory differs from its rows although nobody fenced it: it must be read again.</summary>
    internal static OperatingFaultException AddressConflict(LedgerConflictException e) =>
        new($"the pool's memory is not what its rows say: {e.Message}", mayRetry: true);

    private static async Task<HoldAllOutcome> Hold(
        LedgerSession session, IReadOnlyList<HoldOperation> holds, bool counted)
    {
        bool taken = await IsOpen(session, holds[0].Network, holds[0].Epoch)
            && (counted || !await QuotaRows.HasFixedIps(session, holds[0].Project));
        List<HoldOutcome> held = [];
        foreach (HoldOperation hold in taken ? holds : [])
        {
            HoldOutcome? made = hold.Card is { } card ? await WithCard(session, hold, card) : await Alone(session, hold);
            if (made is null)
            {
                break;
            }

            held.Add(made);
        }

        return held.Count == holds.Count ? new HoldAllOutcome(held)
            : await HoldDiagnosis.OfHold(session, holds[held.Count]) is { } why ? HoldAllOutcome.None(held.Count, why)
            : throw new OperatingFaultException("the hold was refused for no reason that remains", mayRetry: true);
    }

    private static async Task<HoldOutcome?> WithCard(LedgerSession session, HoldOperation hold, NewCard card)
    {
        HoldOutcome? made = await session.QueryOne(
            """
            insert into ethernet_cards (uuid, service, project_id, mac_address, name, request_key, request_hash)
            values (@uuid, @service, @project, @mac, @name, @key, @hash)
            on conflict do nothing returning id, created_at
            """,
            Held,
            ("uuid", card.Id), ("service", card.Service), ("project", hold.Project), ("mac", card.Mac),
            ("name", card.Name), ("key", hold.Key?.Key), ("hash", hold.Key?.BodyHash));
        if (made is null)
        {
            return null;
        }

        await session.Execute(
            """
            insert into fixed_ips (
                uuid, network_uuid, address, position, address_v6, phase, vnic_id, project_id, created_at)
            values (@port, @network, @address, @position, @v6, 2, @card, @project, @created)
            """,
            ("port", hold.Port), ("network", hold.Network), ("address", hold.Address), ("position", hold.Position),
            ("v6", hold.AddressV6), ("card", card.Id), ("project", hold.Project),
            ("created", made.CreatedAt));
        await Tell(session, hold, "address held");
        return made;
    }

    private static async Task<HoldOutcome?> Alone(LedgerSession session, HoldOperation hold)
    {
        HoldOutcome? made = await session.QueryOne(
            """
            insert into fixed_ips (
                uuid, network_uuid, address, position, address_v6, phase, project_id, request_key, request_hash)
            values (@port, @network, @address, @position, @v6, 1, @project, @key, @hash)
            on conflict do nothing returning id, created_at
            """,
            Held,
            ("port", hold.Port), ("network", hold.Network), ("address", hold.Address), ("position", hold.Position),
            ("v6", hold.AddressV6), ("project", hold.Project), ("key", hold.Key?.Key), ("hash", hold.Key?.BodyHash));
        if (made is not null)
        {
            await Tell(session, hold, "port allocated");
        }

        return made;
    }

    private static HoldOutcome Held(LedgerRow row) => new(HoldResult.Held, row.Long("id"), row.Time("created_at"));

    private static Task<int> Tell(LedgerSession session, HoldOperation hold, string what) => session.Execute(
        """
        insert into history (actor, what, network_uuid, vnic_id, address, generation)
        values (@actor, @what, @network, @card, @address, 0)
        """,
        ("actor", hold.Actor), ("what", what), ("network", hold.Network), ("card", hold.Card?.Id),
        ("address", hold.Address?.ToString() ?? hold.AddressV6?.ToString()));

    private static async Task<FreeOutcome> Free(LedgerSession session, FreeOperation free)
    {
        long? generation = await session.QueryOne(
            """
            update ethernet_cards
            set deleted = {true}, deleted_at = {now}, updated_at = {now}, version = version + 1
            where uuid = @card and version = @version and not deleted and instance_id is null
                and exists (select 1 from pools where network_uuid = @network and epoch = @epoch)
                and not exists (select 1 from fixed_ips f
                    where f.vnic_id = @card and f.network_uuid <> @network and not f.deleted)
            returning generation
            """,
            row => (long?)row.Long("generation"),
            ("card", free.Vnic), ("version", free.Version), ("network", free.Network), ("epoch", free.Epoch));
        if (generation is null)
        {
            return await HoldDiagnosis.OfFree(session, free)
                ?? throw new OperatingFaultException("the free was refused for no reason that remains", mayRetry: true);
        }

        await session.Execute(
            """
            insert into history (actor, what, network_uuid, vnic_id, address, generation)
            select @actor, case when f.id is null then 'card deleted' else 'address released' end, @network, @card,
                coalesce(f.address, f.address_v6), @generation
            from (select 1) one left join fixed_ips f
                on f.vnic_id = @card and f.network_uuid = @network and not f.deleted
            """,
            ("actor", free.Actor), ("network", free.Network), ("card", free.Vnic), ("generation", generation));
        int rest = generation > 0 ? await PoolRows.QuarantineSeconds(session, free.Network) : 0;
        return new FreeOutcome(FreeResult.Freed, await Release(session, free, rest));
    }

    /// <summary>Its addresses are free and have no row any more, or rest for so long.</summary>
    private static Task<List<FreedAddress>> Release(LedgerSession session, FreeOperation free, int restSeconds) => session.Query(
        (restSeconds > 0
            ? "update fixed_ips set phase = 3, vnic_id = null, quarantined_until = {now+@seconds}, updated_at = {now}"
            : "delete from fixed_ips")
        + " where vnic_id = @card and network_uuid = @network and not deleted returning position, quarantined_until",
        row => new FreedAddress(row.LongOrNull("position"), row.TimeOrNull("quarantined_until")),
        ("seconds", restSeconds), ("network", free.Network), ("card", free.Vnic));
}
