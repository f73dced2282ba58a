namespace NovaOrleans.Agent;

/// <summary>
/// What an operator reads of each round. A trouble that stays is said again only every ten minutes: a host with one that
/// nobody mends makes a round every ten seconds.
/// </summary>
public sealed partial class RoundLog(TimeProvider clock, ILogger<RoundLog> log) : IRoundWitness
{
    private static readonly TimeSpan SaidAgainAfter = TimeSpan.FromMinutes(10);

    /// <summary>Of the round before: what its troubles were about, and which steps it left to be done.</summary>
    private HashSet<string> _troubles = [];
    private HashSet<string> _differed = [];
    private long _since = clock.GetTimestamp();

    public void Seen(HostAssignment assignment, Verified verified)
    {
        HashSet<string> differs = [.. verified.Differences.Steps.Select(s => s.ToString())];
        // What was to be done before, was done, and is to be done again is a trouble and no news.
        Plan news = new(verified.Applied.Results.Where(r => r.Done).Select(r => r.Step)
            .Where(s => !(_differed.Contains(s.ToString()) && differs.Contains(s.ToString()))));
        if (!news.IsEmpty)
        {
            LogRun(news.Steps.Count, news);
        }

        Tell(Troubles(verified));
        _differed = differs;
    }

    public void Failed(string reason) => Tell([new Trouble(reason, reason)]);

    private void Tell(IReadOnlyList<Trouble> troubles)
    {
        if (troubles.Count == 0 && _troubles.Count > 0)
        {
            LogWell();
        }

        if (clock.GetElapsedTime(_since) > SaidAgainAfter)
        {
            (_troubles, _since) = ([], clock.GetTimestamp());
        }

        foreach (Trouble trouble in troubles.Where(t => !_troubles.Contains(t.Of)))
        {
            LogTrouble(trouble.Sentence);
        }

        _troubles = [.. troubles.Select(t => t.Of)];
    }

    private static IReadOnlyList<Trouble> Troubles(Verified verified) =>
    [
        .. verified.Desired.ServiceFaults.Select(s => Trouble.Whole(
            $"network service {s.Key} cannot translate, and what it has on this host stays as it is: {s.Value}")),
        .. verified.Applied.Faults.Where(r => r.WaitsFor is null).Select(r => Trouble.Whole(r.ToString())),
        .. verified.Applied.Faults.Where(r => r.WaitsFor is not null)
            .GroupBy(r => r.WaitsFor!.Reason, StringComparer.Ordinal).Select(Waiting),
        .. verified.Differences.Steps.Where(s => !verified.Applied.FaultOf.ContainsKey(s.Subject))
            .Select(s => Trouble.Whole($"read back, this still differs: {s}")),
    ];

    /// <summary>However many wait for one reason, it is one trouble.</summary>
    private static Trouble Waiting(IGrouping<string, StepResult> steps)
    {
        string count = steps.Count() == 1 ? "1 step waits" : $"{steps.Count()} steps wait";
        string[] subjects = [.. steps.Select(r => r.WaitsFor!.Subject).Distinct(StringComparer.Ordinal)];
        string others = subjects.Length == 1 ? "" : $" and {subjects.Length - 1} more";
        return new($"wait: {steps.Key}", $"{count} for {subjects[0]}{others}: {steps.Key}");
    }

    [LoggerMessage(LogLevel.Information, "{Count} steps were run:\n{Plan}")]
    private partial void LogRun(int count, Plan plan);

    [LoggerMessage(LogLevel.Warning, "{Trouble}")]
    private partial void LogTrouble(string trouble);

    [LoggerMessage(LogLevel.Information, "nothing is in the way any more")]
    private partial void LogWell();

    /// <summary>A sentence, and what it is about: the same of that is not said twice.</summary>
    private sealed record Trouble(string Of, string Sentence)
    {
        public static Trouble Whole(string sentence) => new(sentence, sentence);
    }
}
