using NovaOrleans.Pools;
using NovaOrleans.Vnics;

namespace NovaOrleans.Queries;

internal static class VnicQueries
{
    /// <summary>What a list's first page begins behind.</summary>
    internal const string NoId = "00000000-0000-0000-0000-000000000000";

    public static async Task<List<VnicView>> List(LedgerSession session, ServicePath service, VnicFilter filter, Page page)
    {
        Clause[] ofCard = Given(
            new("c.name = @name", "name", filter.Name), new("c.mac_address = @mac", "mac", filter.Mac),
            new("c.instance_id = @instance", "instance", filter.Instance), new("c.host = @host", "host", filter.Host));
        Clause[] ofPort = Given(
            new("p.network_uuid = @network", "network", filter.Network),
            // In words, so that the index of the few that are down fits.
            new(filter.Up == false ? "not p.up" : "p.up", null, filter.Up));
        bool byPort = ofCard.Length == 0 && (filter.Network is not null || filter.Up == false);
        Clause[] all = [.. ofCard, .. ofPort, .. Given(new Clause("", "project", filter.Project))];
        return await WithPorts(
            session,
            await session.Query(
                byPort ? ByPort(filter, ofPort) : ByCard(filter, ofCard, ofPort),
                VnicRows.Read,
                [
                    ("service", service.Value), ("marker", page.Marker), ("limit", page.Limit),
                    .. all.Where(c => c.Parameter is not null).Select(c => (c.Parameter!, c.Value)),
                ]));
    }

    /// <summary>A condition of a filter that is given, with its parameter if it has one.</summary>
    private sealed record Clause(string Text, string? Parameter, object? Value);

    private static Clause[] Given(params Clause[] clauses) => [.. clauses.Where(c => c.Value is not null)];

    private static string And(Clause[] clauses) => string.Concat(clauses.Select(c => $" and {c.Text}"));

    /// <summary>
    /// In the order of rows, as the project's index has it; where the card is asked about, that column's finds the few. A project is
    /// compared together with the row, so that no index but one with both has the order: told that it is equal, PostgreSQL drops it from
    /// the order and walks all cards by their rows, past those of others (10,000 of them took 1.8 ms, and the index 0.1).
    /// </summary>
    private static string ByCard(VnicFilter filter, Clause[] ofCard, Clause[] ofPort)
    {
        const string behind = "coalesce((select m.id from ethernet_cards m where m.uuid = cast(@marker as {uuid})), 0)";
        (string project, string order) = filter.Project is null
            ? ("", "c.id")
            : ($" and c.project_id {"{upto}"} @project and (c.project_id, c.id) > (@project, {behind})", "c.project_id, c.id");
        string ports = ofPort.Length == 0 ? ""
            : $" and exists (select 1 from fixed_ips p where p.vnic_id = c.uuid and p.phase = 2 and not p.deleted{And(ofPort)})";
        return $"""
            select {VnicRows.Columns} from ethernet_cards c
             where c.service = @service and not c.deleted{And(ofCard)}{ports}
               and c.id > {behind}{project}
             order by {order} limit @limit
            """;
    }

    /// <summary>
    /// In the order of the cards' ids, which is that of the ports' index: the first hundred of a project in a network are its first
    /// hundred entries, however many more there are of either. The page is chosen from ports alone, and the cards are joined to it
    /// afterwards: joined first, PostgreSQL merges all that there are by id (45 ms of 100,000, and 0.4 so).
    /// </summary>
    private static string ByPort(VnicFilter filter, Clause[] ofPort) =>
        $$"""
        select {{VnicRows.Columns}} from (
            select distinct p.vnic_id from fixed_ips p
             where {{PortRows.IsTaken("p")}} and p.phase = 2 and not p.deleted{{And(ofPort)}}
               {{(filter.Project is null ? "" : "and p.project_id = @project")}}
               and p.network_uuid in (select n.uuid from networks n where n.service = @service)
               and p.vnic_id > coalesce(cast(@marker as {uuid}), '{{NoId}}')
             order by p.vnic_id limit @limit) v
          join ethernet_cards c on c.uuid = v.vnic_id and not c.deleted order by c.uuid
        """;

    /// <summary>For operators, now and then: it looks at all cards.</summary>
    public static async Task<List<VnicView>> OfOthers(
        LedgerSession session, IReadOnlyList<ServicePath> services, ProjectId? project, Page page)
    {
        string names = string.Join(", ", Enumerable.Range(0, services.Count).Select(i => $"@s{i}"));
        return await WithPorts(
            session,
            await session.Query(
                $$"""
                select {{VnicRows.Columns}} from ethernet_cards c
                 where not c.deleted and (cast(@project as text) is null or c.project_id = @project)
                   {{(services.Count == 0 ? "" : $"and c.service not in ({names})")}}
                   and c.id > coalesce((select m.id from ethernet_cards m where m.uuid = cast(@marker as {uuid})), 0)
                 order by c.id limit @limit
                """,
                VnicRows.Read,
                [
                    ("project", project?.Value), ("marker", page.Marker), ("limit", page.Limit),
                    .. services.Select((s, i) => ($"s{i}", (object?)s.Value)),
                ]));
    }

    public static async Task<List<VnicView>> ById(LedgerSession session, IReadOnlyList<VnicId> vnics)
    {
        var cards = new List<VnicRows.Card>(vnics.Count);
        foreach (VnicId vnic in vnics)
        {
            if (await VnicRows.Load(session, vnic) is { } card)
            {
                cards.Add(card);
            }
        }

        return await WithPorts(session, cards);
    }

    public static Task<VnicOwner?> OwnerOf(LedgerSession session, VnicId vnic) => session.QueryOne(
        """
        select c.service, c.project_id, c.version, (
               select f.network_uuid from fixed_ips f where f.vnic_id = c.uuid and not f.deleted limit 1) as network_uuid
          from ethernet_cards c where c.uuid = @id and not c.deleted
        """,
        r => new VnicOwner(
            ServicePath.Parse(r.Text("service")), ProjectId.Parse(r.Text("project_id")), r.Long("version"),
            r.UuidOrNull("network_uuid") is { } network ? new NetworkId(network) : null),
        ("id", vnic));

    public static async Task<List<VnicView>> WithAddress(LedgerSession session, ProjectId project, Ip4Address address) =>
        await WithPorts(
            session,
            await session.Query(
                $"""
                select {VnicRows.Columns} from ethernet_cards c
                 where c.service in (select service from ranges) and c.project_id = @project and not c.deleted and exists (
                       select 1 from fixed_ips f
                        where f.vnic_id = c.uuid and f.address = @address and f.phase = 2 and not f.deleted)
                 order by c.id limit 100
                """,
                VnicRows.Read, ("project", project), ("address", address)));

    /// <summary>
    /// The ports of a whole page in one statement. A sum hides the phase from PostgreSQL's planner, which otherwise may take the
    /// projects' index for it and walk all ports that there are (26 ms of 110,000, and 1 so).
    /// </summary>
    private static async Task<List<VnicView>> WithPorts(LedgerSession session, List<VnicRows.Card> cards)
    {
        if (cards.Count == 0)
        {
            return [];
        }

        string names = string.Join(", ", Enumerable.Range(0, cards.Count).Select(i => $"@v{i}"));
        List<PortView> ports = await session.Query(
            $$"""
            select {{PortRows.SeenColumns}} from fixed_ips f
             where f.vnic_id in ({{names}}) and not f.deleted and f.phase + 0 = 2 order by f.ordinal, f.id
            """,
            PortRows.ReadSeen, [.. cards.Select((c, i) => ($"v{i}", (object?)c.Id.Value))]);
        ILookup<VnicId?, PortView> byVnic = ports.ToLookup(p => p.Vnic);
        return cards.ConvertAll(c => c.ToView([.. byVnic[c.Id]]));
    }
}
