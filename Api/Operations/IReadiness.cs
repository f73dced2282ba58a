namespace NovaOrleans.Api.Operations;

/// <summary>One thing without which this process can serve nobody.</summary>
public interface IReadiness
{
    /// <summary>As an operator is told of it: <c>membership</c>, <c>ledger</c>, <c>cluster</c>.</summary>
    string Name { get; }

    /// <summary>Null when it is there; what it lacks otherwise. What it throws is what it lacks.</summary>
    Task<string?> Missing(CancellationToken stop);
}
