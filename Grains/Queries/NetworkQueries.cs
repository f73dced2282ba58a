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
}
