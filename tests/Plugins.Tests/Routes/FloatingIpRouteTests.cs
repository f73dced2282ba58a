using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace NovaOrleans.Routes;

/// <summary>Floating IPs over HTTP: the same for the services whose hosts are gateways, and not implemented for flat.</summary>
[Collection("built-in cloud")]
public sealed class FloatingIpRouteTests(BuiltInCloud cloud)
{
    private static int s_ranges;

    public static TheoryData<string> Services { get; } = ["flat_dhcp", "vlan"];

    /// <summary>The pools are the cloud's, so that each test has a pool and a range of its own.</summary>
    private static string FreshRange() => $"198.18.{Interlocked.Increment(ref s_ranges)}.0/29";

    [Theory]
    [MemberData(nameof(Services))]
    [Trait("seed", "S58"), Trait("seed", "R21"), Trait("seed", "R22"), Trait("seed", "R24")]
    public async Task An_address_is_allocated_stands_for_a_fixed_ip_and_is_released(string service)
    {
        (string project, string pool, string range) = (await cloud.Project(service), $"pool-{service}", FreshRange());
        await Fill(service, project, pool, range);
        JsonObject card = await Card(service, project);
        string fixedIp = (string)card["ports"]![0]!["address"]!;

        Reply made = (await cloud.Send(
            $"POST {service}/floating_ips", project, $$"""{"pool":"{{pool}}"}""", key: "once")).Is(201);
        Assert.Equal(["id", "ip", "fixed_ip", "instance_id", "ethernet_card_id", "project_id", "pool"], made.Resource.Select(f => f.Key));
        Assert.Equal((pool, project, null), (Text(made, "pool"), Text(made, "project_id"), (string?)made.Resource["fixed_ip"]));
        Assert.Equal(made.Id, (await cloud.Send(
            $"POST {service}/floating_ips", project, $$"""{"pool":"{{pool}}"}""", key: "once")).Is(201).Id);
        string one = $"{service}/floating_ips/{made.Id}";
        Assert.Equal(made.Id, (await cloud.Send($"GET {service}/floating_ips/{Text(made, "ip")}", project)).Is(200).Id);

        for (int i = 0; i < 2; i++)
        {
            Reply now = (await cloud.Send(
                $"POST {one}/action", project, $$$"""{"associate":{"fixed_ip":"{{{fixedIp}}}"}}""")).Is(202);
            Assert.Equal((fixedIp, (string)card["id"]!), (Text(now, "fixed_ip"), Text(now, "ethernet_card_id")));
        }

        (await cloud.Send($"DELETE {one}", project)).Is(409);
        (await cloud.Send($"DELETE {service}/floating_ips_bulk?ip_range={range}&pool={pool}", project)).Is(409);
        (await cloud.Send($"POST {one}/action", project, "<disassociate/>")).Is(202);
        Assert.Null((string?)(await cloud.Send($"GET {one}", project)).Is(200).Resource["fixed_ip"]);
        (await cloud.Send($"DELETE {one}", project)).Is(204);
        (await cloud.Send($"GET {one}", project)).Is(404);
        (await cloud.Send($"DELETE {service}/floating_ips_bulk?ip_range={range}&pool={pool}", project)).Is(204);
        (await cloud.Send($"DELETE {service}/ethernet_cards/{card["id"]}", project)).Is(204);
    }

    [Theory]
    [MemberData(nameof(Services))]
    [Trait("seed", "S60"), Trait("seed", "R21"), Trait("seed", "R24")]
    public async Task The_same_in_xml(string service)
    {
        (string project, string pool, string range) = (await cloud.Project(service), $"xml-{service}", FreshRange());
        Reply filled = (await cloud.Send(
            $"POST {service}/floating_ips_bulk", project,
            $"<floating_ips_bulk_create ip_range=\"{range}\" pool=\"{pool}\" interface=\"eth0\"/>", accept: "application/xml")).Is(201);
        Assert.Equal("6", filled.Xml.Attribute("count")?.Value);
        Reply made = (await cloud.Send(
            $"POST {service}/floating_ips", project, $"<floating_ip pool=\"{pool}\"/>", accept: "application/xml")).Is(201);
        Assert.Equal(("floating_ip", pool), (made.Xml.Name.LocalName, made.Xml.Attribute("pool")?.Value));
        XElement list = (await cloud.Send($"GET {service}/floating_ips.xml", project)).Is(200).Xml;
        Assert.Equal(made.Xml.Attribute("ip")?.Value, Assert.Single(list.Elements()).Attribute("ip")?.Value);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public async Task What_cannot_be_is_refused(string service)
    {
        (string project, string pool, string range) = (await cloud.Project(service), $"no-{service}", FreshRange());
        await Fill(service, project, pool, range);
        (await cloud.Send(
            $"POST {service}/floating_ips_bulk", project, $$"""{"ip_range":"{{range}}","pool":"{{pool}}"}""")).Is(409);
        (await cloud.Send($"POST {service}/floating_ips_bulk", project, """{"ip_range":"203.0.113.9/24"}""")).Is(400);
        (await cloud.Send(
            $"POST {service}/floating_ips_bulk", project, """{"ip_range":"203.0.113.0/24","interface":"a-long-link-name"}""")).Is(400);
        (await cloud.Send($"DELETE {service}/floating_ips_bulk", project)).Is(400);
        (await cloud.Send($"POST {service}/floating_ips", project, """{"pool":"empty"}""")).Is(409);
        (await cloud.Send($"GET {service}/floating_ips/none", project)).Is(404);
        Reply made = (await cloud.Send($"POST {service}/floating_ips", project, $$"""{"pool":"{{pool}}"}""")).Is(201);
        string act = $"POST {service}/floating_ips/{made.Id}/action";
        (await cloud.Send(act, project, """{"associate":{"fixed_ip":"10.255.0.9"}}""")).Is(404);
        (await cloud.Send(act, project, """{"associate":{}}""")).Is(400);
        (await cloud.Send(act, project, "{}")).Is(400);
        (await cloud.Send($"GET {service}/floating_ips/{made.Id}", await cloud.Project(service))).Is(404);
        JsonArray pools = (await cloud.Send($"GET {service}/floating_ip_pools", project)).Is(200).Json["floating_ip_pools"]!.AsArray();
        Assert.Contains(pools, p => (string)p!["name"]! == pool);
    }

    [Fact]
    [Trait("seed", "R21")]
    public async Task Flat_has_no_floating_ips()
    {
        string project = await cloud.Project("flat");
        foreach (string request in new[]
        {
            "GET flat/floating_ips", "POST flat/floating_ips", "GET flat/floating_ips/1", "DELETE flat/floating_ips/1",
            "POST flat/floating_ips/1/action", "GET flat/floating_ips_bulk", "GET flat/floating_ip_pools",
        })
        {
            (await cloud.Send(request, project)).Is(501);
        }
    }

    private async Task Fill(string service, string project, string pool, string range) => (await cloud.Send(
        $"POST {service}/floating_ips_bulk", project, $$"""{"ip_range":"{{range}}","pool":"{{pool}}"}""")).Is(201);

    private async Task<JsonObject> Card(string service, string project)
    {
        Reply network = (await cloud.Send(
            $"POST {service}/networks", project, $$$"""{"network":{"label":"n","cidr":"{{{cloud.FreshCidr()}}}"}}""")).Is(201);
        return (await cloud.Send(
            $"POST {service}/ethernet_cards", project, $$$"""{"ethernet_card":{"network_id":"{{{network.Id}}}"}}""")).Is(201).Resource;
    }

    private static string Text(Reply reply, string field) => (string)reply.Resource[field]!;
}
