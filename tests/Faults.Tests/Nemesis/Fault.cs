namespace NovaOrleans.Faults;

internal enum FaultKind
{
    /// <summary><c>kill -9</c>, and a new process on the same endpoint some seconds later.</summary>
    SiloKill,

    /// <summary>SIGSTOP for longer than it takes to be voted out, then SIGCONT.</summary>
    SiloFreeze,

    /// <summary>An orderly restart of PostgreSQL: connections are cut.</summary>
    PostgresRestart,

    /// <summary><c>kill -9</c> of all of PostgreSQL, which recovers from its log.</summary>
    PostgresKill,

    FacadeKill,
    AgentKill,

    /// <summary>The link between an agent and the silos is down.</summary>
    LinkCut,
}

/// <summary>What shall be done to whom, when, and for how long.</summary>
/// <param name="At">Seconds from the beginning of the run.</param>
/// <param name="Kind">What.</param>
/// <param name="Target">The silo, facade or agent, counted from 0.</param>
/// <param name="Seconds">How long it stays dead, frozen or cut.</param>
internal sealed record PlannedFault(double At, FaultKind Kind, int Target, double Seconds);

/// <summary>What was done, and how it went.</summary>
internal sealed record Fault(PlannedFault Plan, double Start)
{
    /// <summary>Null for as long as it lasts: the process runs again, the link is up, the database takes connections.</summary>
    public double? End { get; set; }

    /// <summary>Where each pool was when it happened.</summary>
    public IReadOnlyDictionary<string, PoolPlace> Pools { get; init; } = new Dictionary<string, PoolPlace>();

    public string Name => Plan.Kind switch
    {
        FaultKind.SiloKill => $"silo {Plan.Target + 1} killed",
        FaultKind.SiloFreeze => $"silo {Plan.Target + 1} frozen",
        FaultKind.PostgresRestart => "PostgreSQL restarted",
        FaultKind.PostgresKill => "PostgreSQL killed",
        FaultKind.FacadeKill => $"facade {Plan.Target + 1} killed",
        FaultKind.AgentKill => $"agent {Plan.Target + 1} killed",
        _ => $"link of agent {Plan.Target + 1} cut",
    };
}

/// <summary>What a pool had on the silo that a fault befell.</summary>
internal enum PoolPlace
{
    /// <summary>Nothing.</summary>
    Elsewhere,

    /// <summary>The entry in the grain directory that says where it is.</summary>
    Entry,

    /// <summary>The activation itself.</summary>
    Activation,
}
