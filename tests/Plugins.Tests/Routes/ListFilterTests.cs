using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace NovaOrleans.Routes;

/// <summary>Lists of cards and ports that are narrowed by their query, of all three services, in JSON and in XML.</summary>
[Collection("built-in cloud")]
public sealed class ListFilterTests(BuiltInCloud cloud)
{
    public static TheoryData<string> Services { get; } = ["flat", "flat_dhcp", "vlan"];

    [Theory]
    [MemberData(nameof(Services))]
    [Trait("seed", "R9"), Trait("seed", "R13")]
    public async Task A_list_is_narrowed_by_fields_of_what_it_lists(string service)
    {
        string project = await cloud.Project(service);
        (string one, string other) = (await Network(service, project), await Network(service, project));
        string cards = $"{service}/ethernet_cards";
        Reply web = await Card(service, project, $$$"""{"ethernet_card":{"name":"a b&c","network_id":"{{{one}}}"}}""");
        Reply far = await Card(service, project, $$$"""{"ethernet_card":{"name":"a b&c","network_id":"{{{other}}}"}}""");
        await Card(service, project, """{"ethernet_card":{}}""");
        JsonObject port = web.Resource["ports"]![0]!.AsObject();

        Assert.Equal([web.Id, far.Id], await Ids($"{cards}?name=a%20b%26c", project));
        Assert.Equal([web.Id], await Ids($"{cards}?name=a%20b%26c&network_id={one}", project));
        Assert.Equal([far.Id], await Ids($"{cards}/detail?mac_address={far.Resource["mac_address"]}", project));
        Assert.Equal([web.Id], await Ids($"{cards}?network_id={one}&state=ACTIVE", project));
        Assert.Empty(await Ids($"{cards}?state=DOWN", project));
        Assert.Empty(await Ids($"{cards}?instance_id={web.Id}", project));
        XElement xml = (await cloud.Send($"GET {cards}?network_id={other}", project, accept: "application/xml")).Is(200).Xml;
        Assert.Equal([far.Id], xml.Elements("ethernet_card").Select(c => c.Attribute("id")!.Value));

        string ports = $"{service}/networks/{one}/ports";
        Assert.Equal([(string)port["id"]!], await Ids($"{ports}?attachment={web.Id}", project, "ports"));
        Assert.Equal([(string)port["id"]!], await Ids($"{ports}/detail?address={port["address"]}&state=ACTIVE", project, "ports"));
        Assert.Empty(await Ids($"{ports}?state=DOWN", project, "ports"));
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task The_next_page_is_of_the_same_list(string service)
    {
        string project = await cloud.Project(service);
        List<string> made = [];
        for (int i = 0; i < 3; i++)
        {
            made.Add((await Card(service, project, """{"ethernet_card":{"name":"a b&c"}}""")).Id);
            await Card(service, project, """{"ethernet_card":{"name":"a"}}""");
        }

        string page = $"{service}/ethernet_cards?name=a%20b%26c&limit=2";
        JsonObject first = (await cloud.Send($"GET {page}", project)).Is(200).Json;
        string next = (string)first["ethernet_cards_links"]![0]!["href"]!;
        Assert.Equal(made[..2], first["ethernet_cards"]!.AsArray().Select(c => (string)c!["id"]!));
        Assert.Equal(made[2..], await Ids($"{service}/ethernet_cards{new Uri(next).Query}", project));
    }

    [Theory]
    [InlineData("ethernet_cards?colour=red", "known are: host, instance_id, limit, mac_address, marker, name, network_id, state.")]
    [InlineData("ethernet_cards?Name=web", "Field 'Name' is not known here")]
    [InlineData("ethernet_cards?network_id=1", "Field 'network_id' was '1'; accepted is a UUID.")]
    [InlineData("ethernet_cards?mac_address=1", "Field 'mac_address' was '1'; accepted is six two-digit hexadecimal groups")]
    [InlineData("ethernet_cards?name=", "Field 'name' was ''; accepted is 1 to 255 printable characters")]
    [InlineData("ethernet_cards?name=a&name=b", "Field 'name' was a list; accepted is 1 to 255 printable characters")]
    [InlineData("ethernet_cards?state=UP", "Field 'state' was 'UP'; accepted is ACTIVE or DOWN.")]
    [InlineData("networks/{0}/ports?vnic=1", "known are: address, attachment, limit, marker, state.")]
    [InlineData("networks/{0}/ports?address=10.0.0", "Field 'address' was '10.0.0'; accepted is an IPv4 address")]
    public async Task A_filter_that_is_none_is_refused_and_told_what_there_is(string list, string why)
    {
        string project = await cloud.Project("flat");
        string path = $"flat/{list.Replace("{0}", await Network("flat", project), StringComparison.Ordinal)}";
        Reply refused = (await cloud.Send($"GET {path}", project)).Is(400);
        Assert.Contains(why, (string)refused.Resource["message"]!, StringComparison.Ordinal);
        XElement xml = (await cloud.Send($"GET {path}", project, accept: "application/xml")).Is(400).Xml;
        Assert.Contains(why, xml.Attribute("message")?.Value ?? xml.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_filter_is_in_the_document_and_every_wrong_one_is_told()
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json");
        JsonObject paths = (await cloud.Send(message)).Is(200).Json["paths"]!.AsObject();
        foreach (string list in (string[])["ethernet_cards", "ethernet_cards/detail", "networks/{id}/ports"])
        {
            string[] documented =
            [
                .. paths[$"/v1.1/vlan/{list}"]!["get"]!["parameters"]!.AsArray()
                    .Where(p => (string)p!["in"]! == "query").Select(p => (string)p!["name"]!).Order(StringComparer.Ordinal),
            ];
            string project = await cloud.Project("vlan");
            string path = list.Replace("{id}", await Network("vlan", project), StringComparison.Ordinal);
            Reply refused = (await cloud.Send($"GET vlan/{path}?a=1&b=2", project)).Is(400);
            Assert.Contains($"known are: {string.Join(", ", documented)}.", (string)refused.Resource["message"]!, StringComparison.Ordinal);
            Assert.Equal(2, refused.Resource["faults"]!.AsArray().Count);
        }
    }

    private async Task<List<string>> Ids(string path, string project, string list = "ethernet_cards") =>
        [.. (await cloud.Send($"GET {path}", project)).Is(200).Json[list]!.AsArray().Select(c => (string)c!["id"]!)];

    private async Task<string> Network(string service, string project) => (await cloud.Send(
        $"POST {service}/networks", project, $$$"""{"network":{"cidr":"{{{cloud.FreshCidr()}}}"}}""")).Is(201).Id;

    private async Task<Reply> Card(string service, string project, string body) =>
        (await cloud.Send($"POST {service}/ethernet_cards", project, body)).Is(201);
}
