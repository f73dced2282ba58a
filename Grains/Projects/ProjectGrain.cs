using NovaOrleans.NetworkServices.Loading;

namespace NovaOrleans.Projects;

/// <summary>See <see cref="IProjectGrain"/>.</summary>
public sealed partial class ProjectGrain(
    [PersistentState("project", SettingsStorage.Name)] IPersistentState<ProjectState> state,
    ILedger ledger, NetworkServiceManager services, TimeProvider time, ILogger<ProjectGrain> logger)
    : Grain, IProjectGrain
{
    private ProjectId Id => ProjectId.Parse(this.GetPrimaryKeyString());

    public async Task<Outcome<ProjectView>> Create(string? name, string actor)
    {
        if (state.State.CreatedAt is null)
        {
            state.State.CreatedAt = time.GetUtcNow();
            state.State.Name = name;
            await state.Keep(this);
            LogCreated(Id, actor);
        }

        // After the project, and again on a repeat: a list entry without a project would be worse than the reverse.
        await GrainFactory.GetGrain<IProjectListGrain>(0).Add(Id);
        return ProjectRules.Known(state.State, Id, services.Default);
    }

    public Task<Outcome<ProjectView>> Describe() =>
        Task.FromResult(ProjectRules.Known(state.State, Id, services.Default));

    public async Task<Outcome<ProjectView>> SetNetworkService(ServicePath service, bool force, string actor)
    {
        if (!(await Describe()).Try(out ProjectView? project, out Refusal? refusal)
            || !services.Get(service).Try(out _, out refusal))
        {
            return refusal;
        }

        long attached = await ledger.Read(s => ProjectRows.AttachedElsewhere(s, Id, service));
        Outcome may = ProjectRules.MayChange(project, service, attached, force);
        if (may.Refused)
        {
            return may.Refusal;
        }

        if (state.State.Service != service.Value)
        {
            state.State.Service = service.Value;
            await state.Keep(this);
            LogAssociated(Id, service, actor);
        }

        return await Describe();
    }
}
