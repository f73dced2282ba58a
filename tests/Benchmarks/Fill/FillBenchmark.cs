using NovaOrleans.Benchmarks.Allocate;
using NovaOrleans.Benchmarks.Measures;
using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Fill;

/// <summary>
/// Whether a create costs more in a pool that is nearly full, and for a project that has a quota and much of it in use. Small portions
/// are created in the full pool and in an empty one of another network, in turn, so that whatever else the machine does meets both; what
/// was created is deleted again, so that so many stay held. A /16 is filled step by step.
/// </summary>
internal static class FillBenchmark
{
    private const int Outstanding = 32;
    private const int Portion = 1000;
    private const double MostGrowth = 1.05;

    /// <summary>Pairs of portions at each step. One pair's ratio differs from the next's by a sixth: the median of 30 by some 4 of 100.</summary>
    private const int Pairs = 30;

    /// <summary>Of the step of which something is promised, whose median so differs by some 2 of 100.</summary>
    private const int PairsPromised = 4 * Pairs;

    private const int Quota = 1_000_000;
    private static readonly int[] s_held = [0, 10_000, 30_000, 60_000];

    public static async Task<int> Run(BenchOptions options)
    {
        PostgresCluster cluster = await PostgresCluster.Instance;
        await using WalCounter wal = await WalCounter.Open(cluster);
        await using NovaServer served = new(await cluster.CreateDatabaseOverSocket()), embedded = new();
        Figures figures = new(options.Json);
        await using (PoolLoad load = await PoolLoad.Start(served, p => new Meter([p], cluster, wal)))
        {
            await Measure(figures, options, "fill", load, await OfOneProject(load), s_held, isProduct: true);
            await load.Project("many", Quota);
            await load.Project("none", Quota);
            Pools ofTwo = new(await load.Network("many", "10.3.0.0/16"), await load.Network("none", "10.4.0.0/16"));
            await Measure(figures, options, "fill with a quota", load, ofTwo, [0, s_held[^1]], isProduct: true);
        }

        await using (PoolLoad load = await PoolLoad.Start(embedded, p => new Meter([p], null, null)))
        {
            await Measure(figures, options, "fill embedded", load, await OfOneProject(load), s_held, isProduct: false);
        }

        return figures.Close();
    }

    private static async Task<Pools> OfOneProject(PoolLoad load)
    {
        await load.Project("demo");
        return new(await load.Network("demo", "10.1.0.0/16"), await load.Network("demo", "10.2.0.0/16"));
    }

    private static async Task Measure(
        Figures figures, BenchOptions options, string title, PoolLoad load, Pools pools, int[] steps, bool isProduct)
    {
        // Code and statements are warm before the first figure.
        await Alternate(load, pools, 2);
        int there = 0;
        foreach (int held in steps)
        {
            BenchOptions.Say($"{title}: {held:N0} held");
            if (held > there)
            {
                await load.Fill(pools.Full, held - there);
            }

            there = held;
            bool isPromised = held == s_held[^1] && isProduct;
            int portions = options.Quick ? 5 : isPromised ? PairsPromised : Pairs;
            List<(Measured Full, Measured Empty)> pairs = await Alternate(load, pools, portions);
            string name = $"{title} create at {held} held";
            figures.Add(
                name, Quantiles.Median(pairs.Select(p => Cost(p.Full))), "ms/op", Quantiles.Median(pairs.Select(p => Cost(p.Empty))));
            // Of each pair, and then the median: a disturbance is in one pair and not in the figure.
            figures.Add(
                $"{name}, of each pair", Quantiles.Median(pairs.Select(p => Cost(p.Full) / Cost(p.Empty))), "×", 1,
                isPromised ? Target.TimesAtMost(MostGrowth) : null);
            figures.Add(
                $"{name} processor", pairs.Sum(p => p.Full.Work.ProcessorMs) / (portions * Portion), "ms/op",
                pairs.Sum(p => p.Empty.Work.ProcessorMs) / (portions * Portion));
        }
    }

    private static async Task<List<(Measured Full, Measured Empty)>> Alternate(PoolLoad load, Pools pools, int portions)
    {
        List<(Measured, Measured)> pairs = [];
        for (int n = 0; n < portions; n++)
        {
            // Who is first takes turns too.
            bool first = n % 2 == 0;
            Measured one = await load.MakeAndDelete(first ? pools.Full : pools.Empty, Outstanding, Portion);
            Measured two = await load.MakeAndDelete(first ? pools.Empty : pools.Full, Outstanding, Portion);
            pairs.Add(first ? (one, two) : (two, one));
        }

        return pairs;
    }

    /// <summary>Milliseconds of the server's time that a create takes, with so many at once.</summary>
    private static double Cost(Measured measured) => 1000 / measured.Load.Rate;

    private readonly record struct Pools(PoolLoad.Pool Full, PoolLoad.Pool Empty);
}
