namespace NovaOrleans.Agent;

/// <summary>What was heard: records of one session, in order, without a gap, or a snapshot.</summary>
public sealed record HeardRecords(long Epoch, HostRecords Records);

/// <summary>The agent's side of its host's log (DESIGN: bind and teardown streams).</summary>
public interface IHostLinkSession
{
    /// <summary>
    /// The records after <paramref name="since"/>, for ever: resumed over lost messages, dead silos and new sessions.
    /// −1, and every new session, begin with a snapshot.
    /// </summary>
    IAsyncEnumerable<HeardRecords> Watch(long since, CancellationToken stop);

    /// <summary>
    /// Throws when the core could not be reached; then nothing is known of it, and it is to be repeated.
    /// </summary>
    Task<Outcome> Report(HostReport report, CancellationToken stop);

    /// <summary>As <see cref="Report"/>.</summary>
    Task<Outcome> ReportLeases(HostLeases report, CancellationToken stop);
}
