namespace NovaOrleans.Agent;

/// <summary>
/// The net-agents of this host by service, and the calls that the core makes of them (seed S127, S132, S133). They are
/// third parties' code: each call has a time limit, and a failure is an answer, not an exception.
/// </summary>
public sealed class NetAgents(IReadOnlyDictionary<ServicePath, INetAgent> agents, TimeProvider clock)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public Task<string?> Setup(ServicePath service, IReadOnlyList<VnicId> vnics, CancellationToken stop) =>
        Call(service, "setup_compute_network", agent => agent.SetupComputeNetwork(vnics), stop);

    public Task<string?> Teardown(ServicePath service, IReadOnlyList<VnicId> vnics, CancellationToken stop) =>
        Call(service, "teardown_compute_network", agent => agent.TeardownComputeNetwork(vnics), stop);

    public Task<string?> BindToPorts(ServicePath service, IReadOnlyList<VnicId> vnics, CancellationToken stop) =>
        Call(service, "bind_vnics_to_ports", agent => agent.BindVnicsToPorts(vnics), stop);

    /// <summary>Null if it went well. A service that is not here has nothing to do here.</summary>
    private async Task<string?> Call(
        ServicePath service, string verb, Func<INetAgent, Task> call, CancellationToken stop)
    {
        if (!agents.TryGetValue(service, out INetAgent? agent))
        {
            return null;
        }

        try
        {
            await call(agent).WaitAsync(Limit, clock, stop);
            return null;
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            return $"{service}: {verb}: {e.Message}";
        }
    }
}
