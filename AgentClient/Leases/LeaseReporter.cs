namespace NovaOrleans.Agent.Leases;

/// <summary>
/// Tells the host's grain which of its VNICs hold leases, beside the rounds: a lease changes nothing of what the host is to be.
/// Level-triggered: what was not taken is told again, and all of it in a new session.
/// </summary>
public sealed partial class LeaseReporter(
    IHostLinkSession link, AssignmentIntake intake, ILeaseSource source, TimeProvider clock, ILogger<LeaseReporter> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private const int MostAtOnce = 1000;

    private readonly Dictionary<(VnicId Vnic, Ip4Address Address), Held> _taken = [];
    private IReadOnlyList<DhcpLease>? _seen;
    private HostAssignment? _assignment;
    private long _epoch;

    /// <summary>Looks once a second until stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        using PeriodicTimer timer = new(Interval, clock);
        while (await timer.WaitForNextTickAsync(stop))
        {
            try
            {
                await Look(stop);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogUnreadable(e.Message);
            }
        }
    }

    /// <summary>True when the core knows all that is to be seen.</summary>
    public async Task<bool> Look(CancellationToken stop)
    {
        IReadOnlyList<DhcpLease> leases = source.Read();
        if (intake.Newest is not { } assignment)
        {
            return false;
        }

        if (ReferenceEquals(leases, _seen) && ReferenceEquals(assignment, _assignment))
        {
            return true;
        }

        bool whole = assignment.Epoch != _epoch;
        if (whole)
        {
            _taken.Clear();
        }

        Dictionary<(VnicId, Ip4Address), Held> held = HeldBy(assignment, leases);
        foreach (LeaseReport[] batch in News(held).Chunk(MostAtOnce).DefaultIfEmpty([]))
        {
            if ((whole || batch.Length > 0) && !await Tell(new HostLeases(assignment.Epoch, whole, batch), held, stop))
            {
                return false;
            }

            (whole, _epoch) = (false, assignment.Epoch);
        }

        (_seen, _assignment) = (leases, assignment);
        return true;
    }

    private static Dictionary<(VnicId, Ip4Address), Held> HeldBy(
        HostAssignment assignment, IReadOnlyList<DhcpLease> leases)
    {
        ILookup<MacAddress, DhcpLease> byCard = leases.ToLookup(l => l.Mac);
        Dictionary<(VnicId, Ip4Address), Held> held = [];
        foreach (HostBinding binding in assignment.Bound.Values.Select(b => b.Binding)
            .Concat(assignment.Facts.Values.OfType<MemberFact>().Select(m => m.Binding)))
        {
            // Where an overlapping network gave the same card's number another address, it is no lease of this one's.
            foreach (DhcpLease lease in byCard[binding.Info.MacAddress].Where(l => l.Address == binding.Info.IpAddress))
            {
                held[(binding.Vnic, lease.Address)] = new Held(binding.Generation, lease.Until);
            }
        }

        return held;
    }

    private IEnumerable<LeaseReport> News(Dictionary<(VnicId, Ip4Address), Held> held)
    {
        foreach (((VnicId vnic, Ip4Address address), Held lease) in held)
        {
            if (_taken.GetValueOrDefault((vnic, address)) != lease)
            {
                TimeSpan left = lease.Until - clock.GetUtcNow();
                yield return new LeaseReport(vnic, lease.Generation, address, Math.Max(0, (long)left.TotalSeconds));
            }
        }

        foreach (((VnicId vnic, Ip4Address address), Held lease) in _taken.Where(t => !held.ContainsKey(t.Key)))
        {
            yield return new LeaseReport(vnic, lease.Generation, address, null);
        }
    }

    private async Task<bool> Tell(
        HostLeases report, Dictionary<(VnicId, Ip4Address), Held> held, CancellationToken stop)
    {
        try
        {
            Outcome outcome = await link.ReportLeases(report, stop);
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

        foreach (LeaseReport lease in report.Leases)
        {
            if (held.TryGetValue((lease.Vnic, lease.Address), out Held? now))
            {
                _taken[(lease.Vnic, lease.Address)] = now;
            }
            else
            {
                _taken.Remove((lease.Vnic, lease.Address));
            }
        }

        return true;
    }

    private sealed record Held(long Generation, DateTimeOffset Until);

    [LoggerMessage(LogLevel.Warning, "the leases could not be read: {Reason}")]
    private partial void LogUnreadable(string reason);

    [LoggerMessage(LogLevel.Warning, "the report of leases was refused: {Refusal}")]
    private partial void LogRefused(Refusal refusal);

    [LoggerMessage(LogLevel.Warning, "the report of leases did not reach the core and is repeated: {Reason}")]
    private partial void LogUnreachable(string reason);
}
