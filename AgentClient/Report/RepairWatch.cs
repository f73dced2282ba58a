namespace NovaOrleans.Agent;

/// <summary>
/// Notices after each round what of it was a repair, says so, counts it and keeps it, and brings the agent's figures up
/// to date. It changes nothing on the host.
/// </summary>
public sealed partial class RepairWatch(
    RepairFile file, AgentMetrics metrics, MetricsFile figures, TimeProvider clock, ILogger<RepairWatch> log)
{
    private Repairs? _repairs;
    private long _revision = -1;

    public Repairs Now => _repairs ??= file.Read();

    /// <summary><paramref name="revision"/> tells whether anything is desired otherwise than in the round before.</summary>
    public async Task Note(long revision, Verified verified, CancellationToken stop)
    {
        Compare(revision, verified);
        metrics.Ran(verified.Applied);
        metrics.Looked(verified.Differences, verified.Desired.Faults.Count, Now.Count);
        try
        {
            await figures.Write(stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(e.Message);
        }
    }

    private void Compare(long revision, Verified verified)
    {
        if (verified.Applied.Plan.IsEmpty && verified.Differences.IsEmpty && revision == _revision)
        {
            return;
        }

        ImmutableDictionary<string, string> desired = Fingerprints.Of(verified.Actual, verified.Desired);
        IReadOnlyList<Step> repaired = Now.Among(verified.Applied, desired);
        if (repaired.Count > 0)
        {
            LogRepaired(repaired.Count, string.Join('\n', repaired));
            metrics.Repaired(repaired);
        }

        _repairs = Now.With(repaired, verified, desired, clock.GetUtcNow());
        _revision = verified.Differences.IsEmpty ? revision : -1;
        try
        {
            file.Write(_repairs);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotKept(e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Count} steps were repairs: this was right, nobody asked for a change, and it was spoilt:\n{Steps}")]
    private partial void LogRepaired(int count, string steps);

    [LoggerMessage(LogLevel.Warning, "figures or repairs could not be written down: {Reason}")]
    private partial void LogNotKept(string reason);
}
