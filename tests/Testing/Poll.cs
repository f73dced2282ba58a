using System.Diagnostics;

namespace NovaOrleans.Testing;

/// <summary>Waits for something that can be observed, with a limit; the alternative to sleeping in a test.</summary>
public static class Poll
{
    public static readonly TimeSpan UsualLimit = TimeSpan.FromSeconds(20);

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
            if (Stopwatch.GetElapsedTime(began) > (limit ?? UsualLimit))
            {
                throw new TimeoutException($"not within {(limit ?? UsualLimit).TotalSeconds:0} s: {what()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
