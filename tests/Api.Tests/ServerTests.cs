using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace NovaOrleans.Api;

/// <summary>
/// Launching and deleting instances over the wire (S80 to S84), on the real instance and VNIC grains.
/// </summary>
[Collection("facade")]
public sealed class ServerTests(Facade facade)
{
    private const string Servers = "/v1.1/servers";

    [Fact]
    [Trait("seed", "S13"), Trait("seed", "S64"), Trait("seed", "S81")]
    public async Task The_new_form_launches_with_the_vnics_given()
    {
        string[] vnics = [await Card(), await Card()];
        Answer made = await Launch($$$"""
            {"server": {"name": "web", "vnics": ["{{{vnics[1]}}}", "{{{vnics[0]}}}"],
                        "host": "node1", "imageRef": "7", "metadata": {"my key": "v"} } }
            """);
        Assert.Equal(202, made.Status);
        JsonNode server = made.Json["server"]!;
        Assert.Equal(["id", "name", "status", "tenant_id", "hostId", "host", "network_service", "created", "updated", "image",
            "metadata", "vnics", "security_groups", "addresses", "links"], server.AsObject().Select(m => m.Key));
        Assert.Equal((string[])[vnics[1], vnics[0]], server["vnics"]!.AsArray().Select(v => (string?)v));
        Assert.Equal(
            ("node1", "7", "v"),
            ((string?)server["host"], (string?)server["image"]!["id"], (string?)server["metadata"]!["my key"]));
        Assert.Equal(new Uri(facade.Address, $"{Servers}/{server["id"]}").ToString(), made.Location);

        Answer xml = await facade.Send("GET", $"{Servers}/{server["id"]}.xml", project: "blue");
        Assert.Equal("web", xml.Xml.Attribute("name")?.Value);
        Assert.Equal((string[])[vnics[1], vnics[0]], xml.Xml.Element("vnics")!.Elements("vnic").Select(v => v.Value));
        XElement meta = Assert.Single(xml.Xml.Element("metadata")!.Elements("meta"));
        Assert.Equal(("my key", "v"), (meta.Attribute("key")?.Value, meta.Value));
    }

    [Fact]
    [Trait("seed", "S80")]
    public async Task A_list_of_lists_launches_one_instance_for_each()
    {
        string[] vnics = [await Card(), await Card(), await Card()];
        string lists = $"""[["{vnics[0]}","{vnics[1]}"],["{vnics[2]}"]]""";
        Answer wrong = await Launch($$$"""{"server":{"name":"w","min_count":3,"vnics":{{{lists}}}}}""");
        Assert.Equal(400, wrong.Status);
        Assert.Contains("lists for 2 instances and 3 are asked for", wrong.Message, StringComparison.Ordinal);
        Answer made = await Launch($$$"""{"server":{"name":"w","min_count":2,"vnics":{{{lists}}}}}""");
        JsonArray servers = made.Json["servers"]!.AsArray();
        Assert.Equal(["w-1", "w-2"], servers.Select(s => (string?)s!["name"]));
        Assert.Equal([2, 1], servers.Select(s => s!["vnics"]!.AsArray().Count));
    }

    [Fact]
    [Trait("seed", "S60"), Trait("seed", "S80")]
    public async Task Xml_launches_too_with_one_vnic_and_with_lists_of_them()
    {
        string one = await Card();
        Answer made = await Launch($"""
            <server xmlns="http://docs.openstack.org/compute/api/v1.1" name="x">
              <vnics><vnic>{one}</vnic></vnics>
              <metadata><meta key="a b">c</meta></metadata>
            </server>
            """);
        Assert.Equal((202, one), (made.Status, made.Xml.Element("vnics")?.Value));
        Assert.Equal("c", made.Xml.Element("metadata")?.Value);
        string[] more = [await Card(), await Card()];
        Answer two = await Launch($"""
            <server name="y">
              <vnics><vnics><vnic>{more[0]}</vnic></vnics><vnics><vnic>{more[1]}</vnic></vnics></vnics>
            </server>
            """);
        Assert.Equal(more, two.Xml.Elements("server").Select(s => s.Element("vnics")?.Value));
    }

    [Fact]
    [Trait("seed", "S84"), Trait("seed", "S118"), Trait("seed", "S122")]
    public async Task The_legacy_form_gets_exactly_one_new_vnic()
    {
        Answer made = await Launch(
            """{"server":{"name":"old","flavorRef":"http://h/flavors/1","personality":[],"OS-DCF:diskConfig":"AUTO"}}""");
        Assert.Equal(202, made.Status);
        Assert.Single(made.Json["server"]!["vnics"]!.AsArray());
        Answer several = await Launch("""{"server":{"name":"old","count":2}}""");
        Assert.Equal([1, 1], several.Json["servers"]!.AsArray().Select(s => s!["vnics"]!.AsArray().Count));
    }

    [Theory]
    [InlineData("""{"server":{"name":"a","vnics":[]}}""", "server.vnics", "or leave the field out")]
    [InlineData("""{"server":{"name":"a","vnics":[[]]}}""", "server.vnics", "no VNIC for an instance")]
    [InlineData("""{"server":{"name":"a","vnics":null}}""", "server.vnics", "no VNIC for an instance")]
    [InlineData("""{"server":{"name":"a","vnics":["x"]}}""", "server.vnics[0]", "no UUID")]
    [InlineData("""{"server":{"name":"a","vnics":"x"}}""", "server.vnics", "a list")]
    [InlineData("""{"server":{"name":"a","networks":[]}}""", "server.networks", "names none")]
    [InlineData("""{"server":{"vnic":[]}}""", "server.name", "missing")]
    [InlineData("""{"server":{"name":"a","count":0}}""", "server.count", "from 1 to 256")]
    [InlineData("""{"server":{"name":"a","count":2,"min_count":3}}""", "server.count", "differ")]
    [InlineData("""{"server":{"name":"a","availability_zone":"mars"}}""", "server.availability_zone", "nova:HOST")]
    [InlineData("""{"server":{"name":"a","host":"n1","availability_zone":"nova:n2"}}""", "server.host", "give one of them")]
    [InlineData("""{"server":{"name":"a","metadata":{"k":"a\nb"}}}""", "server.metadata.k", "printable")]
    [Trait("seed", "S82")]
    public async Task A_wrong_launch_is_400_and_names_the_field(string body, string field, string sentence)
    {
        long before = await Cards();
        Answer answer = await Launch(body);
        Assert.Equal(400, answer.Status);
        Assert.Contains(answer.Fault["faults"]!.AsArray(), f => (string?)f!["field"] == field
            && ((string)f["message"]!).Contains(sentence, StringComparison.Ordinal));
        Assert.Equal(before, await Cards());
    }

    [Fact]
    [Trait("seed", "S83")]
    public async Task Vnics_that_are_not_there_or_taken_are_refused_and_nothing_is_made()
    {
        string taken = await Card();
        Assert.Equal(202, (await Launch($$$"""{"server":{"name":"first","vnics":["{{{taken}}}"]}}""")).Status);
        string foreign = (string)(await facade.Send("POST", "/v1.1/red/ethernet_cards", "{}", "red")).Json["ethernet_card"]!["id"]!;
        string free = await Card();
        foreach ((string bad, int status) in ((string, int)[])[(Guid.NewGuid().ToString(), 404), (foreign, 404), (taken, 409)])
        {
            Answer answer = await Launch($$$"""{"server":{"name":"b","vnics":[["{{{free}}}"],["{{{bad}}}"]]}}""");
            Assert.Equal(status, answer.Status);
        }

        Answer twice = await Launch($$$"""{"server":{"name":"b","vnics":["{{{free}}}","{{{free}}}"]}}""");
        Assert.Equal(400, twice.Status);
        Assert.Equal(202, (await Launch($$$"""{"server":{"name":"b","vnics":["{{{free}}}"]}}""")).Status);
    }

    [Fact]
    [Trait("seed", "S123")]
    public async Task A_legacy_launch_that_no_host_takes_leaves_no_card()
    {
        long before = await Cards();
        Answer answer = await Launch("""{"server":{"name":"a","host":"node9"}}""");
        Assert.Equal((409, "noHostAvailable"), (answer.Status, answer.Json.Single().Key));
        Assert.Equal(before, await Cards());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_launch_repeated_under_its_key_is_the_first_one(bool legacy)
    {
        (string, string) key = ("Idempotency-Key", $"launch-{legacy}");
        string body = legacy ? """{"server":{"name":"k"}}""" : $$$"""{"server":{"name":"k","vnics":["{{{await Card()}}}"]}}""";
        Answer first = await facade.Send("POST", Servers, body, "blue", key);
        long cards = await Cards();
        Answer again = await facade.Send("POST", Servers, body, "blue", key);
        Assert.Equal((202, 202), (first.Status, again.Status));
        Assert.Equal((string?)first.Json["server"]!["id"], (string?)again.Json["server"]!["id"]);
        Assert.Equal(first.Json["server"]!["vnics"]!.ToJsonString(), again.Json["server"]!["vnics"]!.ToJsonString());
        Answer other = await facade.Send("POST", Servers, """{"server":{"name":"other"}}""", "blue", key);
        Assert.Equal((409, "keyReused"), (other.Status, other.Json.Single().Key));
        Assert.Equal(cards, await Cards());
    }

    [Fact]
    public async Task Another_projects_instance_is_unknown_and_an_admin_without_project_sees_it()
    {
        string id = (string)(await Launch("""{"server":{"name":"mine"}}""")).Json["server"]!["id"]!;
        Assert.Equal(404, (await facade.Send("GET", $"{Servers}/{id}", project: "red")).Status);
        Assert.Equal(404, (await facade.Send("DELETE", $"{Servers}/{id}", project: "red")).Status);
        Assert.Equal(200, (await facade.Send("GET", $"{Servers}/{id}")).Status);
        Assert.Equal(404, (await facade.Send("GET", $"{Servers}/no-uuid", project: "blue")).Status);
        Assert.Equal(204, (await facade.Send("DELETE", $"{Servers}/{id}", project: "blue")).Status);
    }

    [Fact]
    [Trait("seed", "S154")]
    public async Task Lists_come_in_pages_with_a_link_to_the_next()
    {
        await Launch("""{"server":{"name":"p","count":3}}""");
        var seen = new HashSet<string>();
        string? next = $"{Servers}?limit=2";
        while (next is not null)
        {
            Answer page = await facade.Send("GET", next, project: "blue");
            JsonArray servers = page.Json["servers"]!.AsArray();
            Assert.All(servers, s => Assert.True(seen.Add((string)s!["id"]!)));
            next = (string?)page.Json["servers_links"]?[0]!["href"];
        }

        Answer all = await facade.Send("GET", $"{Servers}/detail", project: "blue");
        Assert.Superset(seen, all.Json["servers"]!.AsArray().Select(s => (string)s!["id"]!).ToHashSet());
        Assert.True(seen.Count >= 3);
        Assert.Equal(400, (await facade.Send("GET", $"{Servers}?limit=0", project: "blue")).Status);
        Assert.Equal(400, (await facade.Send("GET", $"{Servers}?marker=x", project: "blue")).Status);
    }

    private Task<Answer> Launch(string body) => facade.Send("POST", Servers, body, "blue");

    private async Task<string> Card() =>
        (string)(await facade.Send("POST", "/v1.1/blue/ethernet_cards", "{}", "blue")).Json["ethernet_card"]!["id"]!;

    private async Task<long> Cards() => (long)(await facade.Send("GET", "/audit")).Json["audit"]!["vnics"]!;
}
