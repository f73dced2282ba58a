using NovaOrleans.Instances;

namespace NovaOrleans.Queries;

internal static class InstanceQueries
{
    public static async Task<List<InstanceView>> List(LedgerSession session, ProjectId? project, Page page)
    {
        List<InstanceRows.Row> rows = await session.Query(
            $$"""
            select {{InstanceRows.Columns}} from instances i
             where not i.deleted and (cast(@project as text) is null or i.project_id = @project)
               and i.id > coalesce((select m.id from instances m where m.uuid = cast(@marker as {uuid})), 0)
             order by i.id limit @limit
            """,
            InstanceRows.Read, ("project", project?.Value), ("marker", page.Marker), ("limit", page.Limit));
        if (rows.Count == 0)
        {
            return [];
        }

        List<(InstanceId Instance, VnicId Vnic)> nics = await session.Query(
            """
            select a.instance_id, a.virtual_nic_id from instance_virtual_nic_association a
              join instances i on i.uuid = a.instance_id
             where not a.deleted and not i.deleted and i.id between @first and @last order by a.instance_id, a.nic_index
            """,
            r => (new InstanceId(r.Uuid("instance_id")), new VnicId(r.Uuid("virtual_nic_id"))),
            ("first", rows[0].RowId), ("last", rows[^1].RowId));
        ILookup<InstanceId, VnicId> byInstance = nics.ToLookup(n => n.Instance, n => n.Vnic);
        return rows.ConvertAll(r => r.ToView([.. byInstance[r.Id]]));
    }
}
