using System.Diagnostics;
using NovaOrleans.Benchmarks.Measures;
using NovaOrleans.Testing.Clusters;

namespace NovaOrleans.Benchmarks.Agents;

/// <summary>
/// Many compute hosts, each with its agent's link and its own Orleans client, on two silos over PostgreSQL: how long from an
/// acknowledged bind until the host's report of it is committed; then one silo is killed, and every host is bound to at once.
/// </summary>
internal static class AgentsBenchmark
{
    /// <summary>Hosts in one process.</summary>
    private const int InProcess = 300;

    private const int BindsPerSecond = 40;

    /// <summary>Of these the memory is measured, with all that an agent does; their hosts' names are behind those of the others.</summary>
    private const int WholeAgents = 50, AfterAll = 100_000;

    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(20);

    public static async Task<int> Run(BenchOptions options)
    {
        BenchOptions.Say("a cluster of two silos");
        await using NovaCluster cluster = await NovaCluster.Start(new ClusterPlan { Silos = 2, Facades = 1 });
        string network = await Network(cluster.Http);
        double agentBytes = await WholeAgent(cluster, network);
        double[] silos = Memory(cluster);
        int agents = options.Agents ?? (options.Quick ? 120 : 1200);
        BenchOptions.Say($"{agents} agents connect");
        long began = Stopwatch.GetTimestamp();
        int processes = (agents + InProcess - 1) / InProcess;
        int each = agents / processes;
        OwnProcess[] loads =
            [.. Enumerable.Range(0, processes).Select(n => AgentsLoad.Start(cluster.Database, network, n * each, each, prompt: true))];
        try
        {
            AgentsLoad.Started[] started = await Task.WhenAll(loads.Select(l => l.Answer<AgentsLoad.Started>()));
            double connected = Stopwatch.GetElapsedTime(began).TotalSeconds;
            double siloBytes = Memory(cluster).Zip(silos, (now, then) => now - then).Max() / agents;

            // An agent's first bind is its code's compilation, here a thousand times over on one machine; their days are measured.
            BenchOptions.Say("all are connected; the first bind of each, and then they are left alone");
            BindReport first = await Ask(loads, $"some {each} {Math.Max(1, BindsPerSecond / 2 / processes)} 1");
            await Task.Delay(s_settled);
            string some = $"some {options.Seconds} {Math.Max(1, BindsPerSecond / processes)} 1";
            BenchOptions.Say("binds, a few a second");
            BindReport before = await Ask(loads, some);
            BenchOptions.Say("one silo is killed");
            Task<BindReport> catchingUp = Ask(loads, "each");
            await cluster.Silos[1].Kill();
            BindReport caughtUp = await catchingUp;
            BenchOptions.Say("all have caught up, and are left alone again");
            await Task.Delay(s_settled);
            BenchOptions.Say("binds, a few a second");
            BindReport after = await Ask(loads, some);
            return Print(new Figures(options.Json), each * processes, [first, before, caughtUp, after],
                new Cost(connected, agentBytes, started.Average(s => s.BytesOfAgent), siloBytes));
        }
        finally
        {
            foreach (OwnProcess load in loads)
            {
                await load.DisposeAsync();
            }
        }
    }

    private static async Task<double> WholeAgent(NovaCluster cluster, string network)
    {
        BenchOptions.Say($"{WholeAgents} whole agents, for their memory");
        await using OwnProcess load = AgentsLoad.Start(cluster.Database, network, AfterAll, WholeAgents + 1);
        return (await load.Answer<AgentsLoad.Started>()).BytesOfAgent;
    }

    private static int Print(Figures figures, int agents, BindReport[] reports, Cost cost)
    {
        figures.Add("agents", agents, "hosts");
        figures.Add("agents all connected", cost.Connected, "s");
        figures.Add("agents memory of one in its process", cost.AgentBytes / 1024, "KiB");
        figures.Add("agents memory of one in its process, of its link to the core", cost.LinkBytes / 1024, "KiB");
        figures.Add("agents memory of one in a silo", cost.SiloBytes / 1024, "KiB");
        Times(figures, "before", reports[1]);
        double[] late = Sorted(reports[2].Times.Select(t => t.FromCall / 1000));
        figures.Add("agents half have caught up after a kill", Quantiles.At(late, 0.5), "s");
        figures.AtMost("agents all have caught up after a kill", Quantiles.At(late, 1), "s", 30);
        Times(figures, "after", reports[3]);
        figures.AtMost("agents binds without a report", reports.Sum(r => r.Missing), "binds", 0);
        return figures.Close();
    }

    private static void Times(Figures figures, string when, BindReport report)
    {
        double[] answered = Sorted(report.Times.Select(t => t.FromAnswer)), called = Sorted(report.Times.Select(t => t.FromCall));
        figures.AtMost($"agents acknowledged to reported p50 {when}", Quantiles.At(answered, 0.5), "ms", 10);
        figures.Add($"agents acknowledged to reported p99 {when}", Quantiles.At(answered, 0.99), "ms");
        figures.Add($"agents called to reported p50 {when}", Quantiles.At(called, 0.5), "ms");
    }

    public static async Task<string> Network(ClusterHttp http)
    {
        await http.Post("/v1.1/projects", """{"project":{"id":"demo"}}""");
        await http.Put("/v1.1/projects/demo/network_service", """{"network_service":"flat"}""");
        ClusterHttp.Answer made = await http.Post("/v1.1/flat/networks", """{"network":{"label":"wide","cidr":"10.0.0.0/16"}}""");
        return (string?)made.Body?["network"]?["id"] ?? throw new InvalidOperationException($"no network: {made}");
    }

    private static async Task<BindReport> Ask(OwnProcess[] loads, string order)
    {
        BindReport[] reports = await Task.WhenAll(loads.Select(l => l.Ask<BindReport>(order)));
        return new BindReport([.. reports.SelectMany(r => r.Times)], reports.Sum(r => r.Missing));
    }

    private static double[] Memory(NovaCluster cluster) => [.. cluster.Silos.Select(s => ResidentMemory.Of(s.Id))];

    private static double[] Sorted(IEnumerable<double> values) => [.. values.Order()];

    private sealed record Cost(double Connected, double AgentBytes, double LinkBytes, double SiloBytes);
}
