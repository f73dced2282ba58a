using System.Threading.Channels;

namespace NovaOrleans.Agent;

/// <summary>
/// Folds what is heard into the newest assignment. Records that arrive close together are taken together; a guest that
/// changes by itself is news too; between them the host is looked at on a slow timer.
/// </summary>
public sealed class AssignmentIntake(IHostLinkSession link, GuestWatch guests, TimeProvider clock)
{
    /// <summary>
    /// How long to wait for more once something has come: the records of one instance's NICs come one right after the other. What
    /// comes during a round is taken together anyway, so a longer wait would only be one.
    /// </summary>
    private static readonly TimeSpan BatchWindow = TimeSpan.FromMilliseconds(2);

    private readonly Lock _lock = new();
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private HostAssignment? _newest;

    /// <summary>What was heard last; null before the first snapshot.</summary>
    public HostAssignment? Newest
    {
        get
        {
            lock (_lock)
            {
                return _newest;
            }
        }
    }

    /// <summary>Listens to core and guests until stopped.</summary>
    public Task Listen(CancellationToken stop) => Task.WhenAll(ListenToCore(stop), ListenToGuests(stop));

    /// <summary>
    /// The newest assignment: as soon as there is news, or after <paramref name="within"/>. Before the first snapshot
    /// there is none, and the host is left alone.
    /// </summary>
    public async Task<HostAssignment> Take(TimeSpan within, CancellationToken stop)
    {
        while (true)
        {
            if (await NewsWithin(within, stop))
            {
                await Task.Delay(BatchWindow, clock, stop);
                _news.Reader.TryRead(out _);
            }

            if (Newest is { } newest)
            {
                return await guests.Mark(newest, stop);
            }
        }
    }

    /// <summary>The core has taken the report that this VNIC is gone: it is forgotten.</summary>
    public void Forget(VnicId vnic, long generation)
    {
        lock (_lock)
        {
            _newest = _newest?.WithoutLeaving(vnic, generation);
        }
    }

    private async Task ListenToGuests(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await guests.UntilChanged(stop);
                _news.Writer.TryWrite(true);
            }
        }
        catch (OperationCanceledException)
        {
            // The agent stops.
        }
    }

    private async Task ListenToCore(CancellationToken stop)
    {
        await foreach (HeardRecords heard in link.Watch(since: -1, stop))
        {
            lock (_lock)
            {
                _newest = (_newest ?? new HostAssignment(heard.Epoch, 0)).With(heard.Epoch, heard.Records);
            }

            _news.Writer.TryWrite(true);
        }
    }

    private async Task<bool> NewsWithin(TimeSpan within, CancellationToken stop)
    {
        try
        {
            // Waits without taking: a read that is given up would take the next news with it.
            return await _news.Reader.WaitToReadAsync(stop).AsTask().WaitAsync(within, clock, stop);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
