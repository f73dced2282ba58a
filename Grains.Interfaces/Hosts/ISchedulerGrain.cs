namespace NovaOrleans.Hosts;

/// <summary>
/// Chooses compute hosts: the one asked for, or the live one with the fewest VNICs that has the service. It reserves as
/// it answers, so that parallel creates spread. One activation in the cluster; key 0.
/// </summary>
[Alias("nova.ISchedulerGrain")]
public interface ISchedulerGrain : IGrainWithIntegerKey
{
    [Alias("Choose")]
    Task<Outcome<HostName>> Choose(ServicePath service, int vnics, HostName? wanted);

    /// <summary>Told by a host grain at each renewal, and when its state changes.</summary>
    [Alias("Heard")]
    Task Heard(HostView host);

    /// <summary>Every host that ever opened a session and was not removed.</summary>
    [Alias("List"), Repeatable]
    Task<IReadOnlyList<HostView>> List();

    /// <summary>
    /// Takes the host out of the choice, or back into it; what runs on it goes on. Kept over restarts, and over the host's own.
    /// </summary>
    [Alias("Drain"), Repeatable]
    Task<Outcome> Drain(DrainHost command);

    /// <summary>Forgets a host that is gone for good; refused while it is live or has VNICs. One that returns is there again.</summary>
    [Alias("Remove"), Repeatable(Gone = RefusalCode.HostNotFound)]
    Task<Outcome> Remove(HostName host, string actor);
}

/// <summary><paramref name="Drained"/> false puts the host back into the choice.</summary>
[GenerateSerializer, Immutable, Alias("nova.DrainHost")]
public sealed record DrainHost(HostName Host, bool Drained, string? Reason, string Actor);
