using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NovaOrleans.Benchmarks.Measures;
using NovaOrleans.Outcomes;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;
using NovaOrleans.Vocabulary;
using Orleans.Configuration;

namespace NovaOrleans.Benchmarks.Allocate;

/// <summary>
/// Creates and deletes VNICs by the pool's grain, as an ordinary client of the silo in a process of its own, always so many at once.
/// </summary>
internal sealed class PoolClient(IGrainFactory grains)
{
    private const string Actor = "bench";

    /// <summary>What <see cref="Make"/> made and <see cref="Delete"/> has not deleted yet.</summary>
    private readonly ConcurrentBag<VnicView> _made = [];

    /// <summary>Reads orders, a line each, and answers each with a report, until its input ends.</summary>
    public static async Task<int> Run(string[] arguments)
    {
        int gateway = Number(arguments[0]);
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.UseLocalhostClustering(gateway, "nova", "nova");
            client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(60));
        });
        using IHost host = builder.Build();
        await host.StartAsync();
        PoolClient client = new(host.Services.GetRequiredService<IGrainFactory>());
        while (await Console.In.ReadLineAsync() is { } line)
        {
            OwnProcess.Say(await client.Do(line.Split(' ')));
        }

        await host.StopAsync();
        return 0;
    }

    private Task<LoadReport> Do(string[] words) => words switch
    {
        ["create", var project, var network, var outstanding, var seconds] =>
            Create(ProjectId.Parse(project), Pool(network), Number(outstanding), Number(seconds)),
        ["fill", var project, var network, var count] => Fill(ProjectId.Parse(project), Pool(network), Number(count)),
        ["make", var project, var network, var outstanding, var count] =>
            Make(ProjectId.Parse(project), Pool(network), Number(outstanding), Number(count)),
        ["delete", var network, var outstanding] => Delete(Pool(network), Number(outstanding)),
        _ => throw new InvalidOperationException($"'{string.Join(' ', words)}' is no order"),
    };

    private IFixedIpPoolGrain Pool(string network) => grains.GetGrain<IFixedIpPoolGrain>(Guid.Parse(network));

    /// <summary>As many as can be within the time.</summary>
    private static Task<LoadReport> Create(ProjectId project, IFixedIpPoolGrain pool, int outstanding, int seconds)
    {
        long end = Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency);
        return Load(outstanding, async () =>
        {
            if (Stopwatch.GetTimestamp() >= end)
            {
                return false;
            }

            await CreateOne(project, pool);
            return true;
        });
    }

    /// <summary>So many, to be deleted later.</summary>
    private Task<LoadReport> Make(ProjectId project, IFixedIpPoolGrain pool, int outstanding, int count)
    {
        int begun = 0;
        return Load(outstanding, async () =>
        {
            if (Interlocked.Increment(ref begun) > count)
            {
                return false;
            }

            _made.Add(await CreateOne(project, pool));
            return true;
        });
    }

    private Task<LoadReport> Delete(IFixedIpPoolGrain pool, int outstanding) => Load(outstanding, async () =>
    {
        if (!_made.TryTake(out VnicView? vnic))
        {
            return false;
        }

        Outcome deleted = await pool.DeleteVnic(vnic.Id, vnic.Version, Actor);
        return deleted.Refused ? throw new InvalidOperationException($"a deletion was refused: {deleted.Refusal}") : true;
    });

    /// <summary>By the thousand, which stay.</summary>
    private static Task<LoadReport> Fill(ProjectId project, IFixedIpPoolGrain pool, int count)
    {
        int begun = 0;
        return Load(2, async () =>
        {
            int from = Interlocked.Add(ref begun, CreateVnics.Most) - CreateVnics.Most;
            if (from >= count)
            {
                return false;
            }

            int part = Math.Min(CreateVnics.Most, count - from);
            Outcome<IReadOnlyList<VnicView>> made = await pool.CreateVnics(new CreateVnics(
                project, Actor, [.. Enumerable.Range(0, part).Select(_ => new CreateVnics.Card(VnicId.New()))]));
            return made.Refused ? throw new InvalidOperationException($"many creates were refused: {made.Refusal}") : true;
        });
    }

    private static async Task<VnicView> CreateOne(ProjectId project, IFixedIpPoolGrain pool)
    {
        Outcome<VnicView> made = await pool.CreateVnic(new CreateVnic(VnicId.New(), project, Actor));
        return made.Refused ? throw new InvalidOperationException($"a create was refused: {made.Refusal}") : made.Value;
    }

    /// <summary>Does the operation again and again, so many at once, until it says that there is no more.</summary>
    private static async Task<LoadReport> Load(int outstanding, Func<Task<bool>> operation)
    {
        long began = Stopwatch.GetTimestamp();
        List<double>[] latencies = await Task.WhenAll(Enumerable.Range(0, outstanding).Select(_ => One()));
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        double[] sorted = [.. latencies.SelectMany(l => l).Order()];
        return new LoadReport(sorted.Length, seconds, Quantiles.At(sorted, 0.5), Quantiles.At(sorted, 0.99));

        async Task<List<double>> One()
        {
            List<double> taken = [];
            for (long at = Stopwatch.GetTimestamp(); await operation(); at = Stopwatch.GetTimestamp())
            {
                taken.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            }

            return taken;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
