using NovaOrleans.Benchmarks.Agents;
using NovaOrleans.Testing.Clusters;
using NovaOrleans.Vocabulary;
using Xunit.Abstractions;

namespace NovaOrleans.Connections;

/// <summary>Row d, small: <c>./nova bench agents</c> is the same with 1,200 agents, and its times.</summary>
public sealed class ManyAgentsTests(ITestOutputHelper output)
{
    private const int Agents = 40;

    [Fact]
    [Trait("seed", "D7")]
    public async Task Every_agent_catches_up_after_a_silos_death()
    {
        await using NovaCluster cluster = await NovaCluster.Start(new ClusterPlan { Silos = 2, Facades = 1 });
        NetworkId network = new(Guid.Parse(await AgentsBenchmark.Network(cluster.Http)));
        await using ManyAgents agents = await ManyAgents.Start(cluster.Database, network, 0, Agents);
        BindReport before = await agents.BindSome(seconds: 2, perSecond: 10);
        Task<BindReport> catchingUp = agents.BindEach();
        await cluster.Silos[1].Kill();
        BindReport caughtUp = await catchingUp;
        BindReport after = await agents.BindSome(seconds: 2, perSecond: 10);

        output.WriteLine($"figure: {Agents} agents have caught up {caughtUp.Times.Max(t => t.FromCall) / 1000:F1} s after a kill; "
            + $"acknowledged to reported p50 {Median(before):F1} ms before, {Median(after):F1} ms after");
        Assert.Equal((20, Agents, 20), (before.Times.Count, caughtUp.Times.Count, after.Times.Count));
        Assert.Equal((0, 0, 0), (before.Missing, caughtUp.Missing, after.Missing));
    }

    private static double Median(BindReport report) => NovaOrleans.Benchmarks.Figures.Median(report.Times.Select(t => t.FromAnswer));
}
