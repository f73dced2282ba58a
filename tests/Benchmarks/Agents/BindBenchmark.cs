using NovaOrleans.Benchmarks.Measures;
using NovaOrleans.Testing.Clusters;

namespace NovaOrleans.Benchmarks.Agents;

/// <summary>
/// From an acknowledged bind to the commit of its host's report, on 200 hosts that apply in no time, and 500 binds a second; one silo as a process over PostgreSQL.
/// </summary>
internal static class BindBenchmark
{
    /// <summary>At the rate that is measured: half of what a silo does in its first half minute is to compile, and it does that once.</summary>
    private const int WarmSeconds = 30;
    private const int QuickWarmSeconds = 5;

    public static async Task<int> Run(BenchOptions options)
    {
        int agents = options.Agents ?? 200;
        int seconds = options.Quick ? 4 : options.Seconds;
        BenchOptions.Say("a cluster of one silo");
        await using NovaCluster cluster = await NovaCluster.Start(new ClusterPlan { Silos = 1, Facades = 1 });
        string network = await AgentsBenchmark.Network(cluster.Http);
        int warm = options.Quick ? QuickWarmSeconds : WarmSeconds;
        int binds = ((seconds + warm) * options.Rate / agents) + 2;
        BenchOptions.Say($"{agents} agents connect, and {agents * binds:N0} VNICs are attached to their hosts");
        await using OwnProcess load = AgentsLoad.Start(cluster.Database, network, 0, agents, binds, prompt: true);
        await load.Answer<AgentsLoad.Started>();
        BenchOptions.Say($"{options.Rate} binds a second for {warm} s, which are not counted");
        await load.Ask<BindReport>($"some {warm} {options.Rate} {binds}");
        BenchOptions.Say($"{options.Rate} binds a second for {seconds} s");
        BindReport report = await load.Ask<BindReport>($"some {seconds} {options.Rate} {binds}");

        Figures figures = new(options.Json);
        double[] answered = [.. report.Times.Select(t => t.FromAnswer).Order()];
        double[] called = [.. report.Times.Select(t => t.FromCall).Order()];
        figures.Add("bind agents", agents, "hosts");
        figures.Add("bind binds", report.Times.Count + report.Missing, "binds");
        figures.Add("bind binds asked for a second", options.Rate, "1/s");
        figures.AtMost("bind acknowledged to reported p50", Quantiles.At(answered, 0.5), "ms", 5);
        figures.AtMost("bind acknowledged to reported p99", Quantiles.At(answered, 0.99), "ms", 50);
        figures.Add("bind called to reported p50", Quantiles.At(called, 0.5), "ms");
        figures.Add("bind called to reported p99", Quantiles.At(called, 0.99), "ms");
        figures.AtMost("bind binds without a report", report.Missing, "binds", 0);
        return figures.Close();
    }
}
