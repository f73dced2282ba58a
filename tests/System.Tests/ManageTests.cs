using System.Net;
using System.Text.Json.Nodes;
using NovaOrleans.Testing;

namespace NovaOrleans.Systems;

/// <summary>nova-manage as an operator and a script meet it: its words, its answers, its exit status.</summary>
public sealed class ManageTests(ManageTests.Server server) : IClassFixture<ManageTests.Server>
{
    private readonly NovaManage _manage = new(server.Nova);

    /// <summary>One for all verbs.</summary>
    public sealed class Server : IAsyncLifetime
    {
        public NovaServer Nova { get; } = new();

        public Task InitializeAsync() => Nova.Start();

        public async Task DisposeAsync() => await Nova.DisposeAsync();
    }

    [Fact]
    [Trait("seed", "S69"), Trait("seed", "S71"), Trait("seed", "S73"), Trait("seed", "S74"), Trait("seed", "S75")]
    [Trait("seed", "S149"), Trait("seed", "S150"), Trait("seed", "S151")]
    public async Task A_near_miss_is_answered_with_what_was_meant_and_a_status_that_is_not_0()
    {
        // None of them changes anything, and each is a process.
        await Task.WhenAll(
            Fails(1, "did you mean vlan?", "project", "network_set", "demo", "vlann"),
            Fails(1, "There is no project 'nobody'", "project", "network_set", "nobody", "vlan"),
            Fails(2, "'projcet': did you mean project?", "projcet", "list"),
            Fails(2, "'lsit': did you mean list?", "project", "lsit"),
            Fails(2, "'netwrk': did you mean network?", "vlan", "netwrk", "list"),
            Fails(1, "'vlann'; did you mean vlan?", "vlann", "network", "list"),
            Fails(2, "nova-manage SERVICE network create LABEL --cidr CIDR", "network", "create", "10.0.0.0/8"),
            Fails(2, "nova-manage SERVICE floating create 203.0.113.0/28", "floating", "create", "203.0.113.0/28"),
            Fails(2, "Unrecognized command or argument 'a b'", "a b", "list"),
            Fails(2, "Unrecognized command or argument ''", ""),
            Fails(2, "'port' is no verb; if it is a network service", "port", "list"),
            Fails(2, "nova-manage SERVICE card list", "card", "list"),
            Fails(2, "nova-manage SERVICE vpn (", "vpn"),
            Fails(2, "nova-manage SERVICE fixed", "fixed"),
            Fails(2, "./nova manage db sync", "db", "sync"),
            Fails(3, "no answer from http://127.0.0.1:9", "project", "list", "--url", "http://127.0.0.1:9"));
        Assert.Contains("Exit status: 0 done; 1 refused", await Says("--help"), StringComparison.Ordinal);

        Assert.Equal("None", await Says("project", "network_get", "demo"));
        Assert.Equal("nova.network.vlan", await Says("project", "network_get", "demo", "--effective"));
        (int exit, string output, string errors) = await _manage.Run("project", "network_set", "demo", "vlan");
        Assert.Equal((0, ""), (exit, output.Trim()));
        Assert.Contains("nova.network.vlan is the default", errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("seed", "S17"), Trait("seed", "S53"), Trait("seed", "S76"), Trait("seed", "S152"), Trait("seed", "R4"), Trait("seed", "R6")]
    public async Task What_the_API_can_do_to_networks_projects_and_quotas_the_verbs_do()
    {
        await Says("project", "create", "blue", "--name", "The blue team");
        await Says("project", "network_set", "blue", "flat_dhcp");
        string[] create = ["flat_dhcp", "network", "create", "net", "--project", "blue", "--cidr", "10.1.0.0/24", "--multi_host", "true"];
        Assert.Contains("\"multi_host\": true", await Says([.. create, "--json"]), StringComparison.Ordinal);
        await Fails(1, "10.1.0.0/24 overlaps 10.1.0.0/24", create);
        string network = (await Json("flat_dhcp", "network", "list", "--project", "blue"))[0]!["id"]!.ToString();
        await Says("flat_dhcp", "network", "modify", network, "--label", "renamed", "--dns1", "9.9.9.9");
        Assert.Contains("renamed", await Says("flat_dhcp", "network", "show", network), StringComparison.Ordinal);
        await Fails(1, "There is no compute host 'nowhere'", "flat_dhcp", "network", "modify", network, "--host", "nowhere");
        await Says("flat_dhcp", "fixed", "reserve", "10.1.0.9");
        Assert.Contains("10.1.0.9 reserved", await Says("flat_dhcp", "fixed", "list", network), StringComparison.Ordinal);
        await Says("flat_dhcp", "fixed", "unreserve", "10.1.0.9");
        await Fails(1, "has no vlan network with a VPN", "vlan", "vpn", "change", "blue", "198.51.100.1", "1000");
        Assert.Equal("0 rows", (await Says("vlan", "vpn", "list")).Split('\n')[^1].Trim());

        string card = (await Json("flat_dhcp", "card", "create", "--project", "blue", "--network", network))["ethernet_card"]!["id"]!.ToString();
        Assert.Contains(card, await Says("project", "network_set", "blue", "vlan", "--plan"), StringComparison.Ordinal);
        Assert.Contains(card, await Says("project", "network_set", "blue", "vlan", "--force"), StringComparison.Ordinal);
        Assert.Equal("nova.network.vlan", await Says("project", "network_get", "blue"));
        Assert.Contains("blue nova.network.vlan", await Says("project", "network_list"), StringComparison.Ordinal);

        Assert.Contains("floating_ips 10", await Says("project", "quota", "blue"), StringComparison.Ordinal);
        Assert.Contains("floating_ips 3", await Says("project", "quota", "blue", "floating_ips", "3"), StringComparison.Ordinal);
        await Fails(1, "known are:", "project", "quota", "blue", "colours", "3");
        await Fails(1, "has 1 networks, 1 VNICs", "project", "delete", "blue");
        await Says("flat_dhcp", "card", "delete", card);
        Assert.Contains(network, await Says("project", "scrub", "blue"), StringComparison.Ordinal);
        await Says("project", "delete", "blue");
        await Fails(1, "There is no project 'blue'", "project", "show", "blue");

        Assert.Contains("Silo", await Says("service", "list"), StringComparison.Ordinal);
        Assert.Equal("0 rows", (await Says("host", "list")).Split('\n')[^1].Trim());
        await Fails(1, "There is no compute host 'h9'", "host", "drain", "h9");
        await Fails(1, "There is no compute host 'h9'", "host", "remove", "h9");
        Assert.Equal("0 rows", (await Says("orphans")).Split('\n')[^1].Trim());
    }

    [Fact]
    [Trait("seed", "R21")]
    public async Task A_project_lets_in_what_it_wants_and_gives_a_guest_a_floating_ip()
    {
        await Says("project", "create", "green");
        await Says("project", "network_set", "green", "flat_dhcp");
        await Green("security_group", "create", "web", "--description", "what the world may reach");
        await Green("security_group", "allow", "web", "tcp", "8000:8010", "--from", "192.0.2.0/24");
        await Green("security_group", "allow", "web", "icmp");
        await Green("security_group", "allow", "web", "any", "--from", "2001:db8::7");
        await Green("security_group", "allow", "web", "udp", "--from", "web");
        string id = (await Json("security_group", "list", "--project", "green")).AsArray().Single(g => $"{g!["name"]}" == "web")!["id"]!.ToString();
        await Green("security_group", "create", id);
        await Green("security_group", "delete", id);
        await Green("security_group", "allow", "web", "tcp", "179", "--from", id);
        string[] rules = (await Green("security_group", "show", "web")).Split('\n');
        Assert.Contains(rules, r => r.Contains("tcp 8000 8010 192.0.2.0/24", StringComparison.Ordinal));
        Assert.Contains(rules, r => r.Contains("icmp -1 -1 0.0.0.0/0", StringComparison.Ordinal));
        Assert.Contains(rules, r => r.Contains("- - - 2001:db8::7/128", StringComparison.Ordinal));
        Assert.Contains(rules, r => r.Contains("tcp 179 179 - web", StringComparison.Ordinal));
        string own = Assert.Single(rules, r => r.Contains("udp 1 65535 - web", StringComparison.Ordinal));
        await Green("security_group", "revoke", own.Trim().Split(' ')[0]);
        Assert.DoesNotContain("udp", await Green("security_group", "show", "web"), StringComparison.Ordinal);
        await Fails(1, "'wbe'; did you mean web?", "security_group", "show", "wbe", "--project", "green");
        await Fails(2, "'ssh' is no port", "security_group", "allow", "web", "tcp", "ssh", "--project", "green");
        await Green("security_group", "delete", "web");

        await Green("flat_dhcp", "floating", "create", "203.0.113.0/29");
        string network = (await Json("flat_dhcp", "network", "create", "green", "--project", "green", "--cidr", "10.7.0.0/24"))
            ["network"]!["id"]!.ToString();
        await Green("flat_dhcp", "card", "create", "--network", network, "--address", "10.7.0.9");
        string floating = (await Json("flat_dhcp", "floating", "allocate", "--project", "green"))["floating_ip"]!["ip"]!.ToString();
        await Green("flat_dhcp", "floating", "associate", floating, "10.7.0.9");
        Assert.Contains($"{floating} nova 10.7.0.9", await Green("flat_dhcp", "floating", "allocated"), StringComparison.Ordinal);
        await Fails(1, "stands for", "flat_dhcp", "floating", "release", floating, "--project", "green");
        await Green("flat_dhcp", "floating", "disassociate", floating);
        await Green("flat_dhcp", "floating", "release", floating);
        await Green("flat_dhcp", "floating", "delete", "203.0.113.0/29");

        Task<string> Green(params string[] words) => Says([.. words, "--project", "green"]);
    }

    [Fact]
    public async Task The_shell_is_told_what_may_come_next()
    {
        Assert.Contains("complete -o default -F _nova_manage nova-manage", await Says("completion", "bash"), StringComparison.Ordinal);
        Assert.Equal(["network_get", "network_list", "network_plan", "network_set"], Words(await Says("[suggest:15]", "project network")));
        Assert.Contains("modify", Words(await Says("[suggest:13]", "vlan network ")));
    }

    private static string[] Words(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(w => w.Trim()).Order(StringComparer.Ordinal)];

    /// <summary>Tables are read with their columns one blank apart.</summary>
    private async Task<string> Says(params string[] words)
    {
        string output = await _manage.Does(words);
        return string.Join('\n', output.Trim().Split('\n').Select(l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    private async Task<JsonNode> Json(params string[] words) =>
        JsonNode.Parse(await Says([.. words, "--json"]))!;

    private async Task Fails(int status, string sentence, params string[] words)
    {
        (int exit, string output, string errors) = await _manage.Run(words);
        Assert.True(exit == status, $"{string.Join(' ', words)}: {exit}: {output}{errors}");
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
    }
}

/// <summary>A network service leaves the configuration while VNICs of it live.</summary>
public sealed class OrphanTests : IAsyncLifetime
{
    private readonly NovaServer _server = new();

    public Task InitializeAsync() => _server.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    [Trait("seed", "D12"), Trait("seed", "S43"), Trait("seed", "S63")]
    public async Task The_start_is_refused_unless_it_is_allowed_and_the_orphans_are_listed_and_can_be_deleted()
    {
        await _server.Put("/v1.1/projects/demo/network_service", """{"network_service":"flat"}""");
        NovaServer.Answer card = await _server.Post("/v1.1/flat/ethernet_cards", "{}");
        string id = (string)card.Body!["ethernet_card"]!["id"]!;
        await _server.Kill();
        string list = Path.Combine(_server.Folder, "fewer.conf");
        await File.WriteAllTextAsync(list, "nova.network.vlan\n");
        string[] fewer = ["--network_service_conf", list];

        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => _server.Start(fewer));
        Assert.Contains("status 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("not installed: 1 of nova.network.flat", refused.Message, StringComparison.Ordinal);

        await _server.Start([.. fewer, "--allow-orphans"]);
        JsonNode orphan =
            Assert.Single((await _server.Get("/v1.1/orphans")).Body!["orphans"]!.AsArray())!;
        Assert.Equal((id, "nova.network.flat"), ((string)orphan["id"]!, (string)orphan["network_service"]!));
        Assert.Equal("nova.network.flat", (string)(await _server.Get("/v1.1/projects/demo")).Body!["project"]!["network_service"]!);
        Assert.Equal(HttpStatusCode.NoContent, (await _server.Send(HttpMethod.Delete, $"/v1.1/orphans/{id}", null)).Status);
        await _server.Kill();

        await _server.Start(fewer);
        Assert.Empty((await _server.Get("/v1.1/orphans")).Body!["orphans"]!.AsArray());
    }
}
