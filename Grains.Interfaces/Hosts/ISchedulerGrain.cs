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

    [Alias("List")]
    Task<IReadOnlyList<HostView>> List();
}
