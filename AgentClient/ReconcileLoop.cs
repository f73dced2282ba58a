using System.Diagnostics;

namespace NovaOrleans.Agent;

/// <summary>
/// The agent: makes the host what the core says, and says what came of it. Level-triggered: every round looks at the
/// whole host and may begin from any state.
/// </summary>
public sealed class ReconcileLoop(
    AssignmentIntake intake,
    Translator translator,
    Applier applier,
    Verifier verifier,
    HostReporter reporter,
    IEnumerable<IRoundWitness> witnesses)
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);
    private int _failures;

    /// <summary>What fails is tried again after 1, 2, 4 and 8 s, then at the usual interval.</summary>
    private TimeSpan Patience => _failures is 0 or > 4 ? Usual : TimeSpan.FromSeconds(1 << (_failures - 1));

    /// <summary>
    /// One round, at news or after the interval. True when the host is as desired and the core knows.
    /// </summary>
    public async Task<bool> Round(CancellationToken stop)
    {
        HostAssignment assignment = await intake.Take(Patience, stop);
        DesiredHost desired = translator.Translate(assignment);
        ActualHost actual = await verifier.Look(stop);
        Plan plan = Planner.Make(actual, desired);
        using Activity? span = AgentTraces.Applying(plan, assignment);
        Applied applied = await applier.Apply(plan, desired, stop);
        span.Ended(applied);
        Verified verified = await verifier.Verify(desired, applied, stop);
        foreach (IRoundWitness witness in witnesses)
        {
            witness.Seen(assignment, verified);
        }

        bool told = await reporter.Report(assignment, verified, stop);

        bool settled = verified.Converged && told;
        _failures = settled ? 0 : _failures + 1;
        return settled;
    }

    /// <summary>Rounds until stopped. A round that could not even look at the host is one that failed.</summary>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Round(stop);
            }
            catch (OperatingFaultException e)
            {
                _failures++;
                foreach (IRoundWitness witness in witnesses)
                {
                    witness.Failed(e.Message);
                }
            }
        }
    }
}
