using System.Globalization;

namespace NovaOrleans.Faults;

/// <summary>The end of a run: a line for each promise, and the line that a CI reads.</summary>
internal sealed class Verdict(IReadOnlyList<Finding> findings, IReadOnlyList<Outage> outages, bool judgesTimes)
{
    /// <summary>Of each kind so many are shown; all of them are in the folder.</summary>
    private const int Shown = 10;

    private static readonly string[] s_rules =
    [
        Checker.HeldTwice, Checker.Lost, Checker.Undone, Checker.Unresolved, Checker.Untold, Checker.HostDiffers,
        Checker.AuditFound, Checker.Broken,
    ];

    public bool Say(Action<string> say, string folder, Ending end)
    {
        int failed = s_rules.Count(rule => !Rule(rule, say));
        int passed = s_rules.Length - failed;
        if (judgesTimes)
        {
            Outage[] kills = [.. outages.Where(o => o.Fault.Plan.Kind == FaultKind.SiloKill)];
            Outage[] databases =
                [.. outages.Where(o => o.Fault.Plan.Kind is FaultKind.PostgresKill or FaultKind.PostgresRestart)];
            bool[] held =
            [
                InTime($"what a killed silo had answers again within {Outage.KillLimit:0} s", kills, say),
                InTime($"everything answers within {Outage.PostgresLimit:0} s of PostgreSQL's return", databases, say),
            ];
            failed += held.Count(h => !h);
            passed += held.Count(h => h);
        }

        double rest = outages.Where(o => o.Fault.Plan.Kind == FaultKind.SiloKill)
            .Select(o => o[PoolPlace.Elsewhere].Seconds).DefaultIfEmpty(0).Max();
        say(string.Create(CultureInfo.InvariantCulture, $"  pools that had nothing on a killed silo: at most {rest:0.0} s"));
        say($"  in the end there are {string.Join(", ", end.Things.GroupBy(t => (t.Kind, t.Status))
            .Select(g => $"{g.Count()} {g.Key.Status} {g.Key.Kind}".Replace("  ", " ", StringComparison.Ordinal)))}");
        say($"  history, timeline and plot are in {folder}");
        say($"{passed} passed, {failed} failed, 0 skipped");
        return failed == 0;
    }

    private bool Rule(string rule, Action<string> say)
    {
        Finding[] broken = [.. findings.Where(f => f.Rule == rule)];
        say($"  {(broken.Length == 0 ? '✓' : '✗')} {rule}{(broken.Length == 0 ? "" : $": {broken.Length} findings")}");
        foreach (Finding finding in broken.Take(Shown))
        {
            say($"      {finding.Sentence}");
        }

        return broken.Length == 0;
    }

    private static bool InTime(string promise, Outage[] of, Action<string> say)
    {
        bool held = !of.Any(o => o.Late);
        say(string.Create(CultureInfo.InvariantCulture,
            $"  {(held ? '✓' : '✗')} {promise}: {of.Length} times, at most {of.Select(o => o.Measured).DefaultIfEmpty(0).Max():0.0} s"));
        return held;
    }
}
