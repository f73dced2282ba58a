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
}
