using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;
using Npgsql;
using Orleans.Configuration;

namespace NovaOrleans.Benchmarks.Fleet;

/// <summary>A million VNICs in 2,000 networks, and 5,000 hosts: made, listed, audited, in one silo with its API over PostgreSQL.</summary>
internal static class FleetBenchmark
{
    private const double MostResidentMib = 1536;
    private const double MostAuditSeconds = 60;
    private const int NetworksOfRequest = 100;
    private const string Project = "demo";

    public static async Task<int> Run(BenchOptions options)
    {
        FleetPlan plan = options.Quick ? FleetPlan.Tenth : FleetPlan.Whole;
        PostgresCluster cluster = await PostgresCluster.Instance;
        string database = await cluster.CreateDatabaseOverSocket();
        await using NovaServer server = new(database);
        await server.Start();
        using BenchApi api = new(server.Address, server.Token);
        using IHost client = await Client(server);
        IGrainFactory grains = client.Services.GetRequiredService<IGrainFactory>();
        Figures figures = new(options.Json);
        Progress progress = new(server.Id);

        await api.Project(Project);
        double started = progress.Look();
        double seconds = await Timed(() => Make(api, plan, progress));
        figures.Add("fleet vnics made", plan.Vnics, "vnics");
        figures.Add("fleet networks", plan.Networks, "networks");
        figures.Add("fleet vnics made a second, networks included", plan.Vnics / seconds, "1/s");

        IReadOnlyList<VnicId> vnics = [];
        seconds = await Timed(async () => vnics = await List(api, progress));
        figures.AtMost("fleet vnics missing in the list", plan.Vnics - vnics.Count, "vnics", 0);
        figures.Add("fleet vnics listed a second", vnics.Count / seconds, "1/s");

        await Analyze(database);
        seconds = await Timed(() => new FleetHosts(grains, plan).Bind(vnics, n => progress.Tell("NICs bound", n, plan.Bound)));
        figures.Add("fleet hosts", plan.Hosts, "hosts");
        figures.Add("fleet instances", plan.Instances, "instances");
        figures.Add("fleet vnics bound and reported", plan.Bound, "vnics");
        figures.Add("fleet vnics bound a second", plan.Bound / seconds, "1/s");

        await Audit(figures, api, progress);
        progress.Look();
        figures.Add("fleet silo resident at its start", started / (1 << 20), "MiB");
        figures.AtMost("fleet silo resident, most", progress.MostResident / (1 << 20), "MiB", MostResidentMib);
        await client.StopAsync();
        return figures.Close();
    }

    /// <summary>
    /// What autovacuum does within a minute: a fleet is not made in the minute before its hosts bind. Until then each of their
    /// questions walks the whole cloud.
    /// </summary>
    private static async Task Analyze(string database)
    {
        await using NpgsqlConnection connection = new(database);
        await connection.OpenAsync();
        await using NpgsqlCommand analyze = new("analyze", connection);
        await analyze.ExecuteNonQueryAsync();
    }

    private static async Task Make(BenchApi api, FleetPlan plan, Progress progress)
    {
        List<string> networks = [];
        for (int from = 0; from < plan.Networks; from += NetworksOfRequest)
        {
            int count = Math.Min(NetworksOfRequest, plan.Networks - from);
            string body = $$$"""
                {"network":{"label":"fleet{{{from}}}","cidr":"10.{{{2 * (from / NetworksOfRequest)}}}.0.0/15",
                 "num_networks":{{{count}}},"network_size":1024}}
                """;
            JsonNode made = await api.Send(HttpMethod.Post, $"/v1.1/{BenchApi.Service}/networks", Project, body);
            networks.AddRange(made["networks"]!.AsArray().Select(n => (string)n!["id"]!));
            progress.Tell("networks", networks.Count, plan.Networks);
        }

        int there = 0;
        await Parallel.ForEachAsync(networks, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (network, _) =>
        {
            await api.Fill(Project, network, plan.VnicsOfNetwork);
            progress.Tell("VNICs", Interlocked.Add(ref there, plan.VnicsOfNetwork), plan.Vnics);
        });
    }

    /// <summary>Page after page, as a client does who wants them all.</summary>
    private static async Task<IReadOnlyList<VnicId>> List(BenchApi api, Progress progress)
    {
        List<VnicId> all = [];
        while (true)
        {
            string marker = all.Count == 0 ? "" : $"&marker={all[^1]}";
            JsonNode page = await api.Send(HttpMethod.Get, $"{BenchApi.Cards}?limit={BenchApi.Bulk}{marker}", Project);
            JsonArray cards = page["ethernet_cards"]!.AsArray();
            all.AddRange(cards.Select(c => new VnicId(Guid.Parse((string)c!["id"]!))));
            progress.Tell("VNICs listed", all.Count, null);
            if (cards.Count < BenchApi.Bulk)
            {
                return all;
            }
        }
    }

    /// <summary>As an operator asks for it.</summary>
    private static async Task Audit(Figures figures, BenchApi api, Progress progress)
    {
        long began = Stopwatch.GetTimestamp();
        Task<JsonNode> asked = api.Send(HttpMethod.Get, "/audit", null);
        while (await Task.WhenAny(asked, Task.Delay(TimeSpan.FromSeconds(2))) != asked)
        {
            progress.Tell("seconds of the audit", (int)Stopwatch.GetElapsedTime(began).TotalSeconds, null);
        }

        JsonNode audit = (await asked)["audit"]!;
        figures.AtMost("fleet audit", Stopwatch.GetElapsedTime(began).TotalSeconds, "s", MostAuditSeconds);
        figures.Add("fleet vnics that the audit saw", (double)audit["vnics"]!, "vnics");
        JsonArray findings = audit["findings"]!.AsArray();
        figures.AtMost("fleet findings of the audit", findings.Count, "findings", 0);
        foreach (JsonNode? finding in findings.Take(5))
        {
            BenchOptions.Say((string)finding!);
        }
    }

    private static async Task<IHost> Client(NovaServer server)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(client => client.UseLocalhostClustering(server.GatewayPort, "nova", "nova")
            .Configure<ClientMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromMinutes(1)));
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static async Task<double> Timed(Func<Task> work)
    {
        long began = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
