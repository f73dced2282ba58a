namespace NovaOrleans.Testing.Clusters;

/// <summary>What a cluster consists of, and where everything listens: enough to find it again.</summary>
public sealed record ClusterPlan
{
    public int Silos { get; init; } = 3;

    public int Facades { get; init; } = 2;

    /// <summary>Compute hosts: <c>host1</c>, <c>host2</c> … in memory, unless <see cref="Spaces"/> names where they are.</summary>
    public int Agents { get; init; }

    /// <summary>Network namespaces that play the compute hosts, by the agent's number from 0; the caller makes and removes them.</summary>
    public IReadOnlyList<string> Spaces { get; init; } = [];

    /// <summary>
    /// Network namespaces that the agents' processes are in, by number; those without one are where everything is. Nothing but the
    /// silos' gateways needs to be reached from there: such an agent is told them.
    /// </summary>
    public IReadOnlyList<string> AgentSpaces { get; init; } = [];

    /// <summary>Where silos listen for each other, for facades and for agents.</summary>
    public string SiloAddress { get; init; } = "127.0.0.1";

    /// <summary>Further options of every silo, facade and agent.</summary>
    public IReadOnlyList<string> SiloOptions { get; init; } = [];

    /// <inheritdoc cref="SiloOptions"/>
    public IReadOnlyList<string> FacadeOptions { get; init; } = [];

    /// <inheritdoc cref="SiloOptions"/>
    public IReadOnlyList<string> AgentOptions { get; init; } = [];

    /// <summary>Further options of each agent alone, by its number from 0: such as its host's certificate.</summary>
    public IReadOnlyList<IReadOnlyList<string>> OwnAgentOptions { get; init; } = [];

    /// <summary>PostgreSQL's, then two of each silo, then one of each facade; free ones are found unless given.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    public static string HostOf(int agent) => $"host{agent + 1}";

    internal int PortsNeeded => 1 + (2 * Silos) + Facades;

    internal int DatabasePort => Ports[0];

    public int SiloPort(int silo) => Ports[1 + (2 * silo)];

    internal int GatewayPort(int silo) => Ports[2 + (2 * silo)];

    internal int FacadePort(int facade) => Ports[1 + (2 * Silos) + facade];
}
