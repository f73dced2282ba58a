using System.Text.Json.Nodes;
using NovaOrleans.Agent;
using NovaOrleans.NetworkServices;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>What a guest with a disk is told, in both layouts that cloud-init reads.</summary>
public sealed class ConfigDriveTests
{
    private static readonly Bound A = new(1, ServicePath.Parse("test.one"), "br1", Mtu: 1400);

    private static readonly NetworkInfo Static = new(
        MacAddress.Parse("02:00:00:00:00:01"), Ip4Address.Parse("10.0.0.7"), Cidr4.Parse("10.0.0.0/24"),
        Ip4Address.Parse("255.255.255.0"), Ip4Address.Parse("10.0.0.1"), Dns: "9.9.9.9 9.9.9.10")
    {
        AddressV6 = Ip6Address.Parse("fd00::7"),
        CidrV6 = Cidr6.Parse("fd00::/64"),
        GatewayV6 = Ip6Address.Parse("fd00::1"),
    };

    private static readonly NetworkInfo Leased = new(
        MacAddress.Parse("02:00:00:00:00:02"), Ip4Address.Parse("10.1.0.7"), Cidr4.Parse("10.1.0.0/24"),
        DhcpServer: Ip4Address.Parse("10.1.0.1"));

    private static readonly IReadOnlyDictionary<string, string> Drive = ConfigDrive.Of(
        A.Spec, [A.Binding with { NicIndex = 1, Info = Leased }, A.Binding with { Info = Static }],
        new Dictionary<string, string> { [InterfacesFile.Path] = "auto lo\n", ["/a"] = "b" });

    private static JsonNode Read(string path) => JsonNode.Parse(Drive[path])!;

    [Fact]
    [Trait("seed", "S140")]
    public void Openstacks_layout_has_identity_files_and_every_nic()
    {
        JsonNode meta = Read("openstack/latest/meta_data.json");
        Assert.Equal((A.Spec.Id.ToString(), "vm1", "p"), ((string)meta["uuid"]!, (string)meta["hostname"]!, (string)meta["project_id"]!));
        Assert.Equal(["/a /content/0000", "/etc/network/interfaces /content/0001"],
            meta["files"]!.AsArray().Select(f => $"{f!["path"]} {f["content_path"]}"));
        Assert.Equal("auto lo\n", Drive["openstack" + (string)meta["network_config"]!["content_path"]!]);

        JsonNode data = Read("openstack/latest/network_data.json");
        Assert.Equal(["nic0 02:00:00:00:00:01 1400", "nic1 02:00:00:00:00:02 1400"],
            data["links"]!.AsArray().Select(l => $"{l!["id"]} {l["ethernet_mac_address"]} {l["mtu"]}"));
        Assert.Equal(["ipv4 nic0 10.0.0.7 255.255.255.0", "ipv6 nic0 fd00::7/64 ", "ipv4_dhcp nic1  "],
            data["networks"]!.AsArray().Select(n => $"{n!["type"]} {n["link"]} {n["ip_address"]} {n["netmask"]}"));
        Assert.Equal("10.0.0.1", (string?)data["networks"]![0]!["routes"]![0]!["gateway"]);
        Assert.Equal(["9.9.9.9", "9.9.9.10"], data["services"]!.AsArray().Select(s => (string?)s!["address"]));
    }

    [Fact]
    public void Noclouds_layout_says_the_same()
    {
        Assert.Equal(A.Spec.Id.ToString(), (string?)Read("meta-data")["instance-id"]);
        Assert.StartsWith("#cloud-config", Drive["user-data"], StringComparison.Ordinal);
        JsonNode config = Read("network-config");
        Assert.Equal(2, (int)config["version"]!);
        JsonNode first = config["ethernets"]!["nic0"]!;
        Assert.Equal("02:00:00:00:00:01", (string?)first["match"]!["macaddress"]);
        Assert.Equal(["10.0.0.7/24", "fd00::7/64"], first["addresses"]!.AsArray().Select(a => (string?)a));
        Assert.Equal(["0.0.0.0/0 10.0.0.1", "::/0 fd00::1"], first["routes"]!.AsArray().Select(r => $"{r!["to"]} {r["via"]}"));
        Assert.False((bool)first["dhcp4"]!);
        Assert.True((bool)config["ethernets"]!["nic1"]!["dhcp4"]!);
    }
}
