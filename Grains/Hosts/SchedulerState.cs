
namespace NovaOrleans.Hosts;

/// <summary>What the scheduler has heard of each host, and what it gave out since; nothing of it is durable.</summary>
public sealed class SchedulerState
{
    /// <summary><paramref name="Reserved"/>: VNICs promised to the host since it was last heard.</summary>
    public sealed record Heard(HostView View, int Reserved);

    public Dictionary<HostName, Heard> Hosts { get; } = [];
}
