using NovaOrleans.Benchmarks.Http;
using NovaOrleans.Benchmarks.Measures;
using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Lists;

/// <summary>
/// A page of a hundred cards of a project that has 1,000, 10,000 or 100,000: the first page, one from the middle, and the page in full.
/// The filter is the project's, and the service's: the member's own token names it. One connection at a time, over HTTP.
/// </summary>
internal static class ListBenchmark
{
    /// <summary>Of it something is promised; what is embedded stands beside it.</summary>
    private const string Product = "list";

    private const double MostMs = 5;

    /// <summary>Flat: what grows with the total would be a hundred times as much.</summary>
    private const double MostGrowth = 1.25;

    private static readonly (string Project, string Cidr, int Cards)[] s_projects =
        [("small", "10.0.0.0/16", 1_000), ("middle", "10.1.0.0/16", 10_000), ("large", "10.4.0.0/14", 100_000)];

    public static async Task<int> Run(BenchOptions options)
    {
        PostgresCluster cluster = await PostgresCluster.Instance;
        await using WalCounter wal = await WalCounter.Open(cluster);
        await using NovaServer served = new(await cluster.CreateDatabase()), embedded = new();
        Figures figures = new(options.Json);
        await Measure(figures, options, Product, served, p => new Meter([p], cluster, wal));
        await Measure(figures, options, "list embedded", embedded, p => new Meter([p], null, null));
        return figures.Close();
    }

    private static async Task Measure(
        Figures figures, BenchOptions options, string title, NovaServer server, Func<int, Meter> meter)
    {
        await server.Start();
        using BenchApi api = new(server.Address, server.Token);
        Meter costs = meter(server.Id);
        // Reads are all alike: a few seconds tell.
        int seconds = Math.Min(options.Seconds, 4);
        Series series = new();
        List<HttpLoad> loads = [];
        foreach ((string project, string cidr, int cards) in s_projects)
        {
            BenchOptions.Say($"{title}: {cards:N0} cards more");
            await api.Project(project);
            await api.Fill(project, await api.Network(project, cidr), cards);
            loads.AddRange(await Pages(api, server.Folder, project, cards));
            if (cards == s_projects[0].Cards)
            {
                // Nobody else is there yet: what a small cloud has.
                series.Add($"{title} 100 of {cards}, alone", await Ask(costs, loads[0], seconds));
            }
        }

        for (int round = 0; round < options.Rounds; round++)
        {
            BenchOptions.Say($"{title}: round {round + 1} of {options.Rounds}");
            foreach (HttpLoad load in loads)
            {
                series.Add($"{title} {load.Name}", await Ask(costs, load, seconds));
            }
        }

        Print(figures, title, series);
    }

    private static Task<Measured> Ask(Meter costs, HttpLoad load, int seconds) =>
        costs.Measure(() => load.Wrk.Measure(load.Connections, seconds));

    private static async Task<HttpLoad[]> Pages(BenchApi api, string folder, string project, int cards)
    {
        string[] members = await api.Members(project, 4);
        string middle = await CardAt(api, project, cards / 2);
        HttpLoad Load(string name, string path) =>
            new(name, new Wrk(api.Address, folder, name.Replace(' ', '-'), WrkScript.Repeat(members, "GET", path)), 1);
        return
        [
            Load($"100 of {cards}", $"{BenchApi.Cards}?limit=100"),
            Load($"100 from the middle of {cards}", $"{BenchApi.Cards}?limit=100&marker={middle}"),
            Load($"100 of {cards} in full", $"{BenchApi.Cards}/detail?limit=100"),
        ];
    }

    /// <summary>The id of the card at this place of the list.</summary>
    private static async Task<string> CardAt(BenchApi api, string project, int place)
    {
        string? marker = null;
        for (int left = place; left > 0;)
        {
            int page = Math.Min(left, BenchApi.Bulk);
            string path = $"{BenchApi.Cards}?limit={page}{(marker is null ? "" : $"&marker={marker}")}";
            marker = (string)(await api.Send(HttpMethod.Get, path, project))["ethernet_cards"]!.AsArray()[^1]!["id"]!;
            left -= page;
        }

        return marker!;
    }

    /// <summary>Row i.</summary>
    private static void Print(Figures figures, string title, Series series)
    {
        string first = $"{title} 100 of {s_projects[0].Cards}", last = $"{title} 100 of {s_projects[^1].Cards}";
        foreach (string name in series.Names)
        {
            figures.Add($"{name} p50", series.P50(name), "ms", series.P50(first),
                name == last && title == Product ? Target.TimesAtMost(MostGrowth) : null);
            figures.Add($"{name} p99", series.Of(name, m => m.Load.P99), "ms");
            figures.Add($"{name} processor", series.ProcessorMs(name), "ms/op");
        }

        figures.Add($"{last}, as it is", series.P50(last), "ms", target: title == Product ? Target.AtMost(MostMs) : null);
    }
}
