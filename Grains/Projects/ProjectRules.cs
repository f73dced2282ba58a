
namespace NovaOrleans.Projects;

/// <summary>Which network service a project uses (seed S43 to S46, S72, S150 to S152).</summary>
public static class ProjectRules
{
    public static Outcome<ProjectView> Known(
        ProjectState state, ProjectId id, ServicePath? set, ServicePath byDefault)
    {
        if (state.CreatedAt is not { } created)
        {
            return new Refusal(
                RefusalCode.ProjectNotFound, $"There is no project '{id}': create it with 'nova-manage project create {id}'.",
                id.Value);
        }

        return new ProjectView(id, state.Name, set, set ?? byDefault, created);
    }

    public static ProjectQuotas Quotas(
        ProjectId project, IReadOnlyDictionary<QuotaKind, long> own, QuotaDefaults defaults) => new(
        project,
        Quota.Kinds.ToDictionary(k => k, k => own.TryGetValue(k, out long limit) ? limit : defaults.Of(k)),
        Quota.Kinds.ToDictionary(k => k, defaults.Of));

    /// <summary>What a project has must go first: nobody else could.</summary>
    public static Outcome MayDelete(ProjectId project, IReadOnlyList<(string What, long Count)> belongings)
    {
        string has = string.Join(", ", belongings.Where(b => b.Count > 0).Select(b => $"{b.Count} {b.What}"));
        return has.Length == 0 ? Outcome.Done : new Refusal(
            RefusalCode.Conflict, $"Project '{project}' has {has}; delete those first, or give its networks back with scrub.",
            project.Value);
    }

    /// <summary>Attached VNICs keep their service until deleted, so leaving them behind must be meant.</summary>
    public static Outcome MayChange(ProjectView project, ServicePath service, long attachedElsewhere, bool force) =>
        attachedElsewhere == 0 || force || project.Effective == service
            ? Outcome.Done
            : new Refusal(
                RefusalCode.Conflict,
                $"{attachedElsewhere} VNICs of project '{project.Id}' are attached to instances under {project.Effective}; "
                    + $"they would keep that service until deleted. 'nova-manage project network_plan {project.Id} {service}' "
                    + "says what moves them; give force to change it nevertheless.",
                project.Id.Value,
                "network_service");
}
