namespace NovaOrleans.Faults;

/// <summary>What clients saw in one second. A call counts in the second of its end.</summary>
/// <param name="Ok">Calls with a known outcome, in good time.</param>
/// <param name="Slow">Those that took longer than <see cref="Availability.SlowSeconds"/>.</param>
/// <param name="Failed">Those whose outcome stayed unknown.</param>
internal sealed record Second(int Ok, int Slow, int Failed);

internal static class Availability
{
    public const double SlowSeconds = 1;

    public static IReadOnlyList<Second> PerSecond(IReadOnlyList<Call> calls, double seconds)
    {
        ILookup<int, Call> at = calls.ToLookup(c => (int)c.End);
        return
        [
            .. Enumerable.Range(0, (int)Math.Ceiling(seconds)).Select(second => new Second(
                at[second].Count(c => c.Outcome != Outcome.Unknown && c.Seconds <= SlowSeconds),
                at[second].Count(c => c.Outcome != Outcome.Unknown && c.Seconds > SlowSeconds),
                at[second].Count(c => c.Outcome == Outcome.Unknown))),
        ];
    }
}
