using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace NovaOrleans.Agent;

/// <summary>
/// One host's session with its grain: opened, renewed every 3 s with an ear for pushes, and opened anew when the
/// grain says that it is stale. Renewal is heartbeat and gap detector in one: of the pushes only revision last+1 is
/// taken, anything else is a reason to renew. Nothing depends on a message arriving.
/// </summary>
public sealed partial class HostLink(
    HostIdentity self, IHostDoor door, VnicProgress progress, TimeProvider clock, ILogger<HostLink> log)
    : IHostLinkSession, IHostLink, IHostObserver
{
    /// <summary>How often a session is renewed; the core calls a host lost after five times this.</summary>
    public static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(3);

    /// <summary>A dead silo is noticed by it, not by Orleans' own response time-out.</summary>
    public static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(2);

    private readonly Channel<HostRecord> _pushes = Channel.CreateUnbounded<HostRecord>();
    private readonly ReconnectPace _pace = new(clock);
    private long? _epoch;
    private bool _snapshotDue;
    private int _failures;

    public HostName Host => self.Name;

    public Ip4Address? Address => self.Address;

    public Task Pushed(HostRecord record)
    {
        _pushes.Writer.TryWrite(record);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<HeardRecords> Watch(long since, [EnumeratorCancellation] CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            HeardRecords? heard = await Renew(since, stop);
            if (heard is not null)
            {
                since = heard.Records.Head;
                if (heard.Records.IsSnapshot || heard.Records.Records.Count > 0)
                {
                    yield return heard;
                }
            }

            TimeSpan pause = heard is null ? _pace.Pause : RenewalInterval;
            using CancellationTokenSource due = CancellationTokenSource.CreateLinkedTokenSource(stop);
            using CancellationTokenSource timer = new(pause, clock);
            using CancellationTokenRegistration ends = timer.Token.Register(due.Cancel);
            while (heard is not null && await NextPush(due.Token) is { } record && record.Revision <= since + 1)
            {
                if (record.Revision == since + 1)
                {
                    since = record.Revision;
                    yield return new HeardRecords(heard.Epoch, new HostRecords(since, IsSnapshot: false, [record]));
                }
            }

            if (heard is null)
            {
                await Task.Delay(pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public async Task<Outcome> Report(HostReport report, CancellationToken stop)
    {
        IHostGrain grain = await door.Open(stop);
        return await grain.Report(report).WaitAsync(CallLimit, clock, stop);
    }

    public async Task<Outcome> ReportLeases(HostLeases report, CancellationToken stop)
    {
        IHostGrain grain = await door.Open(stop);
        return await grain.ReportLeases(report).WaitAsync(CallLimit, clock, stop);
    }

    public async Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics)
    {
        IHostGrain grain = await door.Open(CancellationToken.None);
        Outcome outcome = await grain.BindVnicsToPorts(_epoch ?? 0, vnics);
        if (outcome.Refused)
        {
            throw new OperatingFaultException(
                outcome.Refusal.Reason, mayRetry: outcome.Refusal.Code == RefusalCode.Stale);
        }
    }

    public Task UntilVerified(IReadOnlyList<VnicId> vnics) => progress.UntilVerified(vnics);

    public Task UntilGone(IReadOnlyList<VnicId> vnics) => progress.UntilGone(vnics);

    /// <summary>
    /// Null when the core could not be reached, or wants a new session, which is opened at the next turn.
    /// </summary>
    private async Task<HeardRecords?> Renew(long since, CancellationToken stop)
    {
        try
        {
            IHostGrain grain = await door.Open(stop);
            if (_epoch is null || self.Address is null)
            {
                await self.Look(stop);
            }

            if (_epoch is null)
            {
                _epoch = (await grain.OpenSession(self.Hello).WaitAsync(CallLimit, clock, stop)).Epoch;
                _snapshotDue = true;
                LogSession(Host, _epoch.Value);
            }

            // A new session begins with a snapshot, also when its first renewal was lost: a fence may have emptied the log.
            RenewHost renewal = new(_epoch.Value, _snapshotDue ? -1 : since, self.Hello)
            {
                Differences = progress.Differences,
            };
            Outcome<HostRecords> outcome = await grain.Renew(renewal, door.Ear(this)).WaitAsync(CallLimit, clock, stop);
            _failures = 0;
            _pace.Reached();
            if (outcome.Try(out HostRecords? records, out Refusal? refusal))
            {
                _snapshotDue = false;
                return new HeardRecords(_epoch.Value, records);
            }

            LogRefused(Host, refusal);
            _epoch = null;
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            LogUnreachable(Host, ++_failures, e.Message);
            await RebuildIfHopeless();
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }

        return null;
    }

    private async Task RebuildIfHopeless()
    {
        if (!_pace.IsRebuildDue())
        {
            return;
        }

        try
        {
            await door.Rebuild();
        }
        catch (Exception e)
        {
            LogUnreachable(Host, _failures, e.Message);
        }
    }

    private async Task<HostRecord?> NextPush(CancellationToken due)
    {
        try
        {
            return await _pushes.Reader.ReadAsync(due);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
