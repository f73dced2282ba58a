namespace NovaOrleans.Agent;

/// <summary>Observes again after a plan was run; a difference is reported, never assumed away.</summary>
public sealed class Verifier(HostObserver observer, VnicProgress progress)
{
    /// <summary>The host as it is before anything is done.</summary>
    public Task<ActualHost> Look(CancellationToken stop) => observer.Observe(stop);

    public async Task<Verified> Verify(DesiredHost desired, Applied applied, CancellationToken stop)
    {
        ActualHost actual = await observer.Observe(stop);
        Verified verified = new(desired, actual, Planner.Make(actual, desired), applied);
        progress.Differences = verified.Differences.Steps.Count + desired.Faults.Count;
        progress.Set(
            [.. desired.Ports.Values.Where(verified.IsNetworkVerified).Select(p => p.Port.Vnic)], verified.Present);
        return verified;
    }
}
