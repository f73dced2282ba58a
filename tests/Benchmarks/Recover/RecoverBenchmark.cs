using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NovaOrleans.Api;
using NovaOrleans.Outcomes;
using NovaOrleans.Pools;
using NovaOrleans.Testing;
using NovaOrleans.Testing.Clusters;
using NovaOrleans.Vnics;
using NovaOrleans.Vocabulary;
using Npgsql;

namespace NovaOrleans.Benchmarks.Recover;

/// <summary>
/// A pool of 65,000 rows, whose silo is killed with <c>kill -9</c> while somebody asks for an address every few milliseconds: when the
/// membership has declared it dead, and how much later the first answer comes from its next activation, which reads those rows.
/// </summary>
internal static class RecoverBenchmark
{
    private const int Rows = 65_000;
    private const double MostMs = 200;
    private static readonly ProjectId s_demo = ProjectId.Parse("demo");
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long both silos serve creates of other networks before one dies: one that has just come up compiles, has planned nothing and
    /// takes its share of the directory, and is no silo that a cluster runs on.
    /// </summary>
    private static readonly TimeSpan s_work = TimeSpan.FromSeconds(15);

    /// <summary>Of each silo, so many; new ones each round, for those that there are stay where they are.</summary>
    private const int PoolsEach = 4;

    /// <summary>Each silo has its pools long before: where a pool comes to be is Orleans' own choice.</summary>
    private const int MostPools = 64;

    /// <summary>Until the death is noticed: those that wait for the dead silo all come at once, and are to ask, not to be the load.</summary>
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(50);

    /// <summary>From there on: what is measured is known to within so much.</summary>
    private static readonly TimeSpan s_quickPace = TimeSpan.FromMilliseconds(5);

    public static async Task<int> Run(BenchOptions options)
    {
        BenchOptions.Say("a cluster of two silos");
        await using NovaCluster cluster = await NovaCluster.Start(new ClusterPlan { Silos = 2, Facades = 1 });
        using BenchApi api = new(cluster.Address(0), cluster.Token);
        await api.Project("demo");
        string network = await api.Network("demo", "10.1.0.0/16");
        BenchOptions.Say($"{Rows:N0} addresses are taken");
        await api.Fill("demo", network, Rows);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => client.UseNovaClustering(cluster.Database, "nova", "nova"));
        using IHost host = builder.Build();
        await host.StartAsync();
        IGrainFactory grains = host.Services.GetRequiredService<IGrainFactory>();

        List<Times> rounds = [];
        for (int round = 0; round < options.Rounds; round++)
        {
            BenchOptions.Say($"round {round + 1} of {options.Rounds}");
            await Work(cluster, api, grains, round);
            rounds.Add(await Measure(cluster, grains, Guid.Parse(network)));
        }

        await host.StopAsync();
        Figures figures = new(options.Json);
        figures.Add("recover rows of the pool", rounds[^1].Rows, "rows");
        figures.Add("recover detection, which is not counted", Figures.Median(rounds.Select(r => r.Detected)), "ms");
        figures.AtMost("recover first answer after the detection", Figures.Median(rounds.Select(r => r.Answered)), "ms", MostMs);
        figures.Add("recover first answer after the detection, longest", rounds.Max(r => r.Answered), "ms");
        return figures.Close();
    }

    /// <summary>From the kill to its notice, and from there to the first answer; in milliseconds.</summary>
    private sealed record Times(double Detected, double Answered, double Rows);

    /// <summary>Has both silos serve creates, each of pools of its own.</summary>
    private static async Task Work(NovaCluster cluster, BenchApi api, IGrainFactory grains, int round)
    {
        List<IFixedIpPoolGrain> pools = [];
        int[] each = new int[cluster.Silos.Count];
        while (each.Min() < PoolsEach)
        {
            int n = pools.Count < MostPools ? pools.Count : throw new InvalidOperationException("one silo got no pools");
            string network = await api.Network("demo", $"10.{64 + (4 * round) + (n / 16)}.{n % 16 * 16}.0/20");
            IFixedIpPoolGrain pool = grains.GetGrain<IFixedIpPoolGrain>(Guid.Parse(network));
            await Until(pool.Describe);
            each[await Until(() => SiloOf(cluster, grains, pool))]++;
            pools.Add(pool);
        }

        long began = Stopwatch.GetTimestamp();
        for (int n = 0; Stopwatch.GetElapsedTime(began) < s_work; n++)
        {
            await Until(() => pools[n % pools.Count].CreateVnic(new CreateVnic(VnicId.New(), s_demo, "bench")));
        }
    }

    private static async Task<Times> Measure(NovaCluster cluster, IGrainFactory grains, Guid network)
    {
        IFixedIpPoolGrain pool = grains.GetGrain<IFixedIpPoolGrain>(network);
        // Asked first, so that it is somewhere.
        double rows = await Until(async () => (await pool.Describe()).Held);
        int silo = await Until(() => SiloOf(cluster, grains, pool));
        await using NpgsqlConnection membership = new(cluster.Database);
        await membership.OpenAsync();
        using CancellationTokenSource limit = new(s_limit);
        long killed = Stopwatch.GetTimestamp();
        await cluster.Silos[silo].Kill();
        Task<long> noticing = Noticed(membership, cluster.Plan.SiloPort(silo), limit.Token);
        long answered = await FirstAnswer(pool, noticing, limit.Token);
        long noticed = await noticing;
        await cluster.Silos[silo].Start();
        return new Times(
            Stopwatch.GetElapsedTime(killed, noticed).TotalMilliseconds,
            Math.Max(0, Stopwatch.GetElapsedTime(noticed, answered).TotalMilliseconds), rows);
    }

    private static async Task<int> SiloOf(NovaCluster cluster, IGrainFactory grains, IFixedIpPoolGrain pool)
    {
        SiloAddress? at = await grains.GetGrain<IManagementGrain>(0).GetActivationAddress(pool);
        return Enumerable.Range(0, cluster.Silos.Count).First(n => cluster.Plan.SiloPort(n) == at!.Endpoint.Port);
    }

    /// <summary>When the membership's newest row of the silo said that it is dead.</summary>
    private static async Task<long> Noticed(NpgsqlConnection membership, int port, CancellationToken limit)
    {
        const int dead = 6;
        await using NpgsqlCommand look = new(
            "select status from orleans_silos where port = @port order by generation desc limit 1", membership);
        look.Parameters.AddWithValue("port", port);
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(2));
        while (await look.ExecuteScalarAsync(limit) is not dead)
        {
            await pace.WaitForNextTickAsync(limit);
        }

        return Stopwatch.GetTimestamp();
    }

    /// <summary>
    /// When the first create after the kill was answered. A call is made every few milliseconds and none waits for another, for one
    /// that was made too early may wait for its own time-out; they are one and the same command, so that one card is made.
    /// </summary>
    private static async Task<long> FirstAnswer(IFixedIpPoolGrain pool, Task noticing, CancellationToken limit)
    {
        CreateVnic command = new(VnicId.New(), s_demo, "bench");
        TaskCompletionSource<long> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!answered.Task.IsCompleted)
        {
            _ = Ask();
            await Task.WhenAny(noticing.IsCompleted ? Task.Delay(s_quickPace, limit) : noticing, Task.Delay(s_pace, limit));
        }

        return await answered.Task;

        async Task Ask()
        {
            try
            {
                Outcome<VnicView> made = await pool.CreateVnic(command);
                long now = Stopwatch.GetTimestamp();
                if (made.Refused)
                {
                    answered.TrySetException(new InvalidOperationException($"a create was refused: {made.Refusal}"));
                }
                else
                {
                    answered.TrySetResult(now);
                }
            }
            catch (Exception e) when (e is OrleansException or TimeoutException or OperatingFaultException)
            {
                // Its silo is dead, and nobody knows yet: the next call may meet the next activation.
            }
        }
    }

    /// <summary>Asked again while a silo that has just come up is no full member yet.</summary>
    private static async Task<T> Until<T>(Func<Task<T>> ask)
    {
        T? answer = default;
        await Poll.Until(
            async () =>
            {
                try
                {
                    answer = await ask();
                    return true;
                }
                catch (Exception e) when (e is OrleansException or TimeoutException or OperatingFaultException)
                {
                    return false;
                }
            },
            "the pool answers", s_limit);
        return answer!;
    }
}
