using NovaOrleans.Networks;

namespace NovaOrleans.Queries;

internal static class NetworkQueries
{
    /// <summary>A project sees its own networks and those without project, which are shared or free; no project sees all.</summary>
    public static Task<List<NetworkView>> List(
        LedgerSession session, ServicePath service, ProjectId? project, Page page) => session.Query(
        $$"""
        select {{NetworkRows.Columns}} from {{NetworkRows.From}}
         where n.service = @service and not n.deleted
           and (cast(@project as text) is null or n.project_id = @project or n.project_id is null)
           and n.id > coalesce((select m.id from networks m where m.uuid = cast(@marker as {uuid})), 0)
         order by n.id limit @limit
        """,
        NetworkRows.Read, ("service", service.Value), ("project", project?.Value), ("marker", page.Marker),
        ("limit", page.Limit));

    /// <summary>For operators, now and then: it looks at all networks.</summary>
    public static Task<List<NetworkView>> OfOthers(
        LedgerSession session, IReadOnlyList<ServicePath> services, ProjectId project, Page page)
    {
        string names = string.Join(", ", Enumerable.Range(0, services.Count).Select(i => $"@s{i}"));
        return session.Query(
            $$"""
            select {{NetworkRows.Columns}} from {{NetworkRows.From}}
             where not n.deleted and n.project_id = @project {{(services.Count == 0 ? "" : $"and n.service not in ({names})")}}
               and n.id > coalesce((select m.id from networks m where m.uuid = cast(@marker as {uuid})), 0)
             order by n.id limit @limit
            """,
            NetworkRows.Read,
            [
                ("project", project.Value), ("marker", page.Marker), ("limit", page.Limit),
                .. services.Select((s, i) => ($"s{i}", (object?)s.Value)),
            ]);
    }
}
