using NovaOrleans.Pools;
using NovaOrleans.Vnics;

namespace NovaOrleans.Queries;

internal static class VnicQueries
{
    /// <summary>Behind which id a page begins: the marker's, or all zeros for the first.</summary>
    internal const string Behind = "coalesce(cast(@marker as {uuid}), '00000000-0000-0000-0000-000000000000')";

    /// <summary>
    /// Twice, since who plans for any limit takes a tenth of what there is for it: a tenth of the largest page, then, and not of all cards.
    /// </summary>
    private static string Limited(string select) => $"select * from ({select} limit 1000) page limit @limit";

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
            session, byPort ? ByPort(filter, ofPort) : ByCard(filter, ofCard, ofPort),
            [
                ("service", service.Value), ("marker", page.Marker), ("limit", page.Limit),
                .. all.Where(c => c.Parameter is not null).Select(c => (c.Parameter!, c.Value)),
            ]);
    }

    /// <summary>A condition of a filter that is given, with its parameter if it has one.</summary>
    private sealed record Clause(string Text, string? Parameter, object? Value);

    private static Clause[] Given(params Clause[] clauses) => [.. clauses.Where(c => c.Value is not null)];

    private static string And(Clause[] clauses) => string.Concat(clauses.Select(c => $" and {c.Text}"));

    /// <summary>
    /// In the order of the project's index; where the card is asked about, that column's finds the few. A project is
    /// compared together with the id, so that no index but one with both has the order: told that it is equal, PostgreSQL drops it from
    /// the order and walks all cards by their ids, past those of others (10,000 of them took 1.8 ms, and the index 0.1).
    /// </summary>
    private static string ByCard(VnicFilter filter, Clause[] ofCard, Clause[] ofPort)
    {
        (string project, string order) = filter.Project is null
            ? ("", "c.uuid")
            : ($" and c.project_id {"{upto}"} @project and (c.project_id, c.uuid) > (@project, {Behind})", "c.project_id, c.uuid");
        string ports = ofPort.Length == 0 ? ""
            : $" and exists (select 1 from fixed_ips p where p.vnic_id = c.uuid and p.phase = 2 and not p.deleted{And(ofPort)})";
        return Limited(
            $"""
            select {VnicRows.Columns} from ethernet_cards c
             where c.service = @service and not c.deleted{And(ofCard)}{ports}
               and c.uuid > {Behind}{project}
             order by {order}
            """);
    }

    /// <summary>
    /// In the order of the cards' ids, which is that of the ports' index: the first hundred of a project in a network are its first
    /// hundred entries, however many more there are of either. The page is chosen from ports alone, and the cards are joined to it
    /// afterwards: joined first, PostgreSQL merges all that there are by id (45 ms of 100,000, and 0.4 so).
    /// </summary>
    private static string ByPort(VnicFilter filter, Clause[] ofPort) =>
        $"select {VnicRows.Columns} from (" + Limited(
            $$"""
            select distinct p.vnic_id from fixed_ips p
             where {{PortRows.IsTaken("p")}} and p.phase = 2 and not p.deleted{{And(ofPort)}}
               {{(filter.Project is null ? "" : "and p.project_id = @project")}}
               and p.network_uuid in (select n.uuid from networks n where n.service = @service)
               and p.vnic_id > {{Behind}}
             order by p.vnic_id
            """) + ") v join ethernet_cards c on c.uuid = v.vnic_id and not c.deleted";

    /// <summary>For operators, now and then: it looks at all cards.</summary>
    public static async Task<List<VnicView>> OfOthers(
        LedgerSession session, IReadOnlyList<ServicePath> services, ProjectId? project, Page page)
    {
        string names = string.Join(", ", Enumerable.Range(0, services.Count).Select(i => $"@s{i}"));
        return await WithPorts(
            session,
            Limited(
                $$"""
                select {{VnicRows.Columns}} from ethernet_cards c
                 where not c.deleted and (cast(@project as text) is null or c.project_id = @project)
                   {{(services.Count == 0 ? "" : $"and c.service not in ({names})")}}
                   and c.uuid > {{Behind}}
                 order by c.uuid
                """),
            [
                ("project", project?.Value), ("marker", page.Marker), ("limit", page.Limit),
                .. services.Select((s, i) => ($"s{i}", (object?)s.Value)),
            ]);
    }

    /// <summary>Those that are there, in the order in which they are asked for.</summary>
    public static async Task<List<VnicView>> ById(LedgerSession session, IReadOnlyList<VnicId> vnics)
    {
        if (vnics.Count == 0)
        {
            return [];
        }

        string names = string.Join(", ", Enumerable.Range(0, vnics.Count).Select(i => $"@v{i}"));
        List<VnicView> found = await WithPorts(
            session, $"select {VnicRows.Columns} from ethernet_cards c where c.uuid in ({names}) and not c.deleted",
            [.. vnics.Select((id, i) => ($"v{i}", (object?)id.Value))]);
        Dictionary<VnicId, VnicView> byId = found.ToDictionary(v => v.Id);
        return [.. vnics.Where(byId.ContainsKey).Select(id => byId[id])];
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

    public static Task<List<VnicView>> WithAddress(LedgerSession session, ProjectId project, Ip4Address address) => WithPorts(
        session,
        $"""
        select {VnicRows.Columns} from ethernet_cards c
         where c.service in (select service from ranges) and c.project_id = @project and not c.deleted and exists (
               select 1 from fixed_ips f
                where f.vnic_id = c.uuid and f.address = @address and f.phase = 2 and not f.deleted)
         order by c.uuid limit 100
        """,
        ("project", project), ("address", address));

    /// <summary>
    /// Cards in the order of their UUIDs, and their ports, by one statement, which is one exchange and one plan. A sum hides the phase
    /// from PostgreSQL's planner, which otherwise may take the projects' index for it and walk all ports that there are (26 ms of 110,000,
    /// and 1 so).
    /// </summary>
    /// <param name="session">Where it is asked.</param>
    /// <param name="cards">Selects the columns of cards.</param>
    /// <param name="parameters">Of <paramref name="cards"/>.</param>
    private static async Task<List<VnicView>> WithPorts(
        LedgerSession session, string cards, params (string Name, object? Value)[] parameters)
    {
        List<(VnicRows.Card Card, PortView? Port)> rows = await session.Query(
            $$"""
            {once}select c.*, {{PortRows.SeenColumns}} from (
            {{cards}}) c
              left join fixed_ips f on f.vnic_id = c.uuid and not f.deleted and f.phase + 0 = 2
             order by c.uuid, f.ordinal, f.id
            """,
            r => (VnicRows.Read(r), r.IsNull("port_uuid") ? null : PortRows.ReadSeen(r)),
            parameters);
        List<VnicView> views = new(rows.Count);
        for (int first = 0, next; first < rows.Count; first = next)
        {
            VnicRows.Card card = rows[first].Card;
            List<PortView> ports = [];
            for (next = first; next < rows.Count && rows[next].Card.Id == card.Id; next++)
            {
                if (rows[next].Port is { } port)
                {
                    ports.Add(port);
                }
            }

            views.Add(card.ToView(ports));
        }

        return views;
    }
}
