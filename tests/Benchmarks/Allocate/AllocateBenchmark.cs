using NovaOrleans.Benchmarks.Baselines;
using NovaOrleans.Benchmarks.Measures;
using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Allocate;

/// <summary>
/// Durable allocations per second of one network (card, address and history each) through the pool grain, from a client
/// in a process of its own, beside the hand-written transaction in the same run: rounds alternate, figures are medians.
/// PostgreSQL has its default durability, SQLite flushes every commit.
/// </summary>
internal static class AllocateBenchmark
{
    private static readonly int[] s_outstanding = [1, 32, 256];
    private static readonly string[] s_databases = ["postgresql", "embedded"];

    public static async Task<int> Run(BenchOptions options)
    {
        PostgresCluster cluster = await PostgresCluster.Instance;
        await using Baseline baseline = await Baseline.Prepare(cluster);
        await using WalCounter wal = await WalCounter.Open(cluster);
        await using NovaServer served = new(await cluster.CreateDatabaseOverSocket()), embedded = new();
        await using PoolLoad first = await PoolLoad.Start(served, p => new Meter([p], cluster, wal));
        await using PoolLoad second = await PoolLoad.Start(embedded, p => new Meter([p], null, null));
        (string Database, PoolLoad Load, PoolLoad.Pool Pool)[] forms =
        [
            (s_databases[0], first, await Pool(first)), (s_databases[1], second, await Pool(second)),
        ];

        BenchOptions.Say(
            $"warming the servers, about {options.Seconds * BenchOptions.WarmingRounds * forms.Length * s_outstanding.Length} s");
        foreach ((_, PoolLoad load, PoolLoad.Pool pool) in forms)
        {
            foreach (int outstanding in Enumerable.Repeat(s_outstanding, BenchOptions.WarmingRounds).SelectMany(o => o))
            {
                await load.Create(pool, outstanding, options.Seconds);
            }
        }

        Series series = new();
        for (int round = 0; round < options.Rounds; round++)
        {
            int seconds = options.Seconds * (Baseline.Clients.Length + (forms.Length * s_outstanding.Length));
            BenchOptions.Say($"round {round + 1} of {options.Rounds}, about {seconds} s");
            await baseline.MeasureInto(series, options.Seconds, cycle: false);
            foreach ((string database, PoolLoad load, PoolLoad.Pool pool) in forms)
            {
                foreach (int outstanding in s_outstanding)
                {
                    series.Add(Name(database, outstanding), await load.Create(pool, outstanding, options.Seconds));
                }
            }
        }

        return Print(new Figures(options.Json), series);
    }

    private static async Task<PoolLoad.Pool> Pool(PoolLoad load)
    {
        await load.Project("demo");
        return await load.Network("demo", "10.0.0.0/8");
    }

    private static string Name(string database, int outstanding) => $"allocate {database} {outstanding} outstanding";

    /// <summary>Row a, and m's a: at 256 outstanding beside 32 clients.</summary>
    private static int Print(Figures figures, Series series)
    {
        Baseline.AddTo(figures, series, "allocate");
        foreach (string database in s_databases)
        {
            foreach (int outstanding in s_outstanding)
            {
                string name = Name(database, outstanding), baseline = Baseline.Name(outstanding == 1 ? 1 : 32);
                figures.Add(name, series.Rate(name), "1/s", series.Rate(baseline), outstanding == 256 ? Target.Times(8) : null);
                series.AddCosts(figures, name, name, baseline);
            }
        }

        return figures.Close();
    }
}
