using System.Diagnostics;

namespace NovaOrleans.Demo;

/// <summary>Waits for what can be seen, with a limit; the fault says what was last seen.</summary>
internal static class Wait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary><paramref name="look"/> answers null when it is there, or what is seen instead.</summary>
    public static async Task Until(string what, TimeSpan limit, Func<Task<string?>> look, CancellationToken stop)
    {
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            if (await look() is not { } instead)
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(begun) > limit)
            {
                throw new DemoFault($"waited {limit.TotalSeconds:0} s for {what}; last seen: {instead}");
            }

            await Task.Delay(Pause, stop);
        }
    }
}
