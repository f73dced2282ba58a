using System.Net;
using System.Text.Json.Nodes;
using NovaOrleans.Testing;

namespace NovaOrleans.Systems;

/// <summary>A project changes its network service and goes back, by the commands that its plan names.</summary>
public sealed class SwitchTests : IAsyncLifetime
{
    private readonly NovaServer _server = new();
    private readonly NovaManage _manage;

    public SwitchTests() => _manage = new(_server);

    public Task InitializeAsync() => _server.Start("--agent", "fake");

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    [Trait("seed", "S6"), Trait("seed", "S44"), Trait("seed", "S70"), Trait("seed", "S72"), Trait("seed", "S152")]
    public async Task From_one_service_to_another_and_back_by_the_commands_of_the_plan()
    {
        await Poll.Until(
            async () => (await _server.Get("/v1.1/hosts")).Body!["hosts"]!.AsArray().Any(h => $"{h!["status"]}" == "LIVE"), "the host is live");
        await _server.Put("/v1.1/projects/demo/network_service", """{"network_service":"flat_dhcp"}""");
        string network = "/v1.1/flat_dhcp/networks/"
            + (await _server.Post("/v1.1/flat_dhcp/networks", """{"network":{"label":"home","cidr":"10.1.0.0/24"}}""")).Body!["network"]!["id"];
        string port = $"{network}/ports/{(await _server.Post($"{network}/ports", "{}")).Body!["port"]!["id"]}";
        Assert.Equal(HttpStatusCode.Accepted, (await _server.Post("/v1.1/servers", """{"server":{"name":"web"}}""")).Status);
        await _server.Post("/v1.1/flat_dhcp/ethernet_cards", "{}");
        await UntilServers("ACTIVE");

        (int refused, string shown, string errors) = await Run("project network_set demo vlan");
        Assert.Equal(1, refused);
        Assert.Contains("'nova-manage project network_plan demo nova.network.vlan' says what moves them", errors, StringComparison.Ordinal);
        Assert.Contains("from nova.network.flat_dhcp to nova.network.vlan: 1 VNICs are in the way", shown, StringComparison.Ordinal);
        Assert.Equal(shown, await Does("project network_set demo vlan --plan"));
        Assert.DoesNotContain("lack", shown, StringComparison.Ordinal);

        JsonNode plan = JsonNode.Parse(await Does("project network_plan demo vlan --json"))!["plan"]!;
        Assert.Contains($"DELETE {port}", plan["steps"]!.AsArray().Select(s => $"{s!["command"]}"));
        Assert.Equal(HttpStatusCode.NoContent, (await _server.Send(HttpMethod.Delete, port, null)).Status);

        await Follow("vlan", "home");
        Assert.Equal("nova.network.vlan", await Service());
        Assert.Equal("10.9.0.0/24", $"{Assert.Single(await Rows("vlan/networks/detail", "networks"))!["cidr"]}");
        Assert.NotNull(Assert.Single(await Rows("vlan/ethernet_cards/detail", "ethernet_cards"))!["instance_id"]);

        await Follow("flat_dhcp", "away");
        Assert.Equal("nova.network.flat_dhcp", await Service());
        JsonNode card = Assert.Single(await Rows("flat_dhcp/ethernet_cards/detail", "ethernet_cards"))!;
        Assert.StartsWith("10.1.0.", $"{card["ports"]![0]!["address"]}", StringComparison.Ordinal);
        JsonNode audit = (await _server.Get("/audit")).Body!["audit"]!;
        Assert.Empty(audit["findings"]!.AsArray());
    }

    /// <summary>Does what the plan says, but for networks, which stay to go back to; the new service's first one is called so.</summary>
    private async Task Follow(string service, string label)
    {
        JsonNode plan = JsonNode.Parse(await Does($"project network_plan demo {service} --json"))!["plan"]!;
        Assert.Empty(plan["hosts_lacking"]!.AsArray());
        foreach (string command in plan["steps"]!.AsArray().Select(s => $"{s!["command"]}").Where(c => !c.Contains(" network delete ", StringComparison.Ordinal)))
        {
            Assert.StartsWith("nova-manage ", command, StringComparison.Ordinal);
            string words = command["nova-manage ".Length..].Replace("LABEL", label, StringComparison.Ordinal).Replace("CIDR", "10.9.0.0/24", StringComparison.Ordinal);
            await Does(words);
            if (words.StartsWith("server ", StringComparison.Ordinal))
            {
                await UntilServers(words.StartsWith("server delete", StringComparison.Ordinal) ? "" : "ACTIVE");
            }
        }
    }

    private Task UntilServers(string status) => Poll.Until(
        async () => string.Join(' ', (await _server.Get("/v1.1/servers/detail")).Body!["servers"]!.AsArray().Select(s => $"{s!["status"]}")) == status,
        $"the project's servers are: {status}");

    private async Task<string> Service() => $"{(await _server.Get("/v1.1/projects/demo")).Body!["project"]!["network_service"]}";

    private async Task<JsonArray> Rows(string path, string list) => (await _server.Get($"/v1.1/{path}")).Body![list]!.AsArray();

    private Task<string> Does(string words) => _manage.Does(words.Split(' '));

    private Task<(int Exit, string Output, string Errors)> Run(string words) => _manage.Run(words.Split(' '));
}
