using NovaOrleans.NetworkServices.Loading;

namespace NovaOrleans.Projects;

/// <summary>
/// See <see cref="IProjectGrain"/>. That the project is there is grain state; which service it uses and its limits are rows, since
/// they are to be selected (seed S104) and counted under.
/// </summary>
public sealed partial class ProjectGrain(
    [PersistentState("project", SettingsStorage.Name)] IPersistentState<ProjectState> state,
    ILedger ledger, NetworkServiceManager services, QuotaDefaults quotas, TimeProvider time, ILogger<ProjectGrain> logger)
    : Grain, IProjectGrain
{
    private ServicePath? _service;
    private bool _read;

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
        return await Describe();
    }

    public async Task<Outcome<ProjectView>> Describe()
    {
        if (!_read && state.State.CreatedAt is not null)
        {
            _service = await Associated();
            _read = true;
        }

        return ProjectRules.Known(state.State, Id, _service, services.Default);
    }

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

        if (project.Service != service)
        {
            // Should the outcome be unknown, the row says next time.
            _read = false;
            await ledger.Commit(s => ProjectRows.Associate(s, Id, service, actor));
            LogAssociated(Id, service, actor);
        }

        return await Describe();
    }

    public async Task<Outcome<ProjectQuotas>> Quotas() =>
        (await Describe()).Try(out _, out Refusal? refusal)
            ? ProjectRules.Quotas(Id, await ledger.Read(s => QuotaRows.Load(s, Id)), quotas)
            : refusal;

    public async Task<Outcome<ProjectQuotas>> SetQuotas(IReadOnlyDictionary<QuotaKind, long?> limits, string actor)
    {
        if (!(await Describe()).Try(out _, out Refusal? refusal))
        {
            return refusal;
        }

        ProjectId project = Id;
        await ledger.Commit(async s =>
        {
            foreach ((QuotaKind kind, long? limit) in limits)
            {
                await QuotaRows.Set(s, project, kind, limit);
            }

            return Outcome.Done;
        });
        LogQuotas(project, string.Join(", ", limits.Select(l => $"{Quota.NameOf(l.Key)}={l.Value}")), actor);
        return await Quotas();
    }

    /// <summary>The row; a service that was set when it was still grain state becomes one.</summary>
    private async Task<ServicePath?> Associated()
    {
        ProjectId project = Id;
        if (state.State.Service is not { } before || await ledger.Read(s => ProjectRows.WasAssociated(s, project)))
        {
            return await ledger.Read(s => ProjectRows.Association(s, project));
        }

        var service = ServicePath.Parse(before);
        await ledger.Commit(s => ProjectRows.Associate(s, project, service, "upgrade"));
        return service;
    }
}
