namespace NovaOrleans.Routes;

/// <summary>What changes of a running server's addresses and ports over HTTP (R16, S155; nova behaviour 19).</summary>
[Collection("built-in cloud")]
public sealed class FixedIpActionTests(BuiltInCloud cloud)
{
    [Fact]
    [Trait("seed", "S155")]
    public async Task A_server_gets_a_further_address_and_gives_it_up()
    {
        string project = await cloud.Project("flat_dhcp");
        await cloud.OpenHost("further");
        (string network, string card) = await Card(project);
        Reply server = (await cloud.Send(
            "POST servers", project, $$$"""{"server":{"name":"web","vnics":["{{{card}}}"],"host":"further"}}""")).Is(202);
        string action = $"POST servers/{server.Id}/action";
        string add = $$$"""{"addFixedIp":{"networkId":"{{{network}}}"}}""";
        (await cloud.Send(action, project, add, key: "one-more")).Is(202);
        (await cloud.Send(action, project, add, key: "one-more")).Is(202);
        string[] addresses = await Addresses(project, card);
        Assert.Equal(2, addresses.Length);

        (await cloud.Send(action, project, """{"addFixedIp":{"networkId":"0197a1c4-0000-7000-8000-000000000001"}}""")).Is(404);
        (await cloud.Send(action, project, """{"removeFixedIp":{"address":"192.0.2.1"}}""")).Is(404);
        (await cloud.Send(action, project, """{"addFixedIp":{}}""")).Is(400);
        (await cloud.Send(action, project, $"""<removeFixedIp address="{addresses[1]}"/>""")).Is(202);
        Assert.Equal([addresses[0]], await Addresses(project, card));
        (await cloud.Send(action, project, $$$"""{"removeFixedIp":{"address":"{{{addresses[0]}}}"}}""")).Is(409);
        Reply looked = (await cloud.Send($"GET flat_dhcp/fixed_ips/{addresses[1]}", null)).Is(200);
        Assert.Equal("releasing", (string)looked.Resource["phase"]!);
    }

    [Fact]
    [Trait("seed", "R16")]
    public async Task A_port_is_down_from_its_creation_or_later_and_active_again()
    {
        string project = await cloud.Project("vlan");
        (string network, _) = await Card(project, "vlan");
        string ports = $"vlan/networks/{network}/ports";
        Reply made = (await cloud.Send($"POST {ports}", project, """{"port":{"state":"DOWN"}}""")).Is(201);
        Assert.Equal("DOWN", (string)made.Resource["state"]!);
        foreach (string state in (string[])["ACTIVE", "DOWN", "DOWN"])
        {
            (await cloud.Send($"PUT {ports}/{made.Id}", project, $$$"""{"port":{"state":"{{{state}}}"}}""")).Is(204);
            Assert.Equal(state, (string)(await cloud.Send($"GET {ports}/{made.Id}", project)).Is(200).Resource["state"]!);
        }
    }

    private async Task<(string Network, string Card)> Card(string project, string service = "flat_dhcp")
    {
        Reply network = (await cloud.Send(
            $"POST {service}/networks", project, $$$"""{"network":{"label":"n","cidr":"{{{cloud.FreshCidr()}}}"}}""")).Is(201);
        Reply card = (await cloud.Send(
            $"POST {service}/ethernet_cards", project, $$$"""{"ethernet_card":{"network_id":"{{{network.Id}}}"}}""")).Is(201);
        return (network.Id, card.Id);
    }

    private async Task<string[]> Addresses(string project, string card) =>
    [
        .. (await cloud.Send($"GET flat_dhcp/ethernet_cards/{card}", project)).Is(200).Resource["ports"]!.AsArray()
            .Select(p => (string)p!.AsObject()["address"]!),
    ];
}
