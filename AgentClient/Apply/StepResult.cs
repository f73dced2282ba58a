namespace NovaOrleans.Agent;

/// <summary>
/// How a step went: done, or the sentence that says why not. One that was left out names what it waits for.
/// </summary>
public sealed record StepResult(Step Step, string? Fault = null, Obstacle? WaitsFor = null)
{
    public bool Done => Fault is null;

    /// <summary>What cannot be done says why by itself.</summary>
    public override string ToString() => Done || Step is Refused ? Step.ToString() : $"{Step}: {Fault}";
}

/// <summary>What other steps wait for, and the sentence that says why it is not there.</summary>
public sealed record Obstacle(string Subject, string Reason)
{
    public override string ToString() => $"{Subject}: {Reason}";
}

/// <summary>A plan that was run, with every step's result in the order they were run.</summary>
public sealed record Applied(Plan Plan, IReadOnlyList<StepResult> Results)
{
    public IEnumerable<StepResult> Faults => Results.Where(r => !r.Done);

    /// <summary>The first fault of each subject: what its later steps were left out for.</summary>
    public ImmutableDictionary<string, string> FaultOf { get; } = Results.Where(r => !r.Done)
        .GroupBy(r => r.Step.Subject, StringComparer.Ordinal)
        .ToImmutableDictionary(g => g.Key, g => g.First().Fault!, StringComparer.Ordinal);
}
