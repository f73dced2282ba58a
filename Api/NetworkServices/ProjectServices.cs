using System.Collections.Concurrent;
using NovaOrleans.Projects;

namespace NovaOrleans.Api.NetworkServices;

/// <summary>
/// Which network service a project uses, remembered for a second. The check of S153 is asked on every request of the
/// hot path, where a grain call more would cost as much as the work itself, and it guards against a mistaken URL, not
/// against a race: a project's service is changed by an operator, and the pools check nothing by it. This facade
/// forgets at once what it changes.
/// </summary>
public sealed class ProjectServices(IGrainFactory grains, TimeProvider clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);
    private const int MostEntries = 10_000;

    private readonly ConcurrentDictionary<ProjectId, Known> _known = new();

    /// <summary>The project as it is or was at most a second ago; refused where there is none.</summary>
    public Task<Outcome<ProjectView>> Of(ProjectId project)
    {
        if (_known.TryGetValue(project, out Known known) && clock.GetElapsedTime(known.Since) < Lifetime)
        {
            return known.Answer;
        }

        if (_known.Count >= MostEntries)
        {
            _known.Clear();
        }

        // The task is kept, not its result: requests that come meanwhile share the one question.
        Task<Outcome<ProjectView>> answer = Learn(project);
        _known[project] = new Known(clock.GetTimestamp(), answer);
        return answer;
    }

    /// <summary>The project as it is now.</summary>
    public Task<Outcome<ProjectView>> Ask(ProjectId project) =>
        grains.GetGrain<IProjectGrain>(project.Value).Describe();

    public void Forget(ProjectId project) => _known.TryRemove(project, out _);

    /// <summary>
    /// Neither a refusal nor a fault is remembered: the project may be made, the silo be back, the next moment.
    /// </summary>
    private async Task<Outcome<ProjectView>> Learn(ProjectId project)
    {
        // The caller stores this task first, so that forgetting it comes after.
        await Task.Yield();
        bool good = false;
        try
        {
            Outcome<ProjectView> answer = await Ask(project);
            good = !answer.Refused;
            return answer;
        }
        finally
        {
            if (!good)
            {
                Forget(project);
            }
        }
    }

    private readonly record struct Known(long Since, Task<Outcome<ProjectView>> Answer);
}
