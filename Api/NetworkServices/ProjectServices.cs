using NovaOrleans.Hosting;
using NovaOrleans.Projects;

namespace NovaOrleans.Api.NetworkServices;

/// <summary>
/// Which network service a project uses, remembered for a second. The check of S153 is asked on every request, and it guards against a
/// mistaken URL, not against a race: a project's service is changed by an operator, and the pools check nothing by it. This facade
/// forgets at once what it changes.
/// </summary>
public sealed class ProjectServices(IGrainFactory grains, TimeProvider clock)
{
    private readonly RecentAnswers<ProjectId, ProjectView> _recent =
        new(project => grains.GetGrain<IProjectGrain>(project.Value).Describe(), clock);

    /// <summary>The project as it is or was at most a second ago; refused where there is none.</summary>
    public Task<Outcome<ProjectView>> Of(ProjectId project) => _recent.Of(project);

    /// <summary>The project as it is now.</summary>
    public Task<Outcome<ProjectView>> Ask(ProjectId project) =>
        grains.GetGrain<IProjectGrain>(project.Value).Describe();

    public void Forget(ProjectId project) => _recent.Forget(project);
}
