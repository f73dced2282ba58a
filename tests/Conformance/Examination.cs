using System.Diagnostics;

namespace NovaOrleans.Conformance;

/// <summary>Asks a plug-in for its promises, one after the other, on one server.</summary>
public static class Examination
{
    /// <summary>No promise takes longer on any machine; one that hangs ends here.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    /// <summary>The names of all promises, in the order of the report.</summary>
    public static IReadOnlyList<string> Names => [.. Promises.All.Select(p => p.Name)];

    /// <param name="plugIn">What is asked.</param>
    /// <param name="only">Names of promises; what these need is asked for as well. Null for all.</param>
    public static async Task<Report> Of(PlugIn plugIn, IReadOnlyList<string>? only = null)
    {
        var findings = new List<Finding>();
        await using var trial = new Trial(plugIn);
        foreach (Promise promise in Promises.With(only))
        {
            findings.Add(await Look(promise, trial, findings));
        }

        return new Report(plugIn.Path.Value, trial.Version, findings);
    }

    private static async Task<Finding> Look(Promise promise, Trial trial, List<Finding> before)
    {
        string[] missing = [.. promise.NeedList.Where(n => before.Find(f => f.Name == n) is { Verdict: not Verdict.Held })];
        if (missing.Length > 0)
        {
            return Found(Verdict.Unreached, $"it rests on {string.Join(" and ", missing)}", 0);
        }

        long began = Stopwatch.GetTimestamp();
        (Verdict verdict, string? reason) = await Judge(promise, trial);
        return Found(verdict, reason, Stopwatch.GetElapsedTime(began).TotalSeconds);

        Finding Found(Verdict found, string? why, double seconds) =>
            new(promise.Name, promise.Says, promise.RowList, found, why, seconds);
    }

    private static async Task<(Verdict Verdict, string? Reason)> Judge(Promise promise, Trial trial)
    {
        try
        {
            // A plug-in's code may keep the thread that calls it for ever.
            await Task.Run(() => promise.Keep(trial)).WaitAsync(s_limit);
            return (Verdict.Held, null);
        }
        catch (Exception e)
        {
            return (Verdict.Broken, BrokenPromiseException.ReasonIn(e));
        }
    }
}
