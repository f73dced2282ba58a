namespace NovaOrleans.Api.Failover;

/// <summary>
/// How long a request's calls may still be repeated, and what was done of it. It flows with the request, so that no handler hands it
/// on; calls of nobody's request (a silo's own) have none and are made once.
/// </summary>
internal sealed class RequestTime(TimeProvider clock, CancellationToken aborted)
{
    /// <summary>
    /// A silo's death is over in 8 s, a database's restart in 5, and a frozen silo's gateway costs two tries more; a try may take its 5 s
    /// (ResponseTimeout) when this is over, and then the answer comes before the client's usual 30 s are.
    /// </summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private static readonly AsyncLocal<RequestTime?> s_current = new();

    private readonly long _began = clock.GetTimestamp();

    public static RequestTime? Current => s_current.Value;

    /// <summary>The caller is gone: nothing is repeated for nobody.</summary>
    public CancellationToken Aborted { get; } = aborted;

    /// <summary>The key that was chosen for a caller who gave none; told when the outcome stays unknown.</summary>
    public string? ChosenKey { get; set; }

    public TimeSpan Elapsed => clock.GetElapsedTime(_began);

    public static void Begin(TimeProvider clock, CancellationToken aborted) => s_current.Value = new RequestTime(clock, aborted);
}
