namespace NovaOrleans.Agent;

/// <summary>
/// <c>--plan</c> and <c>--observe</c>: the same reading, translating and planning as the loop, and then nothing is
/// run, no session is opened and no report is made.
/// </summary>
public sealed class DryRun(
    IHostDoor door, Translator translator, HostObserver observer, GuestWatch guests, DriftReport drift, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>What would be run now; empty when the host is as desired.</summary>
    public async Task<(Plan Plan, DesiredHost Desired, ActualHost Actual)> Look(CancellationToken stop)
    {
        IHostGrain grain = await door.Open(stop);
        HostRecords records = await grain.Snapshot().WaitAsync(HostLink.CallLimit, clock, stop);
        HostAssignment assignment = await guests.SeeLost(new HostAssignment(0, 0).With(0, records), stop);
        DesiredHost desired = translator.Translate(assignment);
        ActualHost actual = await observer.Observe(stop);
        return (Planner.Make(actual, desired), desired, actual);
    }

    public async Task Plan(TextWriter output, CancellationToken stop)
    {
        (Plan plan, DesiredHost desired, _) = await Look(stop);
        await output.WriteAsync(plan.IsEmpty ? "nothing would change\n" : plan.ToString());
        foreach ((VnicId vnic, string fault) in desired.Faults)
        {
            await output.WriteLineAsync($"! {vnic}: {fault}");
        }
    }

    /// <summary>A line each time, and a table of what differs when something does.</summary>
    public async Task Observe(TextWriter output, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                (Plan plan, DesiredHost desired, ActualHost actual) = await Look(stop);
                await output.WriteAsync(await drift.Tell(plan, desired, actual, stop));
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                // Silos and daemons come and go; who observes for ever outlives them.
                await output.WriteLineAsync($"{Drift.Time(clock.GetLocalNow())}  not looked: {e.Message}");
            }

            await Task.Delay(Interval, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
