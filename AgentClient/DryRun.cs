namespace NovaOrleans.Agent;

/// <summary>
/// <c>--plan</c> and <c>--observe</c>: the same reading, translating and planning as the loop, and then nothing is
/// run, no session is opened and no report is made.
/// </summary>
public sealed class DryRun(
    IHostDoor door, Translator translator, HostObserver observer, GuestWatch guests, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>What would be run now; empty when the host is as desired.</summary>
    public async Task<(Plan Plan, DesiredHost Desired)> Look(CancellationToken stop)
    {
        IHostGrain grain = await door.Open(stop);
        HostRecords records = await grain.Snapshot().WaitAsync(HostLink.CallLimit, clock, stop);
        HostAssignment assignment = await guests.SeeLost(new HostAssignment(0, 0).With(0, records), stop);
        DesiredHost desired = translator.Translate(assignment);
        return (Planner.Make(await observer.Observe(stop), desired), desired);
    }

    public async Task Plan(TextWriter output, CancellationToken stop)
    {
        (Plan plan, DesiredHost desired) = await Look(stop);
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
            (Plan plan, DesiredHost desired) = await Look(stop);
            string time = clock.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
            int faults = plan.Steps.Count + desired.Faults.Count;
            await output.WriteLineAsync(faults == 0 ? $"{time}  as desired" : $"{time}  {faults} differences");
            foreach (Step step in plan.Steps)
            {
                await output.WriteLineAsync($"  {step.Sign}  {step.Subject,-20}  {step.Text.Split('\n')[0]}");
            }

            foreach ((VnicId vnic, string fault) in desired.Faults)
            {
                await output.WriteLineAsync($"  !  {vnic,-20}  {fault}");
            }

            await Task.Delay(Interval, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
