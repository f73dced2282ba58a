using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NovaOrleans.Outcomes;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;
using NovaOrleans.Vocabulary;
using Orleans.Configuration;

namespace NovaOrleans.Benchmarks.Allocate;

/// <summary>Creates VNICs as an ordinary client of the cluster, always so many at once, for so many seconds.</summary>
internal static class AllocateClient
{
    /// <summary>What one measurement counted. Latencies are in milliseconds.</summary>
    internal sealed record Report(long Operations, double Seconds, double P50, double P99)
    {
        public double Rate => Operations / Seconds;
    }

    /// <summary>Reads <c>outstanding seconds</c> a line and answers each with a report, until its input ends.</summary>
    public static async Task<int> Run(string[] arguments)
    {
        int gateway = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        NetworkId network = new(Guid.Parse(arguments[1]));
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.UseLocalhostClustering(gateway);
            client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(30));
        });
        using IHost host = builder.Build();
        await host.StartAsync();
        IFixedIpPoolGrain pool =
            host.Services.GetRequiredService<IGrainFactory>().GetGrain<IFixedIpPoolGrain>(network.Value);
        await Measure(pool, 32, 1);
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            int[] wanted = [.. line.Split(' ').Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
            Console.WriteLine(JsonSerializer.Serialize(await Measure(pool, wanted[0], wanted[1])));
        }

        await host.StopAsync();
        return 0;
    }

    private static async Task<Report> Measure(IFixedIpPoolGrain pool, int outstanding, int seconds)
    {
        long end = Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency), begin = Stopwatch.GetTimestamp();
        List<double>[] latencies = await Task.WhenAll(Enumerable.Range(0, outstanding).Select(_ => Create(pool, end)));
        double took = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        double[] sorted = [.. latencies.SelectMany(l => l).Order()];
        return new Report(sorted.Length, took, sorted[sorted.Length / 2], sorted[(int)(sorted.Length * 0.99)]);
    }

    private static async Task<List<double>> Create(IFixedIpPoolGrain pool, long end)
    {
        ProjectId project = ProjectId.Parse("bench");
        List<double> latencies = [];
        for (long began = Stopwatch.GetTimestamp(); began < end; began = Stopwatch.GetTimestamp())
        {
            Outcome<VnicView> made = await pool.CreateVnic(new CreateVnic(VnicId.New(), project, "bench"));
            if (made.Refused)
            {
                throw new InvalidOperationException($"a create was refused: {made.Refusal}");
            }

            latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return latencies;
    }
}
