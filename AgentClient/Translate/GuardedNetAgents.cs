namespace NovaOrleans.Agent;

/// <summary>The net-agents of this host's network services, and the threads that they run on.</summary>
public sealed class GuardedNetAgents(IEnumerable<INetworkService> services, IHostLink link, TimeSpan limit) : IDisposable
{
    /// <summary>Translation of a thousand bindings takes milliseconds; a machine may be slow.</summary>
    public static readonly TimeSpan UsualLimit = TimeSpan.FromSeconds(5);

    private readonly Dictionary<ServicePath, GuardedNetAgent> _agents =
        services.ToDictionary(s => s.Path, s => new GuardedNetAgent(s, link, limit));

    public IReadOnlyDictionary<ServicePath, INetAgent> ByService => _agents.ToDictionary(a => a.Key, a => (INetAgent)a.Value);

    public void Dispose()
    {
        foreach (GuardedNetAgent agent in _agents.Values)
        {
            agent.Dispose();
        }
    }
}
