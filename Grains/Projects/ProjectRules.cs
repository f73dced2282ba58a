
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

    /// <summary>Attached VNICs keep their service until deleted, so leaving them behind must be meant.</summary>
    public static Outcome MayChange(ProjectView project, ServicePath service, long attachedElsewhere, bool force) =>
        attachedElsewhere == 0 || force || project.Effective == service
            ? Outcome.Done
            : new Refusal(
                RefusalCode.Conflict,
                $"{attachedElsewhere} VNICs of project '{project.Id}' are attached to instances under {project.Effective}; "
                    + "they would keep that service until deleted. Give force to change it nevertheless.",
                project.Id.Value,
                "network_service");
}
