namespace NovaOrleans.Agent;

/// <summary>
/// Tells the host's grain what was read back. Level-triggered: a result is repeated until the grain has taken it, and
/// told again in a new session.
/// </summary>
public sealed partial class HostReporter(
    IHostLinkSession link, AssignmentIntake intake, RepairWatch repairs, ILogger<HostReporter> log)
{
    /// <summary>What the core has taken of each VNIC, and of which record of it.</summary>
    private readonly Dictionary<VnicId, (BindingReport Report, long Revision)> _taken = [];
    private long _epoch;
    private long _revision = -1;

    /// <summary>False when the grain could not be told: to be tried again soon.</summary>
    public async Task<bool> Report(HostAssignment assignment, Verified verified, CancellationToken stop)
    {
        await repairs.Note(assignment.Revision, verified, stop);
        if (assignment.Epoch != _epoch)
        {
            _taken.Clear();
            (_epoch, _revision) = (assignment.Epoch, -1);
        }

        BindingReport[] news =
        [
            .. Results(assignment, verified).Where(r => _taken.GetValueOrDefault(r.Vnic) != (r, RevisionOf(assignment, r))),
        ];
        if (news.Length == 0 && assignment.Revision == _revision)
        {
            return true;
        }

        try
        {
            Outcome outcome = await link.Report(new HostReport(assignment.Epoch, assignment.Revision, news), stop);
            if (outcome.Refused)
            {
                LogRefused(outcome.Refusal);
                return false;
            }
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            LogUnreachable(e.Message);
            return false;
        }

        Taken(assignment, news);
        return true;
    }

    private void Taken(HostAssignment assignment, BindingReport[] news)
    {
        _revision = assignment.Revision;
        foreach (BindingReport report in news)
        {
            Narrate(report, assignment.Bound.GetValueOrDefault(report.Vnic)?.Request
                ?? assignment.Leaving.GetValueOrDefault(report.Vnic)?.Request);
            if (report.Outcome == BindingOutcome.TornDown)
            {
                _taken.Remove(report.Vnic);
                intake.Forget(report.Vnic, report.Generation);
            }
            else
            {
                _taken[report.Vnic] = (report, RevisionOf(assignment, report));
            }
        }
    }

    /// <summary>
    /// A VNIC's newest record may reach the core's log while a result of the one before is on its way. The core leaves that result
    /// out, so the same result is told again of the newer record.
    /// </summary>
    private static long RevisionOf(HostAssignment assignment, BindingReport report) =>
        assignment.Bound.GetValueOrDefault(report.Vnic)?.Revision ?? 0;

    private static IEnumerable<BindingReport> Results(HostAssignment assignment, Verified verified)
    {
        foreach (BoundVnic bound in assignment.Bound.Values
            .Where(b => !assignment.EndingInstances.Contains(b.Instance.Id)))
        {
            string? fault = verified.FaultOf(bound.Binding.Vnic);
            yield return new BindingReport(
                bound.Binding.Vnic,
                bound.Binding.Generation,
                fault is null ? BindingOutcome.Applied : BindingOutcome.Failed,
                fault);
        }

        foreach ((VnicId vnic, LeavingVnic leaving) in assignment.Leaving
            .Where(l => verified.IsGone(l.Key, l.Value.Instance)))
        {
            yield return new BindingReport(vnic, leaving.Generation, BindingOutcome.TornDown);
        }
    }
}
