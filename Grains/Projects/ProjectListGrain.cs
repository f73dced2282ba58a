
namespace NovaOrleans.Projects;

/// <summary>See <see cref="IProjectListGrain"/>. It keeps a set of ids and decides nothing.</summary>
public sealed class ProjectListGrain(
    [PersistentState("project-list", SettingsStorage.Name)] IPersistentState<ProjectListState> state)
    : Grain, IProjectListGrain
{
    public async Task Add(ProjectId project)
    {
        if (state.State.Projects.Add(project.Value))
        {
            await state.Keep(this);
        }
    }

    public async Task Remove(ProjectId project)
    {
        if (state.State.Projects.Remove(project.Value))
        {
            await state.Keep(this);
        }
    }

    public Task<IReadOnlyList<ProjectId>> List() =>
        Task.FromResult<IReadOnlyList<ProjectId>>([.. state.State.Projects.Select(ProjectId.Parse)]);
}
