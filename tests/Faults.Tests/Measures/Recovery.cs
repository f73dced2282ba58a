namespace NovaOrleans.Faults;

/// <summary>How long after a fault each pool answered as usual again.</summary>
internal static class Recovery
{
    /// <summary>A slow answer within this of the last one belongs to the same outage.</summary>
    private const double Grace = 0.5;

    /// <summary>
    /// Of one pool: seconds from <paramref name="since"/> until the outage had ended. An operation lasts from its first call to
    /// the end of the one that told its outcome. The first that began after the fault counts in any case, and then each slow
    /// one that began before the outage was over.
    /// </summary>
    public static double Of(IEnumerable<(double Start, double End)> operations, double since)
    {
        double back = since;
        bool one = false;
        foreach ((double start, double end) in operations.Where(o => o.End > since).OrderBy(o => o.Start))
        {
            bool first = !one && start >= since;
            if (first || (start <= back + Grace && end - Math.Max(start, since) > Availability.SlowSeconds))
            {
                back = Math.Max(back, end);
            }

            one |= first;
        }

        return back - since;
    }

    /// <summary>Whole operations on each network's pool: creates and deletes of cards, with their repeats.</summary>
    public static ILookup<string, (double Start, double End)> Operations(IReadOnlyList<Call> calls)
    {
        Dictionary<string, string> networks = calls
            .Where(c => c is { Kind: Kind.Card, Verb: Verb.Create, Outcome: Outcome.Done })
            .GroupBy(c => c.Answer!.Id).ToDictionary(g => g.Key, g => g.First().Argument);
        return calls
            .Where(c => c is { Kind: Kind.Card, Verb: not Verb.Show })
            .GroupBy(c => c.Key)
            .Where(o => o.Any(c => c.Outcome != Outcome.Unknown))
            .Select(o => (
                Network: o.First().Verb == Verb.Create ? o.First().Argument : networks.GetValueOrDefault(o.First().Argument, ""),
                Time: (o.Min(c => c.Start), o.Where(c => c.Outcome != Outcome.Unknown).Min(c => c.End))))
            .ToLookup(o => o.Network, o => o.Time);
    }

    /// <summary>The worst of a fault's pools by what they had on the silo, and how many there were.</summary>
    public static Outage After(Fault fault, ILookup<string, (double Start, double End)> operations)
    {
        // A database that is down serves nobody: what counts is how soon everything is back once it takes connections.
        bool database = fault.Plan.Kind is FaultKind.PostgresKill or FaultKind.PostgresRestart;
        double since = database ? fault.End ?? fault.Start : fault.Start;
        (PoolPlace Place, double Seconds)[] pools =
            [.. fault.Pools.Select(p => (p.Value, Of(operations[p.Key], since)))];
        return new Outage(
            fault,
            [
                .. Enum.GetValues<PoolPlace>().Select(place => pools.Where(p => p.Place == place).Select(p => p.Seconds).ToArray())
                    .Select(seconds => new Worst(seconds.Length, seconds.DefaultIfEmpty(0).Max())),
            ]);
    }
}

internal sealed record Worst(int Pools, double Seconds);

/// <summary>What a fault cost; by <see cref="PoolPlace"/>.</summary>
internal sealed record Outage(Fault Fault, IReadOnlyList<Worst> Pools)
{
    /// <summary>What a killed silo had answers again within this.</summary>
    public const double KillLimit = 8;

    /// <summary>After PostgreSQL takes connections again.</summary>
    public const double PostgresLimit = 5;

    public Worst this[PoolPlace place] => Pools[(int)place];

    public double Worst => Pools.Max(p => p.Seconds);

    /// <summary>Null where nothing is promised.</summary>
    public double? Limit => Fault.Plan.Kind switch
    {
        FaultKind.SiloKill => KillLimit,
        FaultKind.PostgresKill or FaultKind.PostgresRestart => PostgresLimit,
        _ => null,
    };

    /// <summary>What the promise is about: of a silo's death the pools that had something there.</summary>
    public double Measured => Fault.Plan.Kind == FaultKind.SiloKill
        ? Math.Max(this[PoolPlace.Activation].Seconds, this[PoolPlace.Entry].Seconds)
        : Worst;

    public bool Late => Limit is { } limit && Measured > limit;
}
