using NovaOrleans.Benchmarks.Baselines;
using NovaOrleans.Benchmarks.Measures;
using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Http;

/// <summary>
/// Durable creates over HTTP: <c>POST …/ethernet_cards</c> with a network, so card, address and history are committed before the 201.
/// Silo and API are one process over PostgreSQL with its default durability, and beside it one over SQLite; the load is wrk. The
/// hand-written transaction runs in the same rounds.
/// </summary>
internal static class HttpBenchmark
{
    public static async Task<int> Run(BenchOptions options)
    {
        PostgresCluster cluster = await PostgresCluster.Instance;
        await using Baseline baseline = await Baseline.Prepare(cluster);
        await using WalCounter wal = await WalCounter.Open(cluster);
        await using NovaServer served = new(await cluster.CreateDatabaseOverSocket()), embedded = new();
        List<HttpForm> forms = [await Up("http", served, p => new Meter([p], cluster, wal), limited: true)];
        forms.Add(await Up("http embedded", embedded, p => new Meter([p], null, null), limited: false));
        SplitForm? split = null;
        if (options.Split)
        {
            (split, HttpForm form) = await SplitForm.Start(cluster, wal);
            forms.Add(form);
        }

        await using (split)
        {
            BenchOptions.Say($"warming the servers, about {options.Seconds * BenchOptions.WarmingRounds * forms.Sum(f => f.Loads)} s");
            foreach (HttpForm form in forms)
            {
                await form.Warm(options.Seconds);
            }

            Series series = new();
            for (int round = 0; round < options.Rounds; round++)
            {
                int seconds = options.Seconds * (Baseline.Clients.Length + 1 + forms.Sum(f => f.Loads));
                BenchOptions.Say($"round {round + 1} of {options.Rounds}, about {seconds} s");
                await baseline.MeasureInto(series, options.Seconds, cycle: true);
                foreach (HttpForm form in forms)
                {
                    await form.MeasureInto(series, options.Seconds);
                }
            }

            return Print(new Figures(options.Json), series, forms);
        }
    }

    private static async Task<HttpForm> Up(string name, NovaServer server, Func<int, Meter> meter, bool limited)
    {
        await server.Start();
        using BenchApi api = new(server.Address, server.Token);
        return new HttpForm(name, meter(server.Id), await HttpForm.Loading(api, server.Folder, all: true, limited));
    }

    private static int Print(Figures figures, Series series, List<HttpForm> forms)
    {
        Baseline.AddTo(figures, series, "http");
        foreach (HttpForm form in forms)
        {
            Creates(figures, series, form, isProduct: form == forms[0], isEmbedded: form == forms[1]);
            if (form == forms[0] || form == forms[1])
            {
                Further(figures, series, form, isProduct: form == forms[0]);
            }
        }

        figures.Add(
            forms[0].Full(HttpForm.Limited), series.Rate(forms[0].Full(HttpForm.Limited)), "1/s", series.Rate(Baseline.Name(32)));
        return figures.Close();
    }

    /// <summary>Rows b to e, and m's b of the embedded form.</summary>
    private static void Creates(Figures figures, Series series, HttpForm form, bool isProduct, bool isEmbedded)
    {
        foreach (int connections in HttpForm.Connections)
        {
            string name = form.Full(HttpForm.Create(connections));
            string baseline = connections switch { 1 => Baseline.Name(1), 32 => Baseline.Name(32), _ => Baseline.Best(series) };
            Target? rate = connections switch
            {
                32 when isProduct || isEmbedded => Target.Times(3),
                256 when isProduct => Target.Times(4),
                _ => null,
            };
            figures.Add(name, series.Rate(name), "1/s", series.Rate(baseline), rate);
            series.AddCosts(figures, name, name, baseline, connections switch
            {
                1 when isProduct => new Promised(Target.TimesAtMost(0.9), null),
                32 when isProduct => new Promised(null, Target.TimesAtMost(0.3)),
                _ => default,
            });
        }
    }

    /// <summary>Rows f and h.</summary>
    private static void Further(Figures figures, Series series, HttpForm form, bool isProduct)
    {
        string bulk = form.Full(HttpForm.Bulk), churn = form.Full(HttpForm.Churn), best = Baseline.Best(series);
        figures.Add(bulk, series.Rate(bulk), "1/s", series.Rate(best), isProduct ? Target.Times(8) : null);
        series.AddCosts(figures, bulk, bulk, best);
        figures.Add(churn, series.Rate(churn), "1/s", series.Rate(Baseline.CycleName), isProduct ? Target.Times(2) : null);
        series.AddCosts(figures, churn, churn, Baseline.CycleName);
    }
}
