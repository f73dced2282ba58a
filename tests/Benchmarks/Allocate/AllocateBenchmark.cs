using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Allocate;

/// <summary>
/// Durable allocations per second of one network (card, address and history each) through the pool grain, from a client
/// in a process of its own, beside the hand-written transaction in the same run: rounds alternate, figures are medians.
/// PostgreSQL has its default durability, SQLite flushes every commit.
/// </summary>
internal static class AllocateBenchmark
{
    private const int BaselineClients = 32;
    private const double LeastRatio = 8;
    private static readonly int[] Outstanding = [1, 32, 256];

    public static async Task<int> Run(BenchOptions options)
    {
        PostgresCluster cluster = await PostgresCluster.Instance;
        Baseline baseline = await Baseline.Prepare(cluster);
        Dictionary<string, AllocateSilo> silos = new()
        {
            ["postgresql"] = await AllocateSilo.Start(await TestLedger.Postgres()),
            ["sqlite"] = await AllocateSilo.Start(await TestLedger.Sqlite()),
        };
        List<double> byHand = [];
        List<(string Database, int Outstanding, AllocateClient.Report Report)> reports = [];
        for (int round = 0; round < options.Rounds; round++)
        {
            int seconds = options.Seconds * (1 + (silos.Count * Outstanding.Length));
            await Console.Error.WriteLineAsync($"round {round + 1} of {options.Rounds}, about {seconds} s");
            byHand.Add(await baseline.Measure(BaselineClients, options.Seconds));
            foreach ((string database, AllocateSilo silo) in silos)
            {
                foreach (int outstanding in Outstanding)
                {
                    reports.Add((database, outstanding, await silo.Measure(outstanding, options.Seconds)));
                }
            }
        }

        foreach (AllocateSilo silo in silos.Values)
        {
            await silo.DisposeAsync();
        }

        return Print(options, byHand, reports);
    }

    private static int Print(
        BenchOptions options, List<double> byHand,
        List<(string Database, int Outstanding, AllocateClient.Report Report)> reports)
    {
        Figures figures = new(options.Json);
        double hand = Figures.Median(byHand);
        figures.Add($"allocate baseline sql {BaselineClients} clients", hand, "1/s");
        foreach (var group in reports.GroupBy(r => (r.Database, r.Outstanding)))
        {
            string name = $"allocate {group.Key.Database} {group.Key.Outstanding} outstanding";
            figures.Add(
                name, Figures.Median(group.Select(r => r.Report.Rate)), "1/s", hand,
                group.Key is { Outstanding: 256, Database: "postgresql" } ? LeastRatio : null);
            figures.Add($"{name} p50", Figures.Median(group.Select(r => r.Report.P50)), "ms");
            figures.Add($"{name} p99", Figures.Median(group.Select(r => r.Report.P99)), "ms");
        }

        return figures.Close();
    }
}
