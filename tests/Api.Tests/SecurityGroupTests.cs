using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace NovaOrleans.Api;

/// <summary>nova's os-security-groups over the wire, in both formats, and what a launch makes of them.</summary>
[Collection("facade")]
public sealed class SecurityGroupTests(Facade facade)
{
    private const string Groups = "/v1.1/os-security-groups";
    private const string Rules = "/v1.1/os-security-group-rules";

    [Fact]
    public async Task A_group_and_its_rules_are_made_shown_and_deleted_in_json()
    {
        JsonNode group = await Make("json");
        Assert.Equal(
            ["id", "uuid", "name", "description", "tenant_id", "rules"], group.AsObject().Select(m => m.Key));
        long number = (long)group["id"]!;
        Answer added = await facade.Send("POST", Rules, $$$"""
            {"security_group_rule": {"parent_group_id": {{{number}}}, "ip_protocol": "TCP", "from_port": "80", "to_port": 81,
                                     "cidr": "10.1.2.3/8"}}
            """, "blue");
        JsonNode rule = added.Json["security_group_rule"]!;
        Assert.Equal(200, added.Status);
        Assert.Equal(
            ("tcp", 80, 81, "10.0.0.0/8", number),
            ((string?)rule["ip_protocol"], (int)rule["from_port"]!, (int)rule["to_port"]!, (string?)rule["ip_range"]!["cidr"],
                (long)rule["parent_group_id"]!));
        Assert.Empty(rule["group"]!.AsObject());

        // By number and by UUID.
        foreach (string id in new[] { $"{number}", (string)group["uuid"]! })
        {
            Answer shown = await facade.Send("GET", $"{Groups}/{id}", project: "blue");
            Assert.Equal((long)rule["id"]!, (long)shown.Json["security_group"]!["rules"]!.AsArray().Single()!["id"]!);
        }

        Assert.Equal(404, (await facade.Send("GET", $"{Groups}/{number}", project: "red")).Status);
        Assert.Equal(202, (await facade.Send("DELETE", $"{Rules}/{rule["id"]}", project: "blue")).Status);
        Assert.Equal(404, (await facade.Send("DELETE", $"{Rules}/{rule["uuid"]}", project: "blue")).Status);
        Answer renamed = await facade.Send(
            "PUT", $"{Groups}/{number}", """{"security_group": {"name": "json-2", "description": ""}}""", "blue");
        Assert.Equal("json-2", (string?)renamed.Json["security_group"]!["name"]);
        Assert.Equal(202, (await facade.Send("DELETE", $"{Groups}/{group["uuid"]}", project: "blue")).Status);
        Assert.Equal(404, (await facade.Send("GET", $"{Groups}/{number}", project: "blue")).Status);
    }

    [Fact]
    public async Task So_it_is_in_xml()
    {
        Answer made = await facade.Send("POST", $"{Groups}.xml", """
            <security_group xmlns="http://docs.openstack.org/compute/api/v1.1" name="xml"><description>of xml</description></security_group>
            """, "blue");
        string id = made.Xml.Attribute("id")!.Value;
        Assert.Equal(("security_group", "xml", "of xml"), (made.Xml.Name.LocalName, made.Xml.Attribute("name")?.Value, made.Xml.Attribute("description")?.Value));
        Answer added = await facade.Send("POST", $"{Rules}.xml", $"""
            <security_group_rule><parent_group_id>{id}</parent_group_id><ip_protocol>icmp</ip_protocol>
              <from_port>8</from_port><to_port>-1</to_port><group_id>{id}</group_id></security_group_rule>
            """, "blue");
        Assert.Equal(200, added.Status);
        Answer list = await facade.Send("GET", $"{Groups}.xml", project: "blue");
        XElement own = list.Xml.Elements("security_group").Single(g => g.Attribute("name")?.Value == "xml");
        XElement rule = own.Element("rules")!.Elements("rule").Single();
        Assert.Equal(
            ("icmp", "8", "-1", "xml"),
            (rule.Attribute("ip_protocol")?.Value, rule.Attribute("from_port")?.Value, rule.Attribute("to_port")?.Value,
                rule.Element("group")?.Attribute("name")?.Value));
        Assert.Equal(202, (await facade.Send("DELETE", $"{Groups}/{id}", project: "blue")).Status);
    }

    [Fact]
    public async Task What_is_wrong_is_said_with_its_field()
    {
        JsonNode group = await Make("wrong");
        Answer rule = await facade.Send("POST", Rules, $$$"""
            {"security_group_rule": {"parent_group_id": "{{{group["uuid"]}}}", "ip_protocol": "gre", "from_port": 70000, "extra": 1}}
            """, "blue");
        Assert.Equal(400, rule.Status);
        Assert.Equal(
            ["security_group_rule.ip_protocol", "security_group_rule.from_port", "security_group_rule.extra"],
            rule.Fault["faults"]!.AsArray().Select(f => (string?)f!["field"]));
        Answer ports = await facade.Send("POST", Rules, $$$"""
            {"security_group_rule": {"parent_group_id": {{{group["id"]}}}, "ip_protocol": "tcp", "from_port": 80, "to_port": 79}}
            """, "blue");
        Assert.Equal((400, "MalformedRequest"), (ports.Status, (string?)ports.Fault["reason"]));
        Assert.Equal(409, (await facade.Send("POST", Groups, """{"security_group": {"name": "wrong"}}""", "blue")).Status);
        Assert.Equal(404, (await facade.Send("GET", Groups, project: "nobody")).Status);
        Assert.Equal(404, (await facade.Send(
            "POST", Rules, """{"security_group_rule": {"parent_group_id": 987654, "cidr": "0.0.0.0/0"}}""", "blue")).Status);
    }

    [Fact]
    public async Task A_launch_names_its_groups_and_joins_and_leaves_others()
    {
        await Make("front");
        await Make("back");
        Answer plain = await facade.Send("POST", "/v1.1/servers", """{"server": {"name": "plain"}}""", "blue");
        Assert.Equal(["default"], GroupsOf(plain.Json["server"]!));
        Answer made = await facade.Send("POST", "/v1.1/servers", """
            <server name="grouped"><security_groups><security_group name="front"/><security_group name="back"/></security_groups></server>
            """, "blue");
        Assert.Equal(202, made.Status);
        string id = made.Xml.Attribute("id")!.Value;
        Assert.Equal(["front", "back"], made.Xml.Element("security_groups")!.Elements("security_group").Select(g => g.Attribute("name")?.Value));

        Assert.Equal(202, (await Act(id, """{"addSecurityGroup": {"name": "default"}}""")).Status);
        Assert.Equal(202, (await Act(id, """<removeSecurityGroup name="front"/>""")).Status);
        Answer groups = await facade.Send("GET", $"/v1.1/servers/{id}/os-security-groups", project: "blue");
        Assert.Equal(["back", "default"], groups.Json["security_groups"]!.AsArray().Select(g => (string?)g!["name"]));
        Assert.Equal(["back", "default"], GroupsOf((await facade.Send("GET", $"/v1.1/servers/{id}", project: "blue")).Json["server"]!));

        Assert.Equal(404, (await Act(id, """{"addSecurityGroup": {"name": "nope"}}""")).Status);
        Assert.Equal(400, (await Act(id, """{"levitate": {}}""")).Status);
        Answer used = await facade.Send("DELETE", $"{Groups}/{groups.Json["security_groups"]![0]!["id"]}", project: "blue");
        Assert.Equal((409, "SecurityGroupInUse"), (used.Status, (string?)used.Fault["reason"]));
        Answer unknown = await facade.Send(
            "POST", "/v1.1/servers", """{"server": {"name": "x", "security_groups": [{"name": "nope"}]}}""", "blue");
        Assert.Equal((404, "nope"), (unknown.Status, (string?)unknown.Fault["subject"]));
    }

    [Fact]
    public async Task Prefixes_are_blocked_by_the_administrator()
    {
        const string path = "/v1.1/blocked_prefixes";
        Answer made = await facade.Send("POST", path, """{"blocked_prefix": {"cidr": "198.51.100.77/24"}}""");
        Assert.Equal((201, "198.51.100.0/24"), (made.Status, (string?)made.Json["blocked_prefix"]!["cidr"]));
        Answer list = await facade.Send("GET", $"{path}.xml");
        Assert.Contains("198.51.100.0/24", list.Xml.Elements("blocked_prefix").Select(p => p.Attribute("cidr")?.Value));
        Assert.Equal(204, (await facade.Send("DELETE", $"{path}/{made.Json["blocked_prefix"]!["id"]}")).Status);
        Assert.Equal(204, (await facade.Send("DELETE", $"{path}/{made.Json["blocked_prefix"]!["id"]}")).Status);
        Assert.Equal(400, (await facade.Send("POST", path, """{"blocked_prefix": {"cidr": "all"}}""")).Status);
    }

    private async Task<JsonNode> Make(string name)
    {
        Answer made = await facade.Send(
            "POST", Groups, $$$"""{"security_group": {"name": "{{{name}}}", "description": "d"}}""", "blue");
        Assert.Equal(200, made.Status);
        return made.Json["security_group"]!;
    }

    private Task<Answer> Act(string id, string body) => facade.Send("POST", $"/v1.1/servers/{id}/action", body, "blue");

    private static IEnumerable<string?> GroupsOf(JsonNode server) =>
        server["security_groups"]!.AsArray().Select(g => (string?)g!["name"]);
}
