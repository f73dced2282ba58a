using System.Diagnostics;

namespace NovaOrleans.Testing;

/// <summary>Waits for something that can be observed, with a limit; the alternative to sleeping in a test.</summary>
public static class Poll
{
    public static readonly TimeSpan UsualLimit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(100);

    public static Task Until(Func<bool> reached, string what, TimeSpan? limit = null) =>
        Until(() => Task.FromResult(reached()), what, limit);

    public static Task Until(Func<Task<bool>> reached, string what, TimeSpan? limit = null) =>
        Until(reached, () => what, limit);

    /// <summary>What was waited for is composed when it did not come: it may say what there is instead.</summary>
    public static async Task Until(Func<Task<bool>> reached, Func<string> what, TimeSpan? limit = null)
    {
        long began = Stopwatch.GetTimestamp();
        while (!await reached())
        {
            TimeSpan waited = Stopwatch.GetElapsedTime(began);
            if (waited > (limit ?? UsualLimit))
            {
                throw new TimeoutException($"not within {(limit ?? UsualLimit).TotalSeconds:0} s: {what()}");
            }

            await Task.Delay(Pause(waited));
        }
    }

    /// <summary>A tenth of what was waited already: to look is often a process or two, which those who are waited for could use.</summary>
    private static TimeSpan Pause(TimeSpan waited) => TimeSpan.FromTicks(Math.Clamp(waited.Ticks / 10, s_shortest.Ticks, s_longest.Ticks));
}
