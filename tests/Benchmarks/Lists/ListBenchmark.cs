using NovaOrleans.Benchmarks.Http;
using NovaOrleans.Benchmarks.Measures;
using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Lists;

/// <summary>
/// A page of a hundred cards of a project that has 10,000 or 100,000, in four networks: the first page, one from the middle, the page
/// in full, those of the network that was made last, and those of a name that a hundred cards have. The member's own token names the
/// project. One connection at a time, over HTTP.
/// </summary>
internal static class ListBenchmark
{
    /// <summary>Of it something is promised; what is embedded stands beside it.</summary>
    private const string Product = "list";

    private const double MostMs = 5;

    /// <summary>Flat: what grows with the total would be ten times as much.</summary>
    private const double MostGrowth = 1.25;

    private const int Networks = 4;
    private const int Page = 100;
    private const string Name = "wanted";
    private static readonly (string Project, int Cards)[] s_projects = [("middle", 10_000), ("large", 100_000)];
    private static readonly string[] s_pages = ["", " from the middle", " in full", " of one network", " of one name"];

    public static async Task<int> Run(BenchOptions options)
    {
        PostgresCluster cluster = await PostgresCluster.Instance;
        await using WalCounter wal = await WalCounter.Open(cluster);
        await using NovaServer served = new(await cluster.CreateDatabaseOverSocket()), embedded = new();
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
        List<HttpLoad[]> loads = [];
        for (int p = 0; p < s_projects.Length; p++)
        {
            (string project, int cards) = s_projects[p];
            BenchOptions.Say($"{title}: {cards:N0} cards more");
            loads.Add(await Pages(api, server.Folder, project, cards, await Fill(api, project, cards, p * Networks)));
        }

        // Reads are all alike: a few seconds tell.
        int seconds = options.Quick ? 1 : Math.Min(options.Seconds, 4);
        Series series = new();
        for (int round = 0; round < options.Rounds; round++)
        {
            BenchOptions.Say($"{title}: round {round + 1} of {options.Rounds}, about {seconds * loads.Sum(l => l.Length)} s");
            for (int page = 0; page < s_pages.Length; page++)
            {
                // A page of few and of many one after the other, and each first in turn: what disturbs the machine for a while, disturbs both.
                foreach (HttpLoad[] project in round % 2 == 0 ? loads : Enumerable.Reverse(loads))
                {
                    HttpLoad load = project[page];
                    series.Add($"{title} {load.Name}", await costs.Measure(() => load.Wrk.Measure(load.Connections, seconds)));
                }
            }
        }

        Print(figures, title, series);
    }

    /// <summary>One network after the other, as a cloud grows; of each thousand so many cards have the name that a page has it.</summary>
    /// <returns>The last network's id.</returns>
    private static async Task<string> Fill(BenchApi api, string project, int cards, int before)
    {
        await api.Project(project);
        string network = "";
        for (int n = 0; n < Networks; n++)
        {
            network = await api.Network(project, $"10.{before + n}.0.0/16");
            await api.Fill(project, network, cards / Networks, new BenchApi.Naming(Name, Page * BenchApi.Bulk / cards));
        }

        return network;
    }

    private static async Task<HttpLoad[]> Pages(BenchApi api, string folder, string project, int cards, string network)
    {
        string[] members = await api.Members(project, 4);
        string first = $"?limit={Page}";
        string[] paths =
        [
            first, $"{first}&marker={await CardAt(api, project, cards / 2)}", $"/detail{first}", $"{first}&network_id={network}",
            $"{first}&name={Name}",
        ];
        return
        [
            .. s_pages.Zip(paths, (page, path) => new HttpLoad(
                NameOf(cards, page),
                new Wrk(
                    api.Address, folder, NameOf(cards, page).Replace(' ', '-'),
                    WrkScript.Repeat(members, "GET", BenchApi.Cards + path)), 1)),
        ];
    }

    private static string NameOf(int cards, string page) => $"{Page} of {cards}{page}";

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

    /// <summary>Row i: each page of the large project beside the same one of the other.</summary>
    private static void Print(Figures figures, string title, Series series)
    {
        bool promised = title == Product;
        foreach (string page in s_pages)
        {
            string few = $"{title} {NameOf(s_projects[0].Cards, page)}", many = $"{title} {NameOf(s_projects[^1].Cards, page)}";
            figures.Add($"{few} p50", series.P50(few), "ms");
            figures.Add($"{many} p50", series.P50(many), "ms", target: promised ? Target.AtMost(MostMs) : null);
            figures.Add(
                $"{many} p50, beside few", series.P50(many), "ms", series.P50(few), promised ? Target.TimesAtMost(MostGrowth) : null);
            figures.Add($"{many} p99", series.Of(many, m => m.Load.P99), "ms");
            figures.Add($"{many} processor", series.ProcessorMs(many), "ms/op", series.ProcessorMs(few));
        }
    }
}
