using System.Globalization;
using System.Text.Json.Nodes;
using NovaOrleans.Vnics;

namespace NovaOrleans.Pools;

/// <summary>
/// The rows of many cards of one network, each kind by one statement over a JSON array: 1,000 cards are three statements and
/// not three thousand.
/// </summary>
internal static class BulkRows
{
    private static readonly Refusal Meets = new(RefusalCode.MacInUse, "A card with one of these MACs, ids or keys is there.");

    public static Task<bool> IsOpen(LedgerSession session, NetworkId network) => session.QueryOne(
        "select 1 as one from pools where network_uuid = @network and open {share}", _ => true, ("network", network));

    /// <summary>All of them, or a refusal where one meets a card that is there.</summary>
    public static async Task<Outcome<IReadOnlyList<VnicView>>> Insert(
        LedgerSession session, HoldOperation[] holds, RequestKey? key)
    {
        HoldOperation first = holds[0];
        string rows = Rows(holds, key);
        Dictionary<Guid, HoldOutcome> made = (await session.Query(
            """
            insert into ethernet_cards (uuid, service, project_id, mac_address, name, request_key, request_hash)
            select cast(r.value ->> 'card' as {uuid}), @service, @project, r.value ->> 'mac', r.value ->> 'name',
                   r.value ->> 'key', cast(@hash as text)
              from {rows} where true
            on conflict do nothing returning uuid, id, created_at
            """,
            r => (Card: r.Uuid("uuid"), Outcome: new HoldOutcome(HoldResult.Held, r.Long("id"), r.Time("created_at"))),
            ("rows", rows), ("service", first.Card!.Service), ("project", first.Project), ("hash", key?.BodyHash)))
            .ToDictionary(m => m.Card, m => m.Outcome);
        if (made.Count < holds.Length)
        {
            return Meets;
        }

        if (await InsertPorts(session, first, rows) is { } taken)
        {
            return taken;
        }

        await session.Execute(
            """
            insert into history (actor, what, network_uuid, vnic_id, address, generation)
            select @actor, 'address held', @network, cast(r.value ->> 'card' as {uuid}),
                   coalesce(r.value ->> 'address', r.value ->> 'v6'), 0
              from {rows}
            """,
            ("rows", rows), ("actor", first.Actor), ("network", first.Network));
        return holds.Select(h => FixedIpPoolRules.View(h, made[h.Card!.Id.Value])).ToArray();
    }

    private static async Task<Refusal?> InsertPorts(LedgerSession session, HoldOperation first, string rows)
    {
        try
        {
            await session.Execute(
                """
                insert into fixed_ips (
                    uuid, network_uuid, address, position, address_v6, phase, vnic_id, project_id, created_at)
                select cast(r.value ->> 'port' as {uuid}), @network, r.value ->> 'address',
                       cast(r.value ->> 'position' as bigint), r.value ->> 'v6', 2, c.uuid, @project, c.created_at
                  from {rows} join ethernet_cards c on c.uuid = cast(r.value ->> 'card' as {uuid})
                """,
                ("rows", rows), ("network", first.Network), ("project", first.Project));
            return null;
        }
        catch (LedgerConflictException e) when (SqliteHoldLane.OfConflict(e) is { Result: HoldResult.AddressV6Taken })
        {
            return new Refusal(
                RefusalCode.AddressUnavailable, "The IPv6 address of one of these MACs is taken.",
                first.Network.ToString(), "mac_address");
        }
    }

    /// <summary>The cards that the same command made before and that live, or why they cannot be its answer.</summary>
    public static async Task<Outcome<IReadOnlyList<VnicView>>?> Find(LedgerSession session, CreateVnics command)
    {
        List<VnicRows.Card> cards = await session.Query(
            $"""
            select {VnicRows.Columns} from ethernet_cards c
             where not c.deleted and (c.uuid in (select cast(r.value ->> 'card' as {"{uuid}"}) from {"{rows}"})
                or (c.project_id = @project and c.request_key in (select r.value ->> 'key' from {"{rows}"})))
             order by c.id
            """,
            VnicRows.Read,
            ("rows", Rows(command.Cards.Select(c => c.Vnic.Value), command.Key)), ("project", command.Project));
        if (cards.Count == 0)
        {
            return null;
        }

        foreach (VnicRows.Card card in cards)
        {
            if (FixedIpPoolRules.Repeats(card.Id.Value, card.Project, card.RequestHash, command.Project, command.Key) is { } refusal)
            {
                return refusal;
            }
        }

        List<VnicView> views = [];
        foreach (VnicRows.Card card in cards)
        {
            views.Add(card.ToView(await VnicRows.Ports(session, card.Id)));
        }

        return views;
    }

    public static async Task<MacAddress[]> MacsTaken(LedgerSession session, HoldOperation[] holds) =>
    [
        .. await session.Query(
            "select mac_address from ethernet_cards where not deleted and mac_address in (select r.value ->> 'mac' from {rows})",
            r => MacAddress.Parse(r.Text("mac_address")), ("rows", Rows(holds, null))),
    ];

    private static string Rows(HoldOperation[] holds, RequestKey? key) => new JsonArray([.. holds.Select((hold, i) => new JsonObject
    {
        ["card"] = hold.Card!.Id.Value.ToString(),
        ["key"] = KeyOf(key, i),
        ["mac"] = hold.Card.Mac.ToString(),
        ["name"] = hold.Card.Name,
        ["port"] = hold.Port.Value.ToString(),
        ["address"] = hold.Address?.ToString(),
        ["position"] = hold.Position,
        ["v6"] = hold.AddressV6?.ToString(),
    })]).ToJsonString();

    private static string Rows(IEnumerable<Guid> cards, RequestKey? key) => new JsonArray([.. cards.Select((card, i) => new JsonObject
    {
        ["card"] = card.ToString(),
        ["key"] = KeyOf(key, i),
    })]).ToJsonString();

    /// <summary>
    /// A card's own key of the request's: the number behind a blank, which no client's key has in it.
    /// </summary>
    private static string? KeyOf(RequestKey? key, int card) =>
        key is null ? null : card == 0 ? key.Key : string.Create(CultureInfo.InvariantCulture, $"{key.Key} {card}");
}
