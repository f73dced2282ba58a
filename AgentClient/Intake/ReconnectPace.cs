namespace NovaOrleans.Agent;

/// <summary>
/// How an agent that does not reach the core goes on: how long it waits between two tries, and when it builds its connection anew. A
/// new client is a third of a second of its host's processor, which is for guests, and work for the silos: each that did not help makes
/// the next one later, and no host acts together with the others.
/// </summary>
public sealed class ReconnectPace(TimeProvider clock)
{
    /// <summary>
    /// After failing for so long the connection is built anew. A silo's death is over by then, and the Orleans client goes on by
    /// itself; all hosts' agents with new clients at once would cost the silos that are left more than the death did.
    /// </summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan AtMost = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_hopeless = TimeSpan.FromSeconds(5);

    private TimeSpan _after = First;
    private long? _since;

    /// <summary>Until the next try: short at first, for a silo's death; longer once a connection was built in vain.</summary>
    public TimeSpan Pause => _after == First ? s_retry : Spread(s_hopeless);

    /// <summary>The core answered.</summary>
    public void Reached() => (_after, _since) = (First, clock.GetTimestamp());

    /// <summary>A try failed: whether the connection is to be built anew now. True counts as done.</summary>
    public bool IsRebuildDue()
    {
        long now = clock.GetTimestamp();
        _since ??= now;
        if (clock.GetElapsedTime(_since.Value, now) < _after)
        {
            return false;
        }

        _since = now;
        _after = Spread(2 * _after < AtMost ? 2 * _after : AtMost);
        return true;
    }

    /// <summary>Up to a quarter less, so that twice of a time stays more than the time.</summary>
    private static TimeSpan Spread(TimeSpan time) => time * (0.75 + Random.Shared.NextDouble() / 4);
}
