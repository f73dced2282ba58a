using NovaOrleans.Instances;

namespace NovaOrleans.Queries;

internal static class InstanceQueries
{
    /// <summary>How long one that was deleted is still shown to who asks for it by its number, as EC2 does.</summary>
    private const int ShownSeconds = 3600;

    public static async Task<List<InstanceView>> ByNumber(LedgerSession session, ProjectId project, IReadOnlyList<long> numbers)
    {
        if (numbers.Count == 0)
        {
            return [];
        }

        string names = string.Join(", ", Enumerable.Range(0, numbers.Count).Select(i => $"@n{i}"));
        List<InstanceRows.Row> rows = await session.Query(
            $$"""
            select {{InstanceRows.Columns}} from instances i
             where i.id in ({{names}}) and i.project_id = @project
               and (not i.deleted or i.deleted_at > {now-@shown}) order by i.id
            """,
            InstanceRows.Read,
            [.. numbers.Select((n, i) => ($"n{i}", (object?)n)), ("project", project.Value), ("shown", ShownSeconds)]);
        return await WithVnics(session, rows);
    }

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
        return await WithVnics(session, rows);
    }

    public static async Task<List<InstanceGroup>> Groups(LedgerSession session, IReadOnlyList<InstanceId> instances)
    {
        if (instances.Count == 0)
        {
            return [];
        }

        string names = string.Join(", ", Enumerable.Range(0, instances.Count).Select(i => $"@i{i}"));
        return await session.Query(
            $"""
            select a.instance_id, g.uuid, g.name from security_group_instance_association a
              join security_groups g on g.uuid = a.group_uuid
             where a.instance_id in ({names}) and not a.deleted order by a.instance_id, a.position, a.id
            """,
            r => new InstanceGroup(
                new InstanceId(r.Uuid("instance_id")), new SecurityGroupId(r.Uuid("uuid")), r.Text("name")),
            [.. instances.Select((n, i) => ($"i{i}", (object?)n.Value))]);
    }

    private static async Task<List<InstanceView>> WithVnics(LedgerSession session, List<InstanceRows.Row> rows)
    {
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
