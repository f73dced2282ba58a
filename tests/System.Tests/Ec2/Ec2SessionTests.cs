using System.Net;
using System.Text.Json.Nodes;
using NovaOrleans.Testing;

namespace NovaOrleans.Systems.Ec2;

/// <summary>A stock EC2 client against a server and an agent of their own processes; the host is in memory.</summary>
public sealed class Ec2SessionTests : IAsyncLifetime
{
    private readonly NovaServer _server = new();
    private NovaProcess? _agent;
    private StockClient _client = null!;

    public async Task InitializeAsync()
    {
        await _server.Start();
        _agent = NovaProcess.Start(
            "AgentClient",
            ["--host", "ec2host", "--fake", "--state", Path.Combine(_server.Folder, "agent"),
                "--gateway", $"127.0.0.1:{_server.GatewayPort}", .. NovaServer.Services]);
        await _server.Put("/v1.1/projects/demo/network_service", """{"network_service":"flat_dhcp"}""");
        await _server.Post("/v1.1/flat_dhcp/networks", """{"network":{"label":"blue","cidr":"10.31.0.0/24"}}""");
        NovaServer.Answer floating = await _server.Post(
            "/v1.1/flat_dhcp/floating_ips_bulk",
            """{"floating_ips_bulk_create":{"ip_range":"203.0.113.0/28","pool":"nova"}}""");
        Assert.True(floating.Status is HttpStatusCode.OK or HttpStatusCode.Created, floating.Body?.ToJsonString());
        NovaServer.Answer key = await _server.Post("/v1.1/projects/demo/ec2_keys", "{}");
        Assert.Equal(HttpStatusCode.Created, key.Status);
        JsonNode made = key.Body!["ec2_key"]!;
        _client = new StockClient(_server.Address, (string)made["access_key"]!, (string)made["secret_key"]!);
        await Poll.Until(
            async () => (await _server.Get("/v1.1/hosts/ec2host")) is { Status: HttpStatusCode.OK } host
                && (string?)host.Body!["host"]!["status"] == "LIVE",
            "the host is live", TimeSpan.FromSeconds(40));
    }

    public async Task DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    [Fact]
    [Trait("seed", "S14"), Trait("seed", "S55"), Trait("seed", "S85"), Trait("seed", "S113")]
    public async Task A_stock_client_runs_three_shows_and_ends_them()
    {
        JsonNode found = await _client.Do("keys", "launch", "addresses", "groups", "limit");
        JsonNode keys = found["keys"]!;
        Assert.Equal("""["SignatureDoesNotMatch",403]""", keys["wrong_secret_v4"]!.ToJsonString());
        Assert.Equal("""["SignatureDoesNotMatch",403]""", keys["wrong_secret_v2"]!.ToJsonString());
        Assert.Equal("""["InvalidClientTokenId",403]""", keys["unknown_key"]!.ToJsonString());
        Assert.Equal("nova", (string?)keys["v2"]);

        JsonNode launch = found["launch"]!;
        Assert.Equal(3, launch["ids"]!.AsArray().Count);
        Assert.Equal("""["running","running","running"]""", launch["states"]!.ToJsonString());
        Assert.Equal("[1,1,1]", launch["nics"]!.ToJsonString());
        Assert.Equal(3, launch["addresses"]!.AsArray().Select(a => (string)a!).Distinct().Count());
        Assert.Equal($"[\"{launch["reservation"]}\"]", launch["shown_reservations"]!.ToJsonString());
        Assert.Equal("""["m1.tiny","m1.tiny","m1.tiny"]""", launch["types"]!.ToJsonString());
        Assert.Equal("""["UnsupportedOperation",400]""", launch["two_nics"]!.ToJsonString());
        NovaServer.Answer audit = await _server.Get("/audit");
        Assert.Equal(("3", "3"), (Figure(audit, "vnics"), Figure(audit, "held_addresses")));

        JsonNode addresses = found["addresses"]!;
        Assert.Equal(
            $"[[\"{addresses["address"]}\",\"{addresses["first"]}\",\"{addresses["association"]}\"]]",
            addresses["shown"]!.ToJsonString());
        Assert.Equal((string?)addresses["address"], (string?)addresses["outside"]);
        Assert.Equal("""["InvalidIPAddress.InUse",400]""", addresses["in_use"]!.ToJsonString());
        Assert.Equal((1, "[null]", 0), ((int)addresses["moved"]!, addresses["away"]!.ToJsonString(), (int)addresses["left"]!));
        Assert.Equal("""["InvalidAddress.NotFound",400]""", addresses["unknown"]!.ToJsonString());
        JsonNode groups = found["groups"]!;
        Assert.Equal("""["InvalidGroup.Duplicate",400]""", groups["duplicate"]!.ToJsonString());
        Assert.Equal("""["InvalidPermission.Duplicate",400]""", groups["again"]!.ToJsonString());
        Assert.Equal(
            """[["-1",null,[],["default"]],["icmp",-1,["10.0.0.0/8"],[]],["tcp",80,["0.0.0.0/0"],[]]]""",
            groups["shown"]!.ToJsonString());
        Assert.Equal("""["web"]""", groups["instance"]!.ToJsonString());
        Assert.Equal("""["InvalidGroup.InUse",400]""", groups["in_use"]!.ToJsonString());
        Assert.Equal("""["InvalidPermission.NotFound",400]""", groups["gone"]!.ToJsonString());
        Assert.Equal("""["-1","icmp"]""", groups["left"]!.ToJsonString());
        Assert.Equal("""["InvalidGroup.NotFound",400]""", groups["unknown"]!.ToJsonString());
        Assert.Equal("""["InvalidGroup.NotFound",400]""", groups["deleted"]!.ToJsonString());
        Assert.Equal("""["CannotDelete",400]""", groups["default"]!.ToJsonString());
        Assert.Equal("""["AddressLimitExceeded",400]""", found["limit"]!["beyond"]!.ToJsonString());
        Assert.Equal(0, (int)found["limit"]!["left"]!);

        JsonNode ended = (await _client.Do("terminate"))["terminate"]!;
        Assert.Equal("""[["running","shutting-down"],["running","shutting-down"],["running","shutting-down"]]""", ended["ended"]!.ToJsonString());
        Assert.Equal(0, (int)ended["left"]!);
        Assert.Equal("""["terminated","terminated","terminated"]""", ended["shown"]!.ToJsonString());
        Assert.Equal("0", Figure(await _server.Get("/audit"), "vnics"));
    }

    private static string? Figure(NovaServer.Answer audit, string name) => audit.Body!["audit"]![name]!.ToString();
}
