using System.Text.Json.Nodes;

namespace NovaOrleans.Routes;

/// <summary>Instances over the wire on the built-in services' own networks.</summary>
[Collection("built-in cloud")]
public sealed class LaunchTests(BuiltInCloud cloud)
{
    public static TheoryData<string> Services { get; } = ["flat", "flat_dhcp", "vlan"];

    /// <summary>Row e: a project on each service, one instance with three NICs on three networks.</summary>
    [Theory]
    [MemberData(nameof(Services))]
    [Trait("seed", "S2"), Trait("seed", "S13"), Trait("seed", "S39"), Trait("seed", "S40"), Trait("seed", "S155")]
    public async Task An_instance_gets_a_NIC_in_each_network_in_order_or_nothing_is_held(string service)
    {
        await cloud.OpenHost("racks");
        string project = await cloud.Project(service);
        string[] networks = [await Network(service, project), await Network(service, project), await Network(service, project)];
        string order = string.Join(',', networks.Select(n => $$"""{"uuid":"{{n}}"}"""));
        Reply made = (await cloud.Send(
            "POST servers", project, $$$"""{"server":{"name":"vm","host":"racks","networks":[{{{order}}}]}}""")).Is(202);

        string server = $"servers/{made.Id}";
        JsonArray nics = (await cloud.Send($"GET {server}/os-virtual-interfaces", project)).Is(200).Json["virtual_interfaces"]!.AsArray();
        Assert.Equal(networks, nics.Select(n => (string)n!["net_id"]!));
        Assert.Equal(made.Resource["vnics"]!.AsArray().Select(v => (string)v!), nics.Select(n => (string)n!["id"]!));
        JsonObject addresses = made.Resource["addresses"]!.AsObject();
        Assert.Equal(3, addresses.Count);
        Assert.Equal(3, addresses.Select(a => (string)a.Value![0]!["addr"]!).Distinct().Count());
        Assert.Single((await cloud.Send($"GET {server}/ips/{networks[1]}", project)).Is(200).Json);
        (await cloud.Send($"GET {server}/ips/elsewhere", project)).Is(404);

        List<long> before = await Held(networks);
        string taken = (string)addresses.Last().Value![0]!["addr"]!;
        string third = $$"""{"uuid":"{{networks[2]}}","fixed_ip":"{{taken}}"}""";
        (await cloud.Send(
            "POST servers", project,
            $$$"""{"server":{"name":"no","networks":[{"uuid":"{{{networks[0]}}}"},{"uuid":"{{{networks[1]}}}"},{{{third}}}]}}""")).Is(409);
        Assert.Equal(before, await Held(networks));
        Assert.Single((await cloud.Send("GET servers", project)).Is(200).Json["servers"]!.AsArray());
    }

    [Fact]
    [Trait("seed", "S155")]
    public async Task A_network_is_asked_for_with_an_address_also_in_XML_and_anothers_is_not_there()
    {
        await cloud.OpenHost("racks");
        string project = await cloud.Project("flat_dhcp");
        string cidr = cloud.FreshCidr();
        string network = await Network("flat_dhcp", project, cidr);
        string wanted = cidr.Replace(".0/24", ".44", StringComparison.Ordinal);
        Reply made = (await cloud.Send(
            "POST servers", project, $"<server name=\"x\"><networks><network uuid=\"{network}\" fixed_ip=\"{wanted}\"/></networks></server>"))
            .Is(202);
        Assert.Equal(wanted, (string)made.Resource["addresses"]!.AsObject().Single().Value![0]!["addr"]!);

        string theirs = await Network("flat_dhcp", await cloud.Project("flat_dhcp"));
        string[] wrong =
        [
            $$"""[{"uuid":"{{theirs}}"}]""", """[{"uuid":"0199a5f2-3c41-7d10-9b1e-5a6f0c2d8e11"}]""", "[]", """[{"fixed_ip":"10.0.0.9"}]""",
            $$"""[{"uuid":"{{network}}","colour":"red"}]""",
        ];
        int[] statuses = [404, 404, 400, 400, 400];
        for (int i = 0; i < wrong.Length; i++)
        {
            (await cloud.Send("POST servers", project, $$$"""{"server":{"name":"no","networks":{{{wrong[i]}}}}}""")).Is(statuses[i]);
        }

        string two = $$"""[{"uuid":"{{network}}","fixed_ip":"{{wanted}}"}]""";
        (await cloud.Send("POST servers", project, $$$"""{"server":{"name":"no","count":2,"networks":{{{two}}}}}""")).Is(400);
        Reply several = (await cloud.Send(
            "POST servers", project, $$$"""{"server":{"name":"yes","count":2,"networks":[{"uuid":"{{{network}}}"}]}}""")).Is(202);
        Assert.Equal(2, several.Json["servers"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_launch_that_was_refused_is_asked_again_with_its_key_and_is_refused_again_or_made_and_leaves_no_VNIC_behind()
    {
        await cloud.OpenHost("racks");
        string project = await cloud.Project("flat");
        string network = await Network("flat", project);
        string body = $$$"""{"server":{"name":"vm","host":"later","networks":[{"uuid":"{{{network}}}"}]}}""";
        int refused = (await cloud.Send("POST servers", project, body, key: "again")).Status;
        Assert.InRange(refused, 400, 499);
        (await cloud.Send("POST servers", project, body, key: "again")).Is(refused);
        Assert.Equal([0], await Held([network]));

        await cloud.OpenHost("later");
        string made = (await cloud.Send("POST servers", project, body, key: "again")).Is(202).Id;
        Assert.Equal(made, (await cloud.Send("POST servers", project, body, key: "again")).Is(202).Id);
        Assert.Equal([1], await Held([network]));
    }

    private async Task<string> Network(string service, string project, string? cidr = null) => (await cloud.Send(
        $"POST {service}/networks", project,
        $$$"""{"network":{"label":"n{{{Guid.NewGuid():N}}}","cidr":"{{{cidr ?? cloud.FreshCidr()}}}"}}""")).Is(201).Id;

    private async Task<List<long>> Held(string[] networks)
    {
        var held = new List<long>();
        foreach (string network in networks)
        {
            held.Add((await cloud.Grains.GetGrain<NovaOrleans.Pools.IFixedIpPoolGrain>(Guid.Parse(network)).Describe()).Held);
        }

        return held;
    }
}
