namespace NovaOrleans.Faults;

/// <summary>How many there are to be hurt.</summary>
internal sealed record Victims(int Silos, int Facades, int Agents);

/// <summary>
/// Faults in random order at random times, all of it from the seed: the same seed gives the same faults. They come one after
/// the other, so that what each costs can be told; a quarter of them has a small one beside it.
/// </summary>
internal static class Schedule
{
    /// <summary>What comes first is measured by nothing else.</summary>
    private const double WarmUp = 6;

    /// <summary>At the end everything is given the time to come back.</summary>
    private const double Quiet = 12;

    /// <summary>From a fault's end to the next one.</summary>
    public const double Gap = 9;

    public const double ShortSeconds = 32;

    /// <summary>The short form judges no times: they need not be told apart so well.</summary>
    public const double ShortGap = 3;

    private static readonly (FaultKind Kind, int Weight)[] s_weights =
    [
        (FaultKind.SiloKill, 5), (FaultKind.SiloFreeze, 3), (FaultKind.PostgresRestart, 2), (FaultKind.PostgresKill, 2),
        (FaultKind.FacadeKill, 2), (FaultKind.AgentKill, 2), (FaultKind.LinkCut, 2),
    ];

    public static IReadOnlyList<PlannedFault> Make(int seed, double seconds, Victims victims)
    {
        Random random = new(seed);
        List<PlannedFault> faults = [];
        Queue<FaultKind> kinds = new();
        for (double at = WarmUp; ;)
        {
            if (kinds.Count == 0)
            {
                Deal(random, kinds);
            }

            PlannedFault fault = Draw(random, at, kinds.Dequeue(), victims);
            if (fault.At + fault.Seconds + Quiet > seconds)
            {
                return faults;
            }

            faults.Add(fault);
            if (random.Next(4) == 0)
            {
                FaultKind small = random.Next(2) == 0 ? FaultKind.FacadeKill : FaultKind.AgentKill;
                if (small != fault.Kind)
                {
                    faults.Add(Draw(random, at + 0.5 + random.NextDouble(), small, victims));
                }
            }

            at += fault.Seconds + Gap + (random.NextDouble() * 4);
        }
    }

    /// <summary>For every test run: one of each kind, with little time between.</summary>
    public static IReadOnlyList<PlannedFault> Short(int seed, Victims victims)
    {
        Random random = new(seed);
        return
        [
            new(2, FaultKind.SiloKill, random.Next(victims.Silos), 1),
            new(3, FaultKind.AgentKill, random.Next(victims.Agents), 0.5),
            new(5, FaultKind.LinkCut, random.Next(victims.Agents), 6),
            new(10, FaultKind.PostgresRestart, 0, 0.3),
            new(14, FaultKind.PostgresKill, 0, 0.3),
            new(17, FaultKind.FacadeKill, random.Next(victims.Facades), 0.5),
            new(18, FaultKind.SiloFreeze, random.Next(victims.Silos), 10),
        ];
    }

    /// <summary>All kinds by their weights, shuffled: also a run of minutes has each of them.</summary>
    private static void Deal(Random random, Queue<FaultKind> kinds)
    {
        FaultKind[] hand = [.. s_weights.SelectMany(w => Enumerable.Repeat(w.Kind, w.Weight))];
        random.Shuffle(hand);
        // One of each before the rest, since a short run ends soon.
        foreach (FaultKind kind in hand.Distinct().Concat(hand.GroupBy(k => k).SelectMany(g => g.Skip(1))))
        {
            kinds.Enqueue(kind);
        }
    }

    private static PlannedFault Draw(Random random, double at, FaultKind kind, Victims victims)
    {
        double share = random.NextDouble();
        return kind switch
        {
            // Sometimes back before it is missed, sometimes long after.
            FaultKind.SiloKill => new(at, kind, random.Next(victims.Silos), 0.5 + (share * 9)),
            FaultKind.SiloFreeze => new(at, kind, random.Next(victims.Silos), 10 + (share * 5)),
            FaultKind.PostgresRestart or FaultKind.PostgresKill => new(at, kind, 0, 0.2 + (share * 2)),
            FaultKind.FacadeKill => new(at, kind, random.Next(victims.Facades), 0.5 + (share * 3)),
            FaultKind.AgentKill => new(at, kind, random.Next(victims.Agents), 0.5 + (share * 6)),
            // Sometimes for less than it takes to be called lost (15 s), sometimes for more.
            _ => new(at, kind, random.Next(victims.Agents), 4 + (share * 16)),
        };
    }
}
