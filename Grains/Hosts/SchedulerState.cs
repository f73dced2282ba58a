
namespace NovaOrleans.Hosts;

/// <summary>
/// What the scheduler has heard of each host, what it gave out since, and which hosts an operator took out. Only the last is
/// durable.
/// </summary>
public sealed class SchedulerState
{
    /// <summary><paramref name="Reserved"/>: VNICs promised to the host since it was last heard.</summary>
    public sealed record Heard(HostView View, int Reserved);

    /// <summary>An operator's word on a host, from its row.</summary>
    public sealed record Word(bool Drained, string? Reason, bool Removed);

    public Dictionary<HostName, Heard> Hosts { get; } = [];

    public Dictionary<HostName, Word> Words { get; init; } = [];

    public bool IsDrained(HostName host) => Words.TryGetValue(host, out Word? word) && word.Drained;
}
