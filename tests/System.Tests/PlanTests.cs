using System.Net;
using System.Text.Json.Nodes;
using NovaOrleans.Testing;

namespace NovaOrleans.Systems;

/// <summary><c>AgentClient --plan</c> beside a running system: it reads and prints, and changes nothing.</summary>
public sealed class PlanTests : IAsyncLifetime
{
    private readonly NovaServer _server = new();
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("nova-agent-");

    public Task InitializeAsync() => _server.Start();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _state.Delete(recursive: true);
    }

    [Fact]
    public async Task A_pending_binding_is_printed_as_links_elements_and_leases_and_stays_pending()
    {
        // An agent that shows the host to be live, and is gone before there is anything to do.
        await using (NovaProcess agent = Agent())
        {
            await Poll.Until(
                async () => await Host() is { } host && (string?)host["status"] == "LIVE", "the host is live",
                TimeSpan.FromSeconds(40));
        }

        await _server.Put("/v1.1/projects/demo/network_service", """{"network_service":"flat_dhcp"}""");
        await _server.Post("/v1.1/flat_dhcp/networks", """{"network":{"label":"blue","cidr":"10.8.0.0/24"}}""");
        NovaServer.Answer server = null!;
        // A busy machine may say 503, and with its key a create may be repeated.
        await Poll.Until(
            async () => (server = await _server.Post("/v1.1/servers", """{"server":{"name":"web1","host":"plan1"}}""", "web1")).Status
                != HttpStatusCode.ServiceUnavailable,
            "the launch is answered");
        Assert.Equal(HttpStatusCode.Accepted, server.Status);
        string before = (await Host())!.ToJsonString();

        await using NovaProcess plan = Agent("--plan");
        (int exit, string output, string errors) = await plan.Ended(TimeSpan.FromSeconds(60));
        Assert.True(exit == 0, errors);
        Assert.Contains("+ bridge ", output);
        Assert.Contains("+ port nv", output);
        Assert.Contains("+ nft element bridge bound_ip4 { nv", output);
        Assert.Contains("10.8.0.2,web1", output);

        JsonNode after = (await Host())!;
        // The epoch too is the one before; it is 2 where the first agent's call took too long and was made again.
        Assert.Equal(0, (int)after["reported_revision"]!);
        Assert.Equal(Without(before), Without(after.ToJsonString()));
        Assert.Equal("BUILD", (string?)(await _server.Get($"/v1.1/servers/{server.Body!["server"]!["id"]}")).Body!["server"]!["status"]);
    }

    private NovaProcess Agent(params string[] more) => NovaProcess.Start(
        "AgentClient",
        ["--fake", "--host", "plan1", "--state", _state.FullName, "--gateway", $"127.0.0.1:{_server.GatewayPort}",
            .. NovaServer.Services, .. more]);

    private async Task<JsonNode?> Host() => (await _server.Get("/v1.1/hosts/plan1")).Body?["host"];

    /// <summary>Time passes, and whether a silent host still counts as live with it; nothing else may differ.</summary>
    private static string Without(string host)
    {
        JsonObject node = JsonNode.Parse(host)!.AsObject();
        node.Remove("status");
        return node.ToJsonString();
    }
}
