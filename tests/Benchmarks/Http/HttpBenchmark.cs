using NovaOrleans.Benchmarks.Allocate;
using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Http;

/// <summary>
/// Durable creates per second over HTTP: <c>POST …/ethernet_cards</c> with a network, so card, address and history are committed
/// before the 201. Silo and API are one process over PostgreSQL with its default durability, the load is wrk; the hand-written
/// transaction runs in the same rounds.
/// </summary>
internal static class HttpBenchmark
{
    private const int BaselineClients = 32;

    /// <summary>Connections, and the least ratio to the baseline that is promised for them.</summary>
    private static readonly (int Connections, double? LeastRatio)[] s_loads = [(1, null), (32, 3), (256, 4)];

    public static async Task<int> Run(BenchOptions options)
    {
        PostgresCluster cluster = await PostgresCluster.Instance;
        Baseline baseline = await Baseline.Prepare(cluster);
        await using var server = new NovaServer(await cluster.CreateDatabase());
        await server.Start();
        Wrk load = await Wrk.On(server);
        List<double> byHand = [];
        List<(int Connections, Wrk.Report Report)> reports = [];
        for (int round = 0; round < options.Rounds; round++)
        {
            int seconds = options.Seconds * (1 + s_loads.Length);
            await Console.Error.WriteLineAsync($"round {round + 1} of {options.Rounds}, about {seconds} s");
            byHand.Add(await baseline.Measure(BaselineClients, options.Seconds));
            foreach ((int connections, _) in s_loads)
            {
                reports.Add((connections, await load.Measure(connections, options.Seconds)));
            }
        }

        return Print(options, Figures.Median(byHand), reports);
    }

    private static int Print(BenchOptions options, double hand, List<(int Connections, Wrk.Report Report)> reports)
    {
        Figures figures = new(options.Json);
        figures.Add($"http baseline sql {BaselineClients} clients", hand, "1/s");
        foreach ((int connections, double? leastRatio) in s_loads)
        {
            Wrk.Report[] own = [.. reports.Where(r => r.Connections == connections).Select(r => r.Report)];
            string name = $"http create {connections} connections";
            figures.Add(name, Figures.Median(own.Select(r => r.Rate)), "1/s", hand, leastRatio);
            figures.Add($"{name} p50", Figures.Median(own.Select(r => r.P50)), "ms");
            figures.Add($"{name} p99", Figures.Median(own.Select(r => r.P99)), "ms");
        }

        return figures.Close();
    }
}
