using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace NovaOrleans.Routes;

/// <summary>Flat, flat_dhcp and vlan have the same routes (seed S58): each of these runs against all three.</summary>
[Collection("built-in cloud")]
public sealed class SharedRouteTests(BuiltInCloud cloud)
{
    public static TheoryData<string> Services { get; } = ["flat", "flat_dhcp", "vlan"];

    [Theory]
    [MemberData(nameof(Services))]
    [Trait("seed", "S22"), Trait("seed", "S58"), Trait("seed", "R2"), Trait("seed", "R3"), Trait("seed", "R4")]
    [Trait("seed", "R5"), Trait("seed", "R6"), Trait("seed", "R7")]
    public async Task A_network_lives_from_create_to_delete(string service)
    {
        string project = await cloud.Project(service);
        string cidr = cloud.FreshCidr();
        Reply made = await Create(service, project, $$$"""{"network":{"label":"blue","cidr":"{{{cidr}}}"}}""");
        string network = $"{service}/networks/{made.Id}";
        Assert.Equal((cidr, project, "blue"), (Text(made, "cidr"), Text(made, "project_id"), Text(made, "label")));
        Assert.Equal([made.Id], await Own(service, project, "id"));
        Assert.Equal(made.Id, (await cloud.Send($"GET {network}", project)).Is(200).Id);
        Reply changed = (await cloud.Send(
            $"PUT {network}", project, """{"network":{"name":"red","dns1":"9.9.9.9","quarantine_seconds":0}}""")).Is(200);
        Assert.Equal(("red", "9.9.9.9"), (Text(changed, "label"), Text(changed, "dns1")));
        Assert.Equal(0, (int)changed.Resource["quarantine_seconds"]!);
        (await cloud.Send($"PUT {network}", project, """{"network":{"cidr":"10.9.9.0/24"}}""")).Is(400);
        (await cloud.Send($"DELETE {network}", project)).Is(204);
        (await cloud.Send($"GET {network}", project)).Is(404);
        Assert.Empty(await Own(service, project, "id"));
    }

    [Theory]
    [MemberData(nameof(Services))]
    [Trait("seed", "S24"), Trait("seed", "S37"), Trait("seed", "S58"), Trait("seed", "S79")]
    [Trait("seed", "S138"), Trait("seed", "R7"), Trait("seed", "R10"), Trait("seed", "R11")]
    public async Task A_card_is_made_with_its_port_and_address_at_once(string service)
    {
        string project = await cloud.Project(service);
        Reply network = await Create(service, project);
        Reply card = (await cloud.Send(
            $"POST {service}/ethernet_cards", project,
            $$$"""{"ethernet_card":{"name":"eth0","network_id":"{{{network.Id}}}"}}""")).Is(201);
        JsonObject port = Assert.Single(card.Resource["ports"]!.AsArray())!.AsObject();
        Assert.Equal((network.Id, "ACTIVE"), ((string)port["network_id"]!, (string)port["state"]!));
        Assert.StartsWith("02:", Text(card, "mac_address"), StringComparison.Ordinal);
        JsonObject info = (await cloud.Send($"GET {service}/ethernet_cards/{card.Id}", project)).Is(200)
            .Resource["network_info"]!.AsObject();
        Assert.Equal(13, info.Count);
        Assert.Equal((string)port["address"]!, (string)info["ip_address"]!);
        Assert.Equal(Text(card, "mac_address"), (string)info["mac_address"]!);
        (await cloud.Send($"DELETE {service}/networks/{network.Id}", project)).Is(409);
        (await cloud.Send($"DELETE {service}/ethernet_cards/{card.Id}", project)).Is(204);
        (await cloud.Send($"GET {service}/ethernet_cards/{card.Id}", project)).Is(404);
        (await cloud.Send($"DELETE {service}/networks/{network.Id}", project)).Is(204);
    }

    [Theory]
    [MemberData(nameof(Services))]
    [Trait("seed", "S23"), Trait("seed", "S36"), Trait("seed", "S58"), Trait("seed", "R13")]
    [Trait("seed", "R14"), Trait("seed", "R15"), Trait("seed", "R17"), Trait("seed", "R18")]
    [Trait("seed", "R19"), Trait("seed", "R20")]
    public async Task A_card_is_plugged_into_a_port_and_unplugged(string service)
    {
        string project = await cloud.Project(service);
        Reply network = await Create(service, project);
        string ports = $"{service}/networks/{network.Id}/ports";
        string asked = Text(network, "cidr").Replace(".0/24", ".77", StringComparison.Ordinal);
        Reply port = (await cloud.Send($"POST {ports}", project, $$$"""{"port":{"address":"{{{asked}}}"}}""")).Is(201);
        Assert.Equal((asked, "allocated"), (Text(port, "address"), Text(port, "phase")));
        string attachment = $"{ports}/{port.Id}/attachment";
        Assert.Equal("{}", (await cloud.Send($"GET {attachment}", project)).Is(200).Text);
        Reply[] cards = [await Card(service, project), await Card(service, project)];
        for (int i = 0; i < 2; i++)
        {
            // The same VNIC in the same port again is done already (rows R19).
            (await cloud.Send($"PUT {attachment}", project, $$$"""{"attachment":{"id":"{{{cards[0].Id}}}"}}""")).Is(204);
        }

        (await cloud.Send($"PUT {attachment}", project, $$$"""{"attachment":{"id":"{{{cards[1].Id}}}"}}""")).Is(409);
        Assert.Equal(cards[0].Id, (await cloud.Send($"GET {attachment}", project)).Is(200).Id);
        (await cloud.Send($"DELETE {ports}/{port.Id}", project)).Is(409);
        (await cloud.Send($"DELETE {attachment}", project)).Is(204);
        (await cloud.Send($"DELETE {ports}/{port.Id}", project)).Is(204);
        (await cloud.Send($"GET {ports}/{port.Id}", project)).Is(404);
        (await cloud.Send($"GET {ports}/detail", project)).Is(200);
    }

    [Theory]
    [MemberData(nameof(Services))]
    [Trait("seed", "R4"), Trait("seed", "S154")]
    public async Task Several_networks_are_made_at_once_or_none(string service)
    {
        string project = await cloud.Project(service);
        string cidr = cloud.FreshCidr();
        string body = $$$"""{"network":{"label":"n","cidr":"{{{cidr}}}","num_networks":4,"network_size":64}}""";
        Reply made = (await cloud.Send($"POST {service}/networks", project, body)).Is(201);
        Assert.Equal(["n_1", "n_2", "n_3", "n_4"], made.Json["networks"]!.AsArray().Select(n => (string)n!["label"]!));
        string wide = cidr.Replace(".0.0/24", ".0.0/16", StringComparison.Ordinal);
        (await cloud.Send($"POST {service}/networks", project, $$$"""{"network":{"cidr":"{{{wide}}}","num_networks":3}}""")).Is(409);
        Assert.Equal(["n_1", "n_2", "n_3", "n_4"], await Own(service, project, "label"));
    }

    [Theory]
    [MemberData(nameof(Services))]
    [Trait("seed", "R12")]
    public async Task A_card_just_made_is_deleted_by_its_project_once_with_what_was_plugged_in_since(string service)
    {
        (string project, string other) = (await cloud.Project(service), await cloud.Project(service));
        Reply first = await Create(service, project), second = await Create(service, project);
        string card = $"{service}/ethernet_cards/{(await Plugged(first.Id)).Id}", two = (await Plugged(first.Id)).Id;
        Reply port = (await cloud.Send($"POST {service}/networks/{second.Id}/ports", project, """{"port":{}}""")).Is(201);
        (await cloud.Send(
            $"PUT {service}/networks/{second.Id}/ports/{port.Id}/attachment", project, $$$"""{"attachment":{"id":"{{{two}}}"}}""")).Is(204);

        (await cloud.Send($"DELETE {card}", other)).Is(404);
        (await cloud.Send($"DELETE {card}", project)).Is(204);
        (await cloud.Send($"DELETE {card}", project)).Is(404);
        (await cloud.Send($"DELETE {service}/ethernet_cards/{two}", project)).Is(204);
        (await cloud.Send($"GET {service}/networks/{second.Id}/ports/{port.Id}", project)).Is(404);
        foreach (Reply network in (Reply[])[first, second])
        {
            (await cloud.Send($"DELETE {service}/networks/{network.Id}", project)).Is(204);
        }

        async Task<Reply> Plugged(string network) => (await cloud.Send(
            $"POST {service}/ethernet_cards", project, $$$"""{"ethernet_card":{"network_id":"{{{network}}}"}}""")).Is(201);
    }

    [Theory]
    [MemberData(nameof(Services))]
    [Trait("seed", "R2")]
    public async Task Another_projects_objects_are_not_there(string service)
    {
        string mine = await cloud.Project(service);
        string theirs = await cloud.Project(service);
        Reply network = await Create(service, theirs);
        Reply card = await Card(service, theirs);
        (await cloud.Send($"GET {service}/networks/{network.Id}", mine)).Is(404);
        (await cloud.Send($"DELETE {service}/networks/{network.Id}", mine)).Is(404);
        (await cloud.Send($"GET {service}/networks/{network.Id}/ports", mine)).Is(404);
        (await cloud.Send($"GET {service}/ethernet_cards/{card.Id}", mine)).Is(404);
        (await cloud.Send($"DELETE {service}/ethernet_cards/{card.Id}", mine)).Is(404);
        (await cloud.Send(
            $"POST {service}/ethernet_cards", mine, $$$"""{"ethernet_card":{"network_id":"{{{network.Id}}}"}}""")).Is(404);
    }

    [Theory]
    [MemberData(nameof(Services))]
    [Trait("seed", "S58"), Trait("seed", "R14"), Trait("seed", "R23")]
    public async Task An_address_can_be_asked_for_and_reserved_and_a_full_pool_says_so(string service)
    {
        string project = await cloud.Project(service);
        string prefix = cloud.FreshCidr().Replace("0/24", "", StringComparison.Ordinal);
        Reply network = await Create(
            service, project,
            $$$"""{"network":{"cidr":"{{{prefix}}}0/24","allowed_start":"{{{prefix}}}10","allowed_end":"{{{prefix}}}11"}}""");
        string cards = $"POST {service}/ethernet_cards";
        string any = $$$"""{"ethernet_card":{"network_id":"{{{network.Id}}}"}}""";
        string asked = $$$"""{"ethernet_card":{"network_id":"{{{network.Id}}}","fixed_ip":"{{{prefix}}}11"}}""";
        (await cloud.Send($"POST {service}/fixed_ips/{prefix}11/action", project, """{"reserve":null}""")).Is(202);
        (await cloud.Send(cards, project, asked)).Is(409);
        (await cloud.Send($"POST {service}/fixed_ips/{prefix}11/action", project, """{"unreserve":null}""")).Is(202);
        (await cloud.Send(cards, project, asked)).Is(201);
        Reply shown = (await cloud.Send($"GET {service}/fixed_ips/{prefix}11", project)).Is(200);
        Assert.Equal($"{prefix}0/24", Text(shown, "cidr"));
        Assert.NotNull(shown.Resource["ethernet_card_id"]);
        (await cloud.Send(cards, project, any, key: "once")).Is(201);
        Reply again = (await cloud.Send(cards, project, any, key: "once")).Is(201);
        Assert.Equal($"{prefix}10", (string)again.Resource["ports"]![0]!["address"]!);
        Reply full = (await cloud.Send(cards, project, any)).Is(409);
        Assert.Contains("\"size\"", full.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task Many_cards_are_made_by_one_request_or_none(string service)
    {
        string project = await cloud.Project(service);
        (string network, string other) = ((await Create(service, project)).Id, (await Create(service, project)).Id);
        string cards = $"POST {service}/ethernet_cards";
        string Item(string id) => $$$"""{"network_id":"{{{id}}}"}""";
        Reply made = (await cloud.Send(
            cards, project, $$$"""{"ethernet_cards":[{{{string.Join(',', Enumerable.Repeat(Item(network), 20))}}}]}""", key: "bulk")).Is(201);
        Assert.Equal(20, made.Json["ethernet_cards"]!.AsArray().Select(c => (string)c!["ports"]![0]!["address"]!).Distinct().Count());
        XElement xml = (await cloud.Send(
            cards, project,
            $"<ethernet_cards><ethernet_card network_id=\"{network}\"/><ethernet_card network_id=\"{network}\" name=\"b\"/></ethernet_cards>",
            accept: "application/xml")).Is(201).Xml;
        Assert.Equal([null, "b"], xml.Elements().Select(e => e.Attribute("name")?.Value));

        (await cloud.Send(cards, project, $$$"""{"ethernet_cards":[{{{Item(network)}}},{{{Item(other)}}}]}""")).Is(400);
        (await cloud.Send(cards, project, """{"ethernet_cards":[]}""")).Is(400);
        (await cloud.Send(cards, project, """{"ethernet_cards":[{"name":"x"}]}""")).Is(400);
        string tooMany = string.Join(',', Enumerable.Repeat(Item(network), 300));
        (await cloud.Send(cards, project, $$$"""{"ethernet_cards":[{{{tooMany}}}]}""")).Is(409);
        Assert.Equal(22, (await cloud.Send($"GET {service}/ethernet_cards", project)).Is(200).Json["ethernet_cards"]!.AsArray().Count);
    }

    private static string Text(Reply reply, string field) => (string)reply.Resource[field]!;

    /// <summary>A field of each of the project's own networks, in order, read three at a time along the links.</summary>
    private async Task<List<string>> Own(string service, string project, string field)
    {
        var values = new List<string>();
        string? query = "?limit=3";
        while (query is not null)
        {
            JsonObject page = (await cloud.Send($"GET {service}/networks/detail{query}", project)).Is(200).Json;
            Assert.InRange(page["networks"]!.AsArray().Count, 0, 3);
            values.AddRange(page["networks"]!.AsArray()
                .Where(n => (string?)n!["project_id"] == project).Select(n => (string)n![field]!));
            query = (string?)page["networks_links"]?[0]?["href"] is { } next ? new Uri(next).Query : null;
        }

        return values;
    }

    private async Task<Reply> Create(string service, string project, string? body = null) => (await cloud.Send(
        $"POST {service}/networks", project, body ?? $$$"""{"network":{"cidr":"{{{cloud.FreshCidr()}}}"}}""")).Is(201);

    private async Task<Reply> Card(string service, string project) =>
        (await cloud.Send($"POST {service}/ethernet_cards", project, """{"ethernet_card":{}}""")).Is(201);
}
