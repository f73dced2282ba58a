namespace NovaOrleans.Projects;

/// <summary>The project's rows: its association with a network service, and what its grain reads of others'.</summary>
public static class ProjectRows
{
    public static async Task<long> AttachedElsewhere(LedgerSession session, ProjectId project, ServicePath service) =>
        (await session.Query(
            """
            select count(*) as n from ethernet_cards
             where project_id = @project and service <> @service and instance_id is not null and not deleted
            """,
            r => r.Long("n"), ("project", project.Value), ("service", service.Value)))[0];

    public static async Task<ServicePath?> Association(LedgerSession session, ProjectId project) =>
        (await session.Query(
            "select network_service from project_network_service_association where project_id = @project and not deleted",
            r => ServicePath.Parse(r.Text("network_service")), ("project", project.Value))) is [var service, ..] ? service : null;

    /// <summary>Whether the project has, or had, an association as a row.</summary>
    public static Task<bool> WasAssociated(LedgerSession session, ProjectId project) => session.QueryOne(
        "select 1 as one from project_network_service_association where project_id = @project limit 1",
        _ => true, ("project", project.Value));

    /// <summary>A project has one service: the row before is soft-deleted in the same commit (seed S44, S72).</summary>
    public static async Task<Outcome> Associate(
        LedgerSession session, ProjectId project, ServicePath service, string actor)
    {
        await Dissociate(session, project);
        await session.Execute(
            "insert into project_network_service_association (project_id, network_service) values (@project, @service)",
            ("project", project.Value), ("service", service.Value));
        await HistoryRows.Append(session, actor, "network service set", why: $"{project}: {service}");
        return Outcome.Done;
    }

    public static Task<int> Dissociate(LedgerSession session, ProjectId project) => session.Execute(
        """
        update project_network_service_association set deleted = {true}, deleted_at = {now}, updated_at = {now}
         where project_id = @project and not deleted
        """,
        ("project", project.Value));

    public static Task<List<NetworkId>> Networks(LedgerSession session, ProjectId project) => session.Query(
        """
        select uuid from networks
         where service in (select service from ranges) and project_id = @project and not deleted order by id
        """,
        r => new NetworkId(r.Uuid("uuid")), ("project", project.Value));

    /// <summary>What the project has, a count a kind.</summary>
    public static async Task<IReadOnlyList<(string What, long Count)>> Belongings(LedgerSession session, ProjectId project)
    {
        var counts = new List<(string, long)>();
        foreach ((string what, string sql) in s_belongings)
        {
            counts.Add((what, await session.QueryOne(sql, r => r.Long("n"), ("project", project.Value))));
        }

        return counts;
    }

    /// <summary>The association and the quotas go with the project.</summary>
    public static async Task<Outcome> Forget(LedgerSession session, ProjectId project, string actor)
    {
        await Dissociate(session, project);
        await session.Execute("delete from quotas where project_id = @project", ("project", project.Value));
        await HistoryRows.Append(session, actor, "project deleted", why: project.Value);
        return Outcome.Done;
    }

    private static readonly (string What, string Sql)[] s_belongings =
    [
        ("instances", "select count(*) as n from instances where project_id = @project and not deleted"),
        ("networks", "select count(*) as n from networks where project_id = @project and not deleted"),
        ("VNICs", "select count(*) as n from ethernet_cards where project_id = @project and not deleted"),
        ("floating IPs", "select count(*) as n from floating_ips where project_id = @project and not deleted"),
        (
            "security groups",
            "select count(*) as n from security_groups where project_id = @project and name <> 'default' and not deleted"),
        ("ports", "select count(*) as n from fixed_ips where project_id = @project and phase = 1 and not deleted"),
    ];
}
