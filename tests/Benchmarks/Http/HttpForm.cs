using NovaOrleans.Benchmarks.Measures;

namespace NovaOrleans.Benchmarks.Http;

/// <summary>One kind of load on a server: how many connections, and how many operations a request does.</summary>
internal sealed record HttpLoad(string Name, Wrk Wrk, int Connections, int Operations = 1);

/// <summary>A server in one of its forms, as processes, and the loads that it is put under.</summary>
internal sealed class HttpForm(string name, Meter meter, IReadOnlyList<HttpLoad> loads)
{
    public const string Bulk = "bulk of 100, 8 connections";
    public const string Churn = "create and delete 32 connections";
    public const string Limited = "create 32 connections of a project with a quota";

    /// <summary>A token may have 5,000 requests a second: so many are enough for whatever these machines answer.</summary>
    private const int Tokens = 16;

    public static readonly int[] Connections = [1, 32, 256];

    public string Name { get; } = name;

    public int Loads => loads.Count;

    public static string Create(int connections) => connections == 1 ? "create 1 connection" : $"create {connections} connections";

    public string Full(string load) => $"{Name} {load}";

    /// <summary>See <see cref="BenchOptions.WarmingRounds"/>.</summary>
    public async Task Warm(int seconds)
    {
        for (int round = 0; round < BenchOptions.WarmingRounds; round++)
        {
            foreach (HttpLoad load in loads)
            {
                await load.Wrk.Measure(load.Connections, seconds);
            }
        }
    }

    public async Task MeasureInto(Series series, int seconds)
    {
        foreach (HttpLoad load in loads)
        {
            series.Add(Full(load.Name), await meter.Measure(async () =>
                (await load.Wrk.Measure(load.Connections, seconds)).Each(load.Operations)));
        }
    }

    /// <summary>
    /// Every load is of members with tokens, roles, the usual limits and request ids; a /8, so that no run fills it. Projects have no
    /// quota of fixed IPs by default; one load is of a project that has one.
    /// </summary>
    public static async Task<IReadOnlyList<HttpLoad>> Loading(BenchApi api, string folder, bool all, bool limited)
    {
        await api.Project("demo");
        string network = await api.Network("demo", "10.0.0.0/8");
        string[] members = await api.Members("demo", Tokens);
        string one = $$$"""{"ethernet_card":{"network_id":"{{{network}}}"}}""";
        Wrk create = new(api.Address, folder, "create", WrkScript.Repeat(members, "POST", BenchApi.Cards, one));
        List<HttpLoad> loads = [.. Connections.Select(c => new HttpLoad(Create(c), create, c))];
        if (all)
        {
            loads.Add(new(Churn, new(api.Address, folder, "churn", WrkScript.Churn(members, BenchApi.Cards, one)), 32));
        }

        if (limited)
        {
            loads.Add(new(Limited, await Quotaed(api, folder), 32));
        }

        if (all)
        {
            // Last: hundreds of thousands of new rows leave the database's background processes work that no other load is to pay for.
            string script = WrkScript.Repeat(members, "POST", BenchApi.Cards, BenchApi.BodyOf(network, 100));
            loads.Add(new(Bulk, new(api.Address, folder, "bulk", script), 8, Operations: 100));
        }

        return loads;
    }

    private static async Task<Wrk> Quotaed(BenchApi api, string folder)
    {
        await api.Project("held", fixedIps: 1_000_000);
        string network = await api.Network("held", "172.16.0.0/12");
        return new Wrk(api.Address, folder, "quota", WrkScript.Repeat(
            await api.Members("held", Tokens), "POST", BenchApi.Cards,
            $$$"""{"ethernet_card":{"network_id":"{{{network}}}"}}"""));
    }
}
