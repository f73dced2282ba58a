namespace NovaOrleans.Projects;

/// <summary>What a project's grain reads of the ledger; it writes nothing there.</summary>
public static class ProjectRows
{
    public static async Task<long> AttachedElsewhere(LedgerSession session, ProjectId project, ServicePath service) =>
        (await session.Query(
            """
            select count(*) as n from ethernet_cards
             where project_id = @project and service <> @service and instance_id is not null and not deleted
            """,
            r => r.Long("n"), ("project", project.Value), ("service", service.Value)))[0];
}
