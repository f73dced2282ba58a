using System.Text.Json.Nodes;
using NovaOrleans.Testing;

namespace NovaOrleans.Systems;

/// <summary>A server's security groups by nova-manage.</summary>
public sealed class ServerGroupsTests : IAsyncLifetime
{
    private readonly NovaServer _server = new();
    private readonly NovaManage _manage;

    public ServerGroupsTests() => _manage = new(_server);

    public Task InitializeAsync() => _server.Start("--agent", "fake");

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_server_is_launched_in_a_group_and_put_into_another_and_out_of_it()
    {
        await Poll.Until(
            async () => (await _server.Get("/v1.1/hosts")).Body!["hosts"]!.AsArray().Any(h => $"{h!["status"]}" == "LIVE"), "the host is live");
        await Demo("project", "network_set", "demo", "flat_dhcp");
        await Demo("flat_dhcp", "network", "create", "home", "--cidr", "10.1.0.0/24");
        await Demo("security_group", "create", "web");
        await Demo("security_group", "create", "db");
        string id = $"{JsonNode.Parse(await Demo("server", "create", "one", "--group", "web", "--json"))!["server"]!["id"]}";
        Assert.Equal(["web"], await Groups());

        await Demo("server", "add_group", id, "db");
        Assert.Equal(["db", "web"], await Groups());
        await Demo("server", "remove_group", id, "web");
        Assert.Equal(["db"], await Groups());
        (int exit, _, string errors) = await _manage.Run("server", "remove_group", id, "db", "--project", "demo");
        Assert.Equal(1, exit);
        Assert.Contains("would be in no security group", errors, StringComparison.Ordinal);

        Task<string> Demo(params string[] words) =>
            _manage.Does(words[0] == "project" ? words : [.. words, "--project", "demo"]);

        async Task<IEnumerable<string>> Groups() =>
            (await _server.Get($"/v1.1/servers/{id}/os-security-groups")).Body!["security_groups"]!.AsArray().Select(g => $"{g!["name"]}").Order();
    }
}
