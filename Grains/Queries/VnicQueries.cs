using NovaOrleans.Pools;
using NovaOrleans.Vnics;

namespace NovaOrleans.Queries;

internal static class VnicQueries
{
    public static async Task<List<VnicView>> List(
        LedgerSession session, ServicePath service, ProjectId? project, Page page) => await WithPorts(
        session,
        await session.Query(
            $$"""
            select {{VnicRows.Columns}} from ethernet_cards c
             where c.service = @service and not c.deleted and (cast(@project as text) is null or c.project_id = @project)
               and c.id > coalesce((select m.id from ethernet_cards m where m.uuid = cast(@marker as {uuid})), 0)
             order by c.id limit @limit
            """,
            VnicRows.Read, ("service", service.Value), ("project", project?.Value), ("marker", page.Marker),
            ("limit", page.Limit)));

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

    /// <summary>The ports of a whole page in one statement.</summary>
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
             where f.vnic_id in ({{names}}) and not f.deleted and f.phase = 2 order by f.ordinal, f.id
            """,
            PortRows.ReadSeen, [.. cards.Select((c, i) => ($"v{i}", (object?)c.Id.Value))]);
        ILookup<VnicId?, PortView> byVnic = ports.ToLookup(p => p.Vnic);
        return cards.ConvertAll(c => c.ToView([.. byVnic[c.Id]]));
    }
}
