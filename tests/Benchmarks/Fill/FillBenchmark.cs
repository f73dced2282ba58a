using NovaOrleans.Benchmarks.Allocate;
using NovaOrleans.Benchmarks.Measures;
using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Fill;

/// <summary>
/// Whether a create costs more in a pool that is nearly full. Small portions are created in the full pool and in an empty one of
/// another network, in turn, so that whatever else the machine does meets both; what was created is deleted again, so that so many stay
/// held. A /16 is filled step by step.
/// </summary>
internal static class FillBenchmark
{
    private const int Outstanding = 32;
    private const int Portion = 1000;
    private const double MostGrowth = 1.05;
    private static readonly int[] s_held = [0, 10_000, 30_000, 60_000];

    public static async Task<int> Run(BenchOptions options)
    {
        PostgresCluster cluster = await PostgresCluster.Instance;
        await using WalCounter wal = await WalCounter.Open(cluster);
        await using NovaServer served = new(await cluster.CreateDatabaseOverSocket()), embedded = new();
        Figures figures = new(options.Json);
        await using (PoolLoad load = await PoolLoad.Start(served, p => new Meter([p], cluster, wal)))
        {
            await Measure(figures, options, "fill", load, isProduct: true);
        }

        await using (PoolLoad load = await PoolLoad.Start(embedded, p => new Meter([p], null, null)))
        {
            await Measure(figures, options, "fill embedded", load, isProduct: false);
        }

        return figures.Close();
    }

    private static async Task Measure(Figures figures, BenchOptions options, string title, PoolLoad load, bool isProduct)
    {
        (string full, string empty) = (await load.Network("10.1.0.0/16"), await load.Network("10.2.0.0/16"));
        int portions = options.Quick ? 5 : 30;
        // Code and statements are warm before the first figure.
        await Alternate(load, full, empty, 2);
        int there = 0;
        foreach (int held in s_held)
        {
            BenchOptions.Say($"{title}: {held:N0} held");
            if (held > there)
            {
                await load.Fill(full, held - there);
            }

            there = held;
            List<(Measured Full, Measured Empty)> pairs = await Alternate(load, full, empty, portions);
            string name = $"{title} create at {held} held";
            figures.Add(
                name, Quantiles.Median(pairs.Select(p => Cost(p.Full))), "ms/op", Quantiles.Median(pairs.Select(p => Cost(p.Empty))));
            // Of each pair, and then the median: a disturbance is in one pair and not in the figure.
            figures.Add(
                $"{name}, of each pair", Quantiles.Median(pairs.Select(p => Cost(p.Full) / Cost(p.Empty))), "×", 1,
                held == s_held[^1] && isProduct ? Target.TimesAtMost(MostGrowth) : null);
            figures.Add(
                $"{name} processor", pairs.Sum(p => p.Full.Work.ProcessorMs) / (portions * Portion), "ms/op",
                pairs.Sum(p => p.Empty.Work.ProcessorMs) / (portions * Portion));
        }
    }

    private static async Task<List<(Measured Full, Measured Empty)>> Alternate(PoolLoad load, string full, string empty, int portions)
    {
        List<(Measured, Measured)> pairs = [];
        for (int n = 0; n < portions; n++)
        {
            // Who is first takes turns too.
            bool first = n % 2 == 0;
            Measured one = await load.MakeAndDelete(first ? full : empty, Outstanding, Portion);
            Measured two = await load.MakeAndDelete(first ? empty : full, Outstanding, Portion);
            pairs.Add(first ? (one, two) : (two, one));
        }

        return pairs;
    }

    /// <summary>Milliseconds of the server's time that a create takes, with so many at once.</summary>
    private static double Cost(Measured measured) => 1000 / measured.Load.Rate;
}
