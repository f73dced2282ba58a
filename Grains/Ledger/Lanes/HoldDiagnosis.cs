using NovaOrleans.Projects;

namespace NovaOrleans.Ledger;

/// <summary>
/// Why an operation of the hot lane did not come back. It is asked after the batch and beside it, since refusals are
/// rare: the writer does not wait for it. Null where nothing explains it any more.
/// </summary>
internal static class HoldDiagnosis
{
    private const string CardsThere =
        """
        select 1 as way, uuid, request_hash, deleted from ethernet_cards where uuid = @card
        union all
        select 2, uuid, request_hash, deleted from ethernet_cards
        where project_id = @project and request_key = @key and not deleted
        union all
        select 3, uuid, request_hash, deleted from ethernet_cards where mac_address = @mac and not deleted
        order by 1
        """;

    private const string PortsThere =
        """
        select 1 as way, uuid, request_hash, deleted from fixed_ips where uuid = @port
        union all
        select 2, uuid, request_hash, deleted from fixed_ips
        where project_id = @project and request_key = @key and not deleted
        order by 1
        """;

    private const int ByMac = 3;

    /// <summary>The first of them that something explains.</summary>
    public static async Task<HoldAllOutcome?> OfHolds(LedgerSession session, IReadOnlyList<HoldOperation> holds)
    {
        for (int i = 0; i < holds.Count; i++)
        {
            if (await OfHold(session, holds[i]) is { } why)
            {
                return HoldAllOutcome.None(i, why);
            }
        }

        return null;
    }

    public static async Task<HoldOutcome?> OfHold(LedgerSession session, HoldOperation hold)
    {
        (long Epoch, bool Open) pool = await Pool(session, hold.Network);
        if (pool.Epoch != hold.Epoch)
        {
            return new HoldOutcome(HoldResult.Fenced);
        }

        HoldOutcome? there = hold.Card is { } card
            ? await session.QueryOne(
                CardsThere, There,
                ("card", card.Id), ("project", hold.Project), ("key", hold.Key?.Key), ("mac", card.Mac))
            : await session.QueryOne(
                PortsThere, There, ("port", hold.Port), ("project", hold.Project), ("key", hold.Key?.Key));
        return there
            ?? (!pool.Open ? new HoldOutcome(HoldResult.Closed)
                : await QuotaRows.HasFixedIps(session, hold.Project) ? new HoldOutcome(HoldResult.Counted)
                : null);
    }

    public static async Task<FreeOutcome?> OfFree(LedgerSession session, FreeOperation free)
    {
        if ((await Pool(session, free.Network)).Epoch != free.Epoch)
        {
            return FreeOutcome.Refused(FreeResult.Fenced);
        }

        (long Version, bool Attached, bool Elsewhere)? card = await session.QueryOne(
            """
            select c.version, c.instance_id is not null as attached, exists (
                select 1 from fixed_ips f
                where f.vnic_id = c.uuid and f.network_uuid <> @network and not f.deleted) as elsewhere
            from ethernet_cards c where c.uuid = @card and not c.deleted
            """,
            row => ((long, bool, bool)?)(row.Long("version"), row.Flag("attached"), row.Flag("elsewhere")),
            ("network", free.Network), ("card", free.Vnic));
        return card switch
        {
            null => FreeOutcome.Refused(FreeResult.Gone),
            { Version: var version } when version != free.Version => FreeOutcome.Refused(FreeResult.Stale),
            { Attached: true } => FreeOutcome.Refused(FreeResult.Attached),
            { Elsewhere: true } => FreeOutcome.Refused(FreeResult.HeldElsewhere),
            _ => null,
        };
    }

    private static async Task<(long Epoch, bool Open)> Pool(LedgerSession session, NetworkId network) =>
        await session.QueryOne(
            "select epoch, open from pools where network_uuid = @network",
            row => (row.Long("epoch"), row.Flag("open")), ("network", network));

    private static HoldOutcome There(LedgerRow row) => row.Int("way") == ByMac
        ? new HoldOutcome(HoldResult.MacTaken)
        : new HoldOutcome(
            HoldResult.Repeated,
            Existing: row.Uuid("uuid"), Hash: row.TextOrNull("request_hash"), Deleted: row.Flag("deleted"));
}
