namespace NovaOrleans.Benchmarks.Agents;

/// <summary>A compute host without a machine, which reports what it was told as applied.</summary>
internal interface IBenchHost : IAsyncDisposable
{
    /// <summary>It has a session and has been told its host's first snapshot.</summary>
    Task Heard { get; }
}
