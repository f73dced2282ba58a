using System.Text.Json;
using System.Text.Json.Nodes;

namespace NovaOrleans.Routes;

/// <summary>One network's record per service, whole (rows R25): ids and times are replaced by their names.</summary>
[Collection("built-in cloud")]
public sealed class RecordTests(BuiltInCloud cloud)
{
    private const string Keys =
        "id uuid label project_id bridge bridge_interface vlan cidr netmask broadcast gateway dhcp_server dhcp_start dns1 dns2 "
        + "cidr_v6 gateway_v6 netmask_v6 injected multi_host share_address enable_dhcp mtu priority rxtx_base host "
        + "vpn_public_address vpn_public_port vpn_private_address created_at updated_at deleted deleted_at";

    [Theory]
    [InlineData(
        "flat", "192.168.1.0/24",
        """
        "injected":true,"enable_dhcp":false,"netmask":"255.255.255.0","broadcast":"192.168.1.255","netmask_v6":64
        """)]
    [InlineData(
        "flat_dhcp", "192.168.2.0/24",
        """
        "injected":false,"enable_dhcp":true,"netmask":"255.255.255.0","broadcast":"192.168.2.255","netmask_v6":64,
        "gateway":"192.168.2.1","gateway_v6":"fd00:2::1","dhcp_server":"192.168.2.1","dhcp_start":"192.168.2.2"
        """)]
    [InlineData(
        "vlan", "192.168.3.0/24",
        """
        "injected":false,"enable_dhcp":true,"netmask":"255.255.255.0","broadcast":"192.168.3.255","netmask_v6":64,
        "gateway":"192.168.3.1","gateway_v6":"fd00:3::1","dhcp_server":"192.168.3.1","dhcp_start":"192.168.3.3","vlan":3003,
        "vpn_public_address":"198.51.100.1","vpn_public_port":7003,"vpn_private_address":"192.168.3.2"
        """)]
    [Trait("seed", "S154"), Trait("seed", "R25")]
    public async Task A_record_has_these_keys_and_values(string service, string cidr, string derived)
    {
        string project = await cloud.Project(service);
        string own = service == "vlan" ? ""","vlan":3003,"vpn_start":7003""" : "";
        string asked = $$"""
            "label":"golden","cidr":"{{cidr}}","cidr_v6":"fd00:{{cidr.Split('.')[2]}}::/64","dns1":"9.9.9.9","dns2":"1.1.1.1",
            "bridge":"br{{cidr.Split('.')[2]}}","bridge_interface":"eth7","mtu":1450,"priority":3,"multi_host":true,
            "share_address":true
            """;
        Reply made = (await cloud.Send(
            $"POST {service}/networks", project, $$$"""{"network":{{{{asked}}}{{{own}}}}}""")).Is(201);
        JsonObject record = made.Resource;
        Assert.Equal(Keys.Split(' '), record.Select(f => f.Key).Take(33));
        Assert.Equal(
            ["firewall", "quarantine_seconds", "dhcp_domain", "dhcp_lease_time", "revision", "links"],
            record.Select(f => f.Key).Skip(33));
        JsonObject expected = JsonNode.Parse($"{{{asked},{derived}}}")!.AsObject();
        expected["project_id"] = project;
        expected["deleted"] = false;
        foreach (string key in Keys.Split(' ').Except(["id", "uuid", "created_at"]))
        {
            Assert.True(JsonNode.DeepEquals(expected[key], record[key]), $"{key}: {record[key]?.ToJsonString() ?? "null"}");
        }

        Assert.Equal((string)record["id"]!, (string)record["uuid"]!);
        Assert.Equal(JsonValueKind.String, record["created_at"]!.GetValueKind());
        Assert.Matches($"^http://127.0.0.1:[0-9]+/v1.1/{service}/networks/{made.Id}$", (string)record["links"]![0]!["href"]!);
        Assert.Matches($"^http://127.0.0.1:[0-9]+/{service}/networks/{made.Id}$", (string)record["links"]![1]!["href"]!);
    }
}
