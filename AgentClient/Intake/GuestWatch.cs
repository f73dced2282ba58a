namespace NovaOrleans.Agent;

/// <summary>
/// Adds to what the core says what this host knows better: guests that ended by themselves (seed S134), and bindings
/// that have no port yet and are to be asked for.
/// </summary>
public sealed partial class GuestWatch(IComputeDriver compute, NetAgents agents, ILogger<GuestWatch> log)
{
    private readonly HashSet<(InstanceId, ServicePath)> _told = [];
    private readonly HashSet<(VnicId Vnic, long Generation)> _asked = [];

    public async Task<HostAssignment> Mark(HostAssignment assignment, CancellationToken stop)
    {
        assignment = await SeeLost(assignment, stop);
        foreach (IGrouping<(InstanceId Instance, ServicePath Service), BoundVnic> gone in assignment.Bound.Values
            .Where(b => assignment.LostInstances.Contains(b.Instance.Id))
            .GroupBy(b => (b.Instance.Id, b.Binding.Service)))
        {
            if (_told.Add(gone.Key))
            {
                LogLost(gone.Key.Instance);
                _ = Tell(() => agents.Teardown(gone.Key.Service, [.. gone.Select(b => b.Binding.Vnic)], stop));
            }
        }

        foreach (IGrouping<ServicePath, HostBinding> portless in assignment.Bound.Values.Select(b => b.Binding)
            .Where(b => b.Network is null && _asked.Add((b.Vnic, b.Generation))).GroupBy(b => b.Service))
        {
            _ = Tell(() => agents.BindToPorts(portless.Key, [.. portless.Select(b => b.Vnic)], stop));
        }

        return assignment;
    }

    /// <summary>Completes when the compute driver has heard that a guest may have changed by itself.</summary>
    public Task UntilChanged(CancellationToken stop) => compute.UntilChanged(stop);

    /// <summary>Only looks: nobody is told.</summary>
    public async Task<HostAssignment> SeeLost(HostAssignment assignment, CancellationToken stop) => assignment with
    {
        LostInstances =
        [
            .. (await compute.List(stop)).Where(g => g.Status == GuestStatus.Lost).Select(g => g.Instance),
        ],
    };

    /// <summary>
    /// In the background: it completes only when the host was read back, which is the caller's next step.
    /// </summary>
    private async Task Tell(Func<Task<string?>> call)
    {
        try
        {
            if (await call() is { } fault)
            {
                LogFault(fault);
            }
        }
        catch (OperationCanceledException)
        {
            // The agent stops.
        }
    }

    [LoggerMessage(LogLevel.Warning, "the guest of instance {Instance} ended by itself; its network is taken down")]
    private partial void LogLost(InstanceId instance);

    [LoggerMessage(LogLevel.Warning, "{Fault}")]
    private partial void LogFault(string fault);
}
