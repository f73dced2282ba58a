using System.Text.Json.Nodes;
using NovaOrleans.FloatingIps;
using NovaOrleans.Networks;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;

namespace NovaOrleans.Api;

/// <summary>Floating IPs as nova's own API has them: <c>os-floating-ips</c>, its pools, and the actions of a server.</summary>
[Collection("facade")]
public sealed class FloatingIpTests(Facade facade)
{
    private static readonly ProjectId s_blue = ProjectId.Parse("blue");

    [Fact]
    [Trait("seed", "R21"), Trait("seed", "R22")]
    public async Task An_address_is_added_to_a_server_and_removed_from_it()
    {
        await Pool("legacy").AddRange(new AddFloatingRange(Cidr4.Parse("198.51.100.0/30"), null, "op"));
        (string server, string fixedIp) = await Launch("10.77.0.0/24");
        JsonNode made = (await facade.Send("POST", "/v1.1/os-floating-ips", """{"pool":"legacy"}""", "blue")).Json["floating_ip"]!;
        Assert.Equal(["id", "ip", "fixed_ip", "instance_id", "pool"], made.AsObject().Select(f => f.Key));
        string address = (string)made["ip"]!, one = $"/v1.1/os-floating-ips/{(long)made["id"]!}";

        Assert.Equal(202, (await Act(server, $$$"""{"addFloatingIp":{"address":"{{{address}}}"}}""")).Status);
        JsonNode now = (await facade.Send("GET", one, project: "blue")).Json["floating_ip"]!;
        Assert.Equal((fixedIp, server), ((string?)now["fixed_ip"], (string?)now["instance_id"]));
        Assert.Equal(409, (await facade.Send("DELETE", one, project: "blue")).Status);
        Assert.Equal(202, (await Act(server, $"<removeFloatingIp address=\"{address}\"/>")).Status);
        Answer none = await Act(server, $$$"""{"removeFloatingIp":{"address":"{{{address}}}"}}""");
        Assert.Equal((409, "RequestedStateInvalid"), (none.Status, (string?)none.Fault["reason"]));
        Assert.Equal(202, (await facade.Send("DELETE", one, project: "blue")).Status);
        Assert.Equal(404, (await facade.Send("GET", one, project: "blue")).Status);
    }

    [Fact]
    public async Task Another_projects_address_and_server_are_not_there()
    {
        await Pool("others").AddRange(new AddFloatingRange(Cidr4.Parse("198.51.100.8/30"), null, "op"));
        (string server, _) = await Launch("10.78.0.0/24");
        string address = (string)(await facade.Send("POST", "/v1.1/os-floating-ips", """{"pool":"others"}""", "red"))
            .Json["floating_ip"]!["ip"]!;
        string add = $$$"""{"addFloatingIp":{"address":"{{{address}}}"}}""";
        Assert.Equal(404, (await Act(server, add)).Status);
        Assert.Equal(404, (await facade.Send("POST", $"/v1.1/servers/{server}/action", add, "red")).Status);
        Assert.Equal(400, (await Act(server, "{}")).Status);
        Assert.Equal(400, (await Act(server, """{"addFloatingIp":{"address":"here"}}""")).Status);
        Answer pools = await facade.Send("GET", "/v1.1/os-floating-ip-pools", project: "blue");
        Assert.Contains("others", pools.Json["floating_ip_pools"]!.AsArray().Select(p => (string?)p!["name"]));
        Answer list = await facade.Send("GET", "/v1.1/os-floating-ips", project: "red");
        Assert.Equal([address], list.Json["floating_ips"]!.AsArray().Select(f => (string?)f!["ip"]));
    }

    private IFloatingIpPoolGrain Pool(string name) => facade.Grains.GetGrain<IFloatingIpPoolGrain>(name);

    private Task<Answer> Act(string server, string body) => facade.Send("POST", $"/v1.1/servers/{server}/action", body, "blue");

    private async Task<(string Server, string Address)> Launch(string cidr)
    {
        var four = Cidr4.Parse(cidr);
        Assert.True(AddressRange.TryCreate(four.Network + 2, four.Broadcast, out AddressRange allowed));
        var network = new NewNetwork(
            NetworkId.New(), null, cidr, new NetworkLinks(null, null, null),
            new Subnet4(four, four.Network + 1, null, allowed, []), null)
        {
            Nat = true,
        };
        Assert.Null((await facade.Grains.GetGrain<INetworkRangeGrain>(Facade.Blue.Value).Create(
            new CreateNetworks(Facade.Blue, "op", null, [network]))).Refusal);
        VnicView card = (await facade.Grains.GetGrain<IFixedIpPoolGrain>(network.Id.Value).CreateVnic(
            new CreateVnic(VnicId.New(), s_blue, "ann"))).Value;
        Answer made = await facade.Send(
            "POST", "/v1.1/servers", $$$"""{"server":{"name":"web","vnics":["{{{card.Id}}}"]}}""", "blue");
        return ((string)made.Json["server"]!["id"]!, card.Ports[0].Address!.Value.ToString());
    }
}
