using System.Globalization;
using System.Text.Json.Nodes;
using NovaOrleans.Testing.Clusters;

namespace NovaOrleans.Faults;

/// <summary>What a run is about: a project with networks enough that every silo has pools; and how it all looks in the end.</summary>
internal static class Cloud
{
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(90);

    /// <summary>
    /// Small networks without quarantine: an address that is free is given out again at once, and a mistake with it shows.
    /// </summary>
    public static async Task<IReadOnlyList<string>> Make(ClusterHttp http, int networks)
    {
        await Good(http.Post("/v1.1/projects", """{"project":{"id":"demo"}}"""));
        await Good(http.Put("/v1.1/projects/demo/network_service", """{"network_service":"flat"}"""));
        List<string> made = [];
        for (int n = 0; n < networks; n++)
        {
            string cidr = string.Create(CultureInfo.InvariantCulture, $"10.{n / 8}.{n % 8 * 32}.0/27");
            JsonNode answer = await Good(http.Post(
                "/v1.1/flat/networks",
                $$$"""{"network":{"label":"net{{{n}}}","cidr":"{{{cidr}}}","quarantine_seconds":0}}"""));
            made.Add((string)(answer["network"] ?? answer["networks"]![0])!["id"]!);
        }

        return made;
    }

    /// <summary>Waits until nothing is on its way any more, and reads everything. What does not settle is there to be found.</summary>
    public static async Task<Ending> Settle(ClusterHttp http, IReadOnlyList<string> spaces)
    {
        Ending? end = null;
        try
        {
            await Poll.Until(
                async () =>
                {
                    try
                    {
                        (end, bool calm) = await Read(http, spaces);
                        return calm;
                    }
                    catch (Exception e) when (e is HttpRequestException or InvalidOperationException)
                    {
                        return false;
                    }
                },
                "everything is settled", s_settled);
        }
        catch (TimeoutException) when (end is not null)
        {
            // The checker says what it is that is not as it should be.
        }

        return end!;
    }

    private static async Task<(Ending End, bool Calm)> Read(ClusterHttp http, IReadOnlyList<string> spaces)
    {
        JsonArray servers = await All(http, "/v1.1/servers/detail", "servers");
        JsonArray cards = await All(http, "/v1.1/flat/ethernet_cards/detail", "ethernet_cards");
        JsonArray hosts = (await Good(http.Get("/v1.1/hosts")))["hosts"]!.AsArray();
        JsonArray findings = (await Good(http.Get("/audit")))["audit"]!["findings"]!.AsArray();
        HostEnding[] endings = await Task.WhenAll(hosts.Select(h => (string)h!["name"]!).Order(StringComparer.Ordinal)
            .Select((name, n) => Host(http, name, n < spaces.Count ? spaces[n] : null, servers)));
        Remaining[] things =
        [
            .. servers.Select(s => new Remaining(Kind.Server, (string)s!["id"]!, (string)s["name"]!, FirstAddress(s))
            {
                Status = (string?)s["status"],
            }),
            .. cards.Select(c => new Remaining(
                Kind.Card, (string)c!["id"]!, (string?)c["name"] ?? "", (string?)c["ports"]?.AsArray().FirstOrDefault()?["address"])
            {
                Owner = (string?)c["instance_id"],
            }),
        ];
        bool calm = findings.Count == 0
            && endings.All(h => h.Status == "LIVE" && h.Reported == h.Revision && h.Ledger.SequenceEqual(h.Kernel))
            && things.All(t => t.Status is not ("BUILD" or "DELETING"));
        return (new Ending(things, endings, [.. findings.Select(f => (string)f!)]), calm);
    }

    private static async Task<HostEnding> Host(ClusterHttp http, string name, string? space, JsonArray servers)
    {
        JsonNode host = (await Good(http.Get($"/v1.1/hosts/{name}")))["host"]!;
        string[] ledger =
        [
            .. servers.Where(s => (string?)s!["host"] == name).SelectMany(s => s!["vnics"]!.AsArray())
                .Select(v => PortOf((string)v!)).Order(StringComparer.Ordinal),
        ];
        return new HostEnding(
            name, (string)host["status"]!, (long)host["revision"]!, (long)host["reported_revision"]!, ledger,
            space is null ? ledger : await Ports(space));
    }

    /// <summary>A VNIC's port on the host is named by the end of its id; bridges are shorter.</summary>
    private static string PortOf(string vnic) => "nv" + vnic.Replace("-", "", StringComparison.Ordinal)[^12..];

    private static async Task<string[]> Ports(string space) =>
    [
        .. JsonNode.Parse(await Netns.Tool("ip", "-n", space, "-j", "link"))!.AsArray().Select(l => (string)l!["ifname"]!)
            .Where(n => n.StartsWith("nv", StringComparison.Ordinal) && n.Length == 14).Order(StringComparer.Ordinal),
    ];

    private static string? FirstAddress(JsonNode server) =>
        (string?)server["addresses"]?.AsObject().Select(a => a.Value).FirstOrDefault()?.AsArray().FirstOrDefault()?["addr"];

    private static async Task<JsonArray> All(ClusterHttp http, string path, string list) =>
        (await Good(http.Get($"{path}?limit=1000")))[list]!.AsArray();

    private static async Task<JsonNode> Good(Task<ClusterHttp.Answer> asked)
    {
        ClusterHttp.Answer answer = await asked;
        return (int)answer.Status < 300 ? answer.Body ?? new JsonObject()
            : throw new InvalidOperationException($"answered {answer}");
    }
}
