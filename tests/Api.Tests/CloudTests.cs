using System.Text.Json.Nodes;

namespace NovaOrleans.Api;

/// <summary>The core's routes besides servers: versions, services, projects, hosts, the ledger, the document.</summary>
[Collection("facade")]
public sealed class CloudTests(Facade facade)
{
    [Fact]
    [Trait("seed", "R27")]
    public async Task The_root_lists_the_versions_in_both_formats()
    {
        Answer json = await facade.Send("GET", "/");
        Assert.Equal("""{"versions":[{"id":"v1.1","status":"CURRENT"},{"id":"v1.0","status":"SUPPORTED"}]}""", json.Text);
        Answer xml = await facade.Send("GET", "/.xml");
        Assert.EndsWith(
            """<versions><version id="v1.1" status="CURRENT" /><version id="v1.0" status="SUPPORTED" /></versions>""",
            xml.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("seed", "R27"), Trait("seed", "S56"), Trait("seed", "S62")]
    public async Task The_services_are_listed_and_each_says_what_it_has()
    {
        Answer services = await facade.Send("GET", "/services");
        Assert.Equal(["test.net.blue", "test.net.red"], services.Json["services"]!.AsArray().Select(s => (string?)s!["path"]));
        Assert.True((bool)services.Json["services"]![0]!["default"]!);
        foreach (string version in (string[])["v1.0", "v1.1"])
        {
            Answer root = await facade.Send("GET", $"/{version}/blue/");
            Assert.Contains("networks", root.Json["network_service"]!["links"]!.AsArray().Select(l => (string?)l!["rel"]));
            Answer extensions = await facade.Send("GET", $"/{version}/blue/extensions");
            string?[] aliases = [.. extensions.Json["extensions"]!.AsArray().Select(e => (string?)e!["alias"])];
            Assert.Contains("ethernet_cards", aliases);
            Assert.DoesNotContain("networks", aliases);
        }
    }

    [Fact]
    [Trait("seed", "S44"), Trait("seed", "S45"), Trait("seed", "S70"), Trait("seed", "S72")]
    [Trait("seed", "S149"), Trait("seed", "S151"), Trait("seed", "S153")]
    public async Task A_projects_service_is_set_by_short_name_and_the_check_knows_at_once()
    {
        await facade.Send("POST", "/v1.1/projects", """{"id":"mover","name":"The movers"}""");
        Answer fresh = await facade.Send("GET", "/v1.1/projects/mover");
        Assert.Null(fresh.Json["project"]!["network_service"]);
        Assert.Equal("test.net.blue", (string?)fresh.Json["project"]!["effective_network_service"]);
        Assert.Equal(200, (await facade.Send("GET", "/v1.1/blue/networks", project: "mover")).Status);
        Answer set = await facade.Send("PUT", "/v1.1/projects/mover/network_service", """{"network_service":"red"}""");
        Assert.Equal("test.net.red", (string?)set.Json["project"]!["network_service"]);
        Assert.Empty(set.Json["project"]!["warnings"]!.AsArray());
        Assert.Equal(403, (await facade.Send("GET", "/v1.1/blue/networks", project: "mover")).Status);
        Answer back = await facade.Send("PUT", "/v1.1/projects/mover/network_service", """<x network_service="test.net.blue"/>""");
        Assert.Equal(400, back.Status);
        back = await facade.Send("PUT", "/v1.1/projects/mover/network_service", """{"network_service":"test.net.blue","force":true}""");
        Assert.Contains("is the default", (string)back.Json["project"]!["warnings"]![0]!, StringComparison.Ordinal);
        Answer all = await facade.Send("GET", "/v1.1/projects");
        Assert.Contains("mover", all.Json["projects"]!.AsArray().Select(p => (string?)p!["id"]));
    }

    [Fact]
    [Trait("seed", "S151"), Trait("seed", "S152")]
    public async Task Live_vnics_keep_a_project_from_changing_unless_forced()
    {
        await facade.Send("POST", "/v1.1/projects", """{"id":"busy"}""");
        Assert.Equal(202, (await facade.Send("POST", "/v1.1/servers", """{"server":{"name":"a"}}""", "busy")).Status);
        Answer refused = await facade.Send("PUT", "/v1.1/projects/busy/network_service", """{"network_service":"red"}""");
        Assert.Equal(409, refused.Status);
        Answer forced = await facade.Send("PUT", "/v1.1/projects/busy/network_service", """{"network_service":"red","force":true}""");
        Assert.Equal(200, forced.Status);
        Assert.EndsWith("until they are deleted: 1.", (string?)forced.Json["project"]!["warnings"]![0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blu", 400, "did you mean blue?")]
    [InlineData("nova.network.vlan", 400, "There is no network service")]
    [InlineData("", 400, "a network service's module path or short name")]
    [Trait("seed", "S149"), Trait("seed", "S150")]
    public async Task An_unknown_service_is_refused_with_what_is_near(string asked, int status, string sentence)
    {
        Answer answer = await facade.Send(
            "PUT", "/v1.1/projects/blue/network_service", new JsonObject { ["network_service"] = asked }.ToJsonString());
        Assert.Equal((status, "network_service"), (answer.Status, (string?)answer.Fault["faults"]![0]!["field"]));
        Assert.Contains(sentence, answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1.1/projects/nobody", null)]
    [InlineData("GET", "/v1.1/projects/no%20id", null)]
    [InlineData("PUT", "/v1.1/projects/nobody/network_service", """{"network_service":"red"}""")]
    [Trait("seed", "S71"), Trait("seed", "S150")]
    public async Task An_unknown_project_is_404(string method, string path, string? body)
    {
        Answer answer = await facade.Send(method, path, body);
        Assert.Equal((404, "projectNotFound"), (answer.Status, answer.Json.Single().Key));
    }

    [Fact]
    public async Task Hosts_are_listed_shown_and_fenced_by_name()
    {
        Answer hosts = await facade.Send("GET", "/v1.1/hosts");
        Assert.Contains("node1", hosts.Json["hosts"]!.AsArray().Select(h => (string?)h!["name"]));
        Answer host = await facade.Send("GET", "/v1.1/hosts/node1");
        Assert.Equal("LIVE", (string?)host.Json["host"]!["status"]);
        Assert.Equal(404, (await facade.Send("GET", "/v1.1/hosts/nowhere")).Status);
        Assert.Equal(404, (await facade.Send("POST", "/v1.1/hosts/nowhere/action", """{"fence":null}""")).Status);
        Assert.Equal(400, (await facade.Send("POST", "/v1.1/hosts/node1/action", """{"reboot":null}""")).Status);
        await facade.Open("node2");
        Answer fenced = await facade.Send("POST", "/v1.1/hosts/node2/action", "<fence/>");
        Assert.Equal((202, "node2"), (fenced.Status, fenced.Xml.Attribute("host")?.Value));
        Assert.Equal("FENCED", (string?)(await facade.Send("GET", "/v1.1/hosts/node2")).Json["host"]!["status"]);
    }

    [Fact]
    public async Task History_tells_who_made_a_card_and_refuses_a_filter_that_is_none()
    {
        Answer card = await facade.Send("POST", "/v1.1/blue/ethernet_cards", "{}", "blue");
        string id = (string)card.Json["ethernet_card"]!["id"]!;
        Answer history = await facade.Send("GET", $"/v1.1/history?vnic={id}");
        JsonNode change = Assert.Single(history.Json["history"]!.AsArray())!;
        Assert.Equal(("admin", "card created", id), ((string?)change["actor"], (string?)change["what"], (string?)change["vnic_id"]));
        foreach (string query in (string[])["vnic=x", "network=1", "address=10.0.0", "limit=1001"])
        {
            Assert.Equal(400, (await facade.Send("GET", $"/v1.1/history?{query}")).Status);
        }
    }

    [Fact]
    [Trait("seed", "S61"), Trait("seed", "S102")]
    public async Task The_document_has_the_cores_routes_and_the_services()
    {
        Answer document = await facade.Send("GET", "/openapi/v1.json");
        JsonObject paths = document.Json["paths"]!.AsObject();
        JsonNode create = paths["/v1.1/blue/networks"]!["post"]!;
        Assert.Equal("Gives back the network", (string?)create["summary"]);
        Assert.Equal("a", (string?)create["requestBody"]!["content"]!["application/json"]!["example"]!["label"]);
        Assert.Equal("red", (string?)paths["/v1.0/red/who"]!["get"]!["tags"]![0]);
        Assert.Equal("id", (string?)paths["/v1.1/servers/{id}"]!["delete"]!["parameters"]![0]!["name"]);
        Assert.DoesNotContain(paths, p => p.Key.Contains("tenants", StringComparison.Ordinal));
        string[] operations = [.. paths.SelectMany(p => p.Value!.AsObject()).Select(o => (string)o.Value!["operationId"]!)];
        Assert.Equal(operations.Length, operations.Distinct().Count());
    }

    [Fact]
    public async Task The_documentation_lists_every_route_of_the_core()
    {
        string text = await File.ReadAllTextAsync(Path.Combine(Facade.Root, "docs", "api.md"));
        JsonObject paths = (await facade.Send("GET", "/openapi/v1.json")).Json["paths"]!.AsObject();
        foreach ((string path, JsonNode? methods) in paths.Where(p => !p.Key.Contains("/blue", StringComparison.Ordinal)
            && !p.Key.Contains("/red", StringComparison.Ordinal) && p.Key != "/v1.0"))
        {
            foreach (string method in methods!.AsObject().Select(m => m.Key.ToUpperInvariant()))
            {
                Assert.Contains($"`{method} {path}`", text, StringComparison.Ordinal);
            }
        }
    }
}
