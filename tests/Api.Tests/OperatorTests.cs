using System.Text.Json.Nodes;

namespace NovaOrleans.Api;

/// <summary>What operators do beside networks: quotas, hosts, projects that end, and what there is.</summary>
[Collection("facade")]
public sealed class OperatorTests(Facade facade)
{
    private const string Quotas = "/v1.1/os-quota-sets/limited";

    [Fact]
    public async Task Quotas_are_read_set_and_reset_in_both_formats()
    {
        await facade.Send("POST", "/v1.1/projects", """{"id":"limited"}""");
        Answer usual = await facade.Send("GET", Quotas);
        Assert.Equal(
            """{"quota_set":{"id":"limited","floating_ips":10,"security_groups":10,"security_group_rules":20,"fixed_ips":-1,"networks":3}}""",
            usual.Text);
        Answer set = await facade.Send("PUT", Quotas, """{"quota_set":{"floating_ips":2,"fixed_ips":100}}""");
        Assert.Equal((200, 2), (set.Status, (int)set.Json["quota_set"]!["floating_ips"]!));
        Assert.Equal(200, (await facade.Send("PUT", Quotas + ".xml", "<quota_set networks=\"7\"/>")).Status);
        Answer xml = await facade.Send("GET", Quotas + ".xml", project: "limited");
        Assert.Equal(["limited", "2", "10", "20", "100", "7"], xml.Xml.Attributes().Select(a => a.Value));
        Assert.Equal(10, (int)(await facade.Send("GET", Quotas + "/defaults")).Json["quota_set"]!["floating_ips"]!);
        Assert.Equal(200, (await facade.Send("DELETE", Quotas)).Status);
        Assert.Equal(usual.Text, (await facade.Send("GET", Quotas)).Text);
    }

    [Theory]
    [InlineData("PUT", Quotas, """{"quota_set":{"floating_ips":-2}}""", 400)]
    [InlineData("PUT", Quotas, """{"quota_set":{"volumes":2}}""", 400)]
    [InlineData("PUT", "/v1.1/os-quota-sets/nobody", """{"quota_set":{"floating_ips":2}}""", 404)]
    [InlineData("GET", "/v1.1/os-quota-sets/nobody", null, 404)]
    public async Task A_quota_that_is_none_is_refused(string method, string path, string? body, int status)
    {
        await facade.Send("POST", "/v1.1/projects", """{"id":"limited"}""");
        Assert.Equal(status, (await facade.Send(method, path, body)).Status);
    }

    [Fact]
    public async Task A_project_does_not_read_anothers_quotas() =>
        Assert.Equal(404, (await facade.Send("GET", "/v1.1/os-quota-sets/red", project: "blue")).Status);

    [Fact]
    public async Task A_drained_host_is_not_chosen_and_a_live_one_not_forgotten()
    {
        await facade.Open("node8");
        const string host = "/v1.1/hosts/node8", launch = """{"server":{"name":"a","host":"node8"}}""";
        Assert.Equal(202, (await facade.Send("POST", host + "/action", """{"drain":{"reason":"a disk"}}""")).Status);
        JsonNode shown = (await facade.Send("GET", host)).Json["host"]!;
        Assert.Equal((true, "a disk"), ((bool)shown["drained"]!, (string?)shown["drain_reason"]));
        Answer refused = await facade.Send("POST", "/v1.1/servers", launch, "blue");
        Assert.Equal((409, "Host node8 is drained (a disk)."), (refused.Status, refused.Message));
        JsonNode process = (await facade.Send("GET", "/v1.1/os-services")).Json["services"]!.AsArray()
            .Single(s => (string?)s!["host"] == "node8")!;
        Assert.Equal(("AgentClient", "disabled", "up"), ((string?)process["binary"], (string?)process["status"], (string?)process["state"]));

        Assert.Equal(202, (await facade.Send("POST", host + "/action", "<undrain/>")).Status);
        Assert.Equal(202, (await facade.Send("POST", "/v1.1/servers", launch, "blue")).Status);
        Assert.Equal(409, (await facade.Send("DELETE", host)).Status);
        Assert.Equal(400, (await facade.Send("POST", host + "/action", """{"drain":null,"fence":null}""")).Status);
        Assert.Equal(404, (await facade.Send("DELETE", "/v1.1/hosts/nowhere")).Status);
    }

    [Fact]
    [Trait("seed", "S151"), Trait("seed", "S152")]
    public async Task A_plan_names_the_VNICs_that_would_keep_their_service_and_changes_nothing()
    {
        await facade.Send("POST", "/v1.1/projects", """{"id":"planner"}""");
        Answer made = await facade.Send("POST", "/v1.1/servers", """{"server":{"name":"a"}}""", "planner");
        string vnic = (string)made.Json["server"]!["vnics"]![0]!;
        const string service = "/v1.1/projects/planner/network_service";

        JsonNode plan = (await facade.Send("GET", service + "/plan?network_service=red")).Json["plan"]!;

        Assert.Equal(("test.net.blue", "test.net.red"), ((string?)plan["from"], (string?)plan["to"]));
        JsonNode kept = Assert.Single(plan["keeping"]!.AsArray())!;
        Assert.Equal((vnic, (string?)made.Json["server"]!["id"]), ((string?)kept["id"], (string?)kept["instance_id"]));
        Assert.Empty((await facade.Send("GET", service + "/plan?network_service=blue")).Json["plan"]!["keeping"]!.AsArray());
        Assert.Equal(400, (await facade.Send("GET", service + "/plan?network_service=rde")).Status);
        Assert.Equal(400, (await facade.Send("GET", service + "/plan")).Status);
        Assert.Null((await facade.Send("GET", service)).Json["project"]!["network_service"]);
    }

    [Fact]
    public async Task A_project_is_forgotten_when_it_has_nothing_and_starts_anew_when_it_is_made_again()
    {
        const string project = "/v1.1/projects/passing";
        await facade.Send("POST", "/v1.1/projects", """{"id":"passing","name":"first"}""");
        await facade.Send("PUT", project + "/network_service", """{"network_service":"red"}""");
        Answer card = await facade.Send("POST", "/v1.1/red/ethernet_cards", "{}", "passing");
        Assert.Equal(201, card.Status);
        Answer refused = await facade.Send("DELETE", project);
        Assert.Equal(409, refused.Status);
        Assert.StartsWith("Project 'passing' has 1 VNICs; ", refused.Message, StringComparison.Ordinal);
        Guid id = Guid.Parse((string)card.Json["ethernet_card"]!["id"]!);
        Assert.Null((await facade.Grains.GetGrain<NovaOrleans.Vnics.IVnicGrain>(id).Delete(null, "test")).Refusal);

        Assert.Equal(202, (await facade.Send("POST", project + "/action", """{"scrub":null}""")).Status);
        Assert.Equal(400, (await facade.Send("POST", project + "/action", """{"rub":null}""")).Status);
        Assert.Equal(204, (await facade.Send("DELETE", project)).Status);
        Assert.Equal(404, (await facade.Send("DELETE", project)).Status);
        Assert.DoesNotContain("passing", (await facade.Send("GET", "/v1.1/projects")).Text, StringComparison.Ordinal);

        await facade.Send("POST", "/v1.1/projects", """{"id":"passing"}""");
        JsonNode anew = (await facade.Send("GET", project)).Json["project"]!;
        Assert.Null(anew["name"]);
        Assert.Null(anew["network_service"]);
    }
}
