using System.Text;
using NovaOrleans.Http;
using NovaOrleans.Networks;
using NovaOrleans.NetworkServices.Flat;
using NovaOrleans.NetworkServices.FlatDhcp;
using NovaOrleans.NetworkServices.Kit;
using NovaOrleans.NetworkServices.Vlan;
using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.BuiltIn;

/// <summary>What create validates and derives, service by service (rows R4; nova behaviours 22 to 32).</summary>
public sealed class NetworkPlanTests
{
    private const string Flat = "nova.network.flat";
    private const string FlatDhcp = "nova.network.flat_dhcp";
    private const string Vlan = "nova.network.vlan";

    private static readonly Dictionary<string, NetworkDesign> s_designs = new()
    {
        [Flat] = FlatDesign.Of(new FlatOptions(new NetworkDefaults())),
        [FlatDhcp] = FlatDhcpDesign.Of(new FlatDhcpOptions(new NetworkDefaults())),
        [Vlan] = VlanDesign.Of(new VlanOptions(new NetworkDefaults(), "eth0", 100, 1000, "198.51.100.1")),
    };

    [Theory]
    [InlineData(Flat, "10.0.0.0/24", "gateway none dhcp none 10.0.0.2-10.0.0.254")]
    [InlineData(FlatDhcp, "10.0.0.0/24", "gateway 10.0.0.1 dhcp 10.0.0.1 10.0.0.2-10.0.0.254")]
    [InlineData(Vlan, "10.0.0.0/24", "gateway 10.0.0.1 dhcp 10.0.0.1 10.0.0.3-10.0.0.254")]
    [InlineData(Flat, "10.0.0.0/30", "gateway none dhcp none 10.0.0.2-10.0.0.2")]
    [InlineData(FlatDhcp, "10.0.0.0/8", "gateway 10.0.0.1 dhcp 10.0.0.1 10.0.0.2-10.255.255.254")]
    [InlineData(Vlan, "10.0.0.8/29", "gateway 10.0.0.9 dhcp 10.0.0.9 10.0.0.11-10.0.0.14")]
    [Trait("seed", "S11"), Trait("seed", "R4")]
    public void Who_is_gateway_who_gives_leases_and_what_is_handed_out(string service, string cidr, string expected) =>
        Assert.Equal(expected, Shape(One(service, $$"""{"cidr":"{{cidr}}"}""").Subnet4!));

    [Theory]
    [InlineData(Flat, """ "gateway":"10.0.0.254" """, "gateway 10.0.0.254 dhcp none 10.0.0.2-10.0.0.254")]
    [InlineData(FlatDhcp, """ "gateway":"10.0.0.254" """, "gateway 10.0.0.254 dhcp 10.0.0.254 10.0.0.2-10.0.0.254")]
    [InlineData(FlatDhcp, """ "dhcp_server":"10.0.0.9" """, "gateway 10.0.0.1 dhcp 10.0.0.9 10.0.0.2-10.0.0.254")]
    [InlineData(FlatDhcp, """ "enable_dhcp":false """, "gateway 10.0.0.1 dhcp none 10.0.0.2-10.0.0.254")]
    [InlineData(Vlan, """ "fixed_cidr":"10.0.0.64/26" """, "gateway 10.0.0.1 dhcp 10.0.0.1 10.0.0.64-10.0.0.127")]
    [InlineData(Vlan, """ "fixed_cidr":"10.0.0.0/25" """, "gateway 10.0.0.1 dhcp 10.0.0.1 10.0.0.3-10.0.0.127")]
    [InlineData(
        Vlan, """ "allowed_start":"10.0.0.9","allowed_end":"10.0.0.19" """,
        "gateway 10.0.0.1 dhcp 10.0.0.1 10.0.0.9-10.0.0.19")]
    [Trait("seed", "S11"), Trait("seed", "R4")]
    public void What_the_request_says_goes_first(string service, string field, string expected) =>
        Assert.Equal(expected, Shape(One(service, $$"""{"cidr":"10.0.0.0/24",{{field}}}""").Subnet4!));

    [Fact]
    [Trait("seed", "S11"), Trait("seed", "R4")]
    public void A_range_is_carved_into_numbered_networks_of_256()
    {
        IReadOnlyList<NewNetwork> made = Read(
            Vlan, """{"label":"net","cidr":"10.0.0.0/16","cidr_v6":"fd00::/48","num_networks":3}""", out Refusal? refusal);
        Assert.Null(refusal);
        Assert.Equal(
            ["net_1 10.0.0.0/24 fd00::/64", "net_2 10.0.1.0/24 fd00:0:0:1::/64", "net_3 10.0.2.0/24 fd00:0:0:2::/64"],
            made.Select(n => $"{n.Label} {n.Subnet4?.Cidr} {n.Subnet6?.Cidr}"));
        Assert.All(made, n => Assert.Equal((100, true), (n.VlanFrom, n.BridgeFromVlan)));
        Assert.Equal(3, made.Select(n => n.Id).Distinct().Count());
        Assert.Equal(["10.0.0.2", "10.0.1.2", "10.0.2.2"], made.Select(n => n.Vpn?.PrivateAddress.ToString()));
    }

    [Theory]
    [InlineData("""{"cidr":"10.0.0.0/24","num_networks":2,"network_size":64}""", "10.0.0.0/26 10.0.0.64/26")]
    [InlineData("""{"cidr":"0.0.0.0/0","num_networks":2}""", "cidr")]
    [InlineData("""{"cidr":"127.0.0.0/24"}""", "cidr")]
    [InlineData("""{"cidr":"224.0.0.0/24"}""", "cidr")]
    [InlineData("""{"cidr":"10.0.0.0/16","network_size":1024}""", "10.0.0.0/22")]
    [InlineData("""{"cidr":"255.255.255.0/24"}""", "cidr")]
    [InlineData("""{"cidr":"10.0.0.0/24","num_networks":2}""", "num_networks")]
    [InlineData("""{"cidr":"10.0.0.0/24","network_size":100}""", "network_size")]
    [InlineData("""{"cidr":"10.0.0.0/24","num_networks":0}""", "num_networks")]
    [InlineData("""{"cidr":"10.0.0.0/7"}""", "cidr")]
    [InlineData("""{"cidr":"10.0.0.0/31"}""", "cidr")]
    [InlineData("""{"cidr":"10.0.0.1/24"}""", "cidr")]
    [Trait("seed", "R4")]
    public void Carving_fits_or_names_the_field_at_fault(string body, string expected)
    {
        IReadOnlyList<NewNetwork> made = Read(FlatDhcp, body, out Refusal? refusal);
        Assert.Equal(expected, refusal?.Field ?? string.Join(' ', made.Select(n => n.Subnet4?.Cidr.ToString())));
    }

    [Theory]
    [InlineData(Flat, """{}""", "cidr")]
    [InlineData(Flat, """{"cidr":"10.0.0.0/24","vlan":5}""", "vlan")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","vlan_start":5}""", "vlan_start")]
    [InlineData(Flat, """{"cidr":"10.0.0.0/24","dhcp_server":"10.0.0.1"}""", "dhcp_server")]
    [InlineData(Flat, """{"cidr":"10.0.0.0/24","enable_dhcp":true}""", "enable_dhcp")]
    [InlineData(Flat, """{"cidr":"10.0.0.0/24","vpn_start":5000}""", "vpn_start")]
    [InlineData(Vlan, """{"cidr":"10.0.0.0/24","vlan":4095}""", "vlan")]
    [InlineData(Vlan, """{"cidr":"10.0.0.0/24","vlan":0}""", "vlan")]
    [InlineData(Vlan, """{"cidr":"10.0.0.0/24","vlan":5,"vlan_start":6}""", "vlan_start")]
    [InlineData(Vlan, """{"cidr":"10.0.0.0/16","num_networks":3,"vlan_start":4093}""", "vlan_start")]
    [InlineData(Vlan, """{"cidr":"10.0.0.0/30"}""", "cidr")]
    [InlineData(Vlan, """{"cidr":"10.0.0.0/16","num_networks":2,"gateway":"10.0.0.1"}""", "gateway")]
    [InlineData(Vlan, """{"cidr":"10.0.0.0/16","num_networks":2,"bridge":"br1"}""", "bridge")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","gateway":"10.0.1.1"}""", "gateway")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","gateway":"10.0.0.0"}""", "gateway")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","gateway":"10.0.0.255"}""", "gateway")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","dhcp_server":"10.0.0.9","enable_dhcp":false}""", "dhcp_server")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","fixed_cidr":"10.0.1.0/26"}""", "fixed_cidr")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","fixed_cidr":"10.0.0.0/23"}""", "fixed_cidr")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","allowed_start":"10.0.0.20","allowed_end":"10.0.0.9"}""", "allowed_start")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","allowed_end":"10.0.0.255"}""", "allowed_end")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","gateway_v6":"fd00::1"}""", "gateway_v6")]
    [InlineData(FlatDhcp, """{"cidr_v6":"fd00::/64","gateway_v6":"fd01::1"}""", "gateway_v6")]
    [InlineData(FlatDhcp, """{"cidr_v6":"fd00::/65"}""", "cidr_v6")]
    [InlineData(FlatDhcp, """{"cidr_v6":"fd00::/64","gateway":"10.0.0.1"}""", "gateway")]
    [InlineData(FlatDhcp, """{"cidr_v6":"fd00::/64","mtu":1000}""", "mtu")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","mtu":67}""", "mtu")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","bridge":"br0; reboot"}""", "bridge")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","label":"a\nb"}""", "label")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","colour":"blue"}""", "colour")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","dns1":"hosts"}""", "dns1")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","dns2":"host","enable_dhcp":false}""", "dns2")]
    [InlineData(FlatDhcp, """{"cidr_v6":"fd00::/64","dns1":"host"}""", "dns1")]
    [InlineData(Flat, """{"cidr":"10.0.0.0/24","dns1":"host"}""", "dns1")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","dhcp_domain":"a..b"}""", "dhcp_domain")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","dhcp_domain":"lan\nuser=root"}""", "dhcp_domain")]
    [InlineData(FlatDhcp, """{"cidr":"10.0.0.0/24","dhcp_lease_time":119}""", "dhcp_lease_time")]
    [InlineData(Flat, """{"cidr":"10.0.0.0/24","dhcp_domain":"lan"}""", "dhcp_domain")]
    [InlineData(Flat, """{"cidr":"10.0.0.0/24","dhcp_lease_time":600}""", "dhcp_lease_time")]
    [Trait("seed", "R4")]
    public void What_cannot_be_is_refused_with_the_field_at_fault(string service, string body, string field)
    {
        Read(service, body, out Refusal? refusal);
        Assert.Equal((RefusalCode.MalformedRequest, field), (refusal?.Code, refusal?.Field));
        Assert.Empty(refusal!.More);
    }

    [Fact]
    public void All_faults_of_a_request_are_told_together()
    {
        Read(Vlan, """{"cidr":"10.0.0.1/24","vlan":4095,"mtu":1,"colour":1}""", out Refusal? refusal);
        Assert.Equal(["cidr", "colour", "mtu", "vlan"], refusal!.More.Prepend(refusal).Select(f => f.Field).Order());
    }

    [Fact]
    public void Two_flat_networks_do_not_share_a_bridge_by_accident_but_a_given_one_is_taken()
    {
        NewNetwork[] two = [One(Flat, """{"cidr":"10.0.0.0/24"}"""), One(Flat, """{"cidr":"10.0.0.0/24"}""")];
        Assert.NotEqual(two[0].Links.Bridge, two[1].Links.Bridge);
        Assert.All(two, n => Assert.Matches("^nvbr[0-9a-f]{8}$", n.Links.Bridge));
        Assert.Equal("br100", One(Flat, """{"cidr":"10.0.0.0/24","bridge":"br100"}""").Links.Bridge);
    }

    [Fact]
    public void Vlan_networks_hang_on_the_configured_interface_and_are_told_where_their_vpn_is()
    {
        NewNetwork network = One(Vlan, """{"cidr":"10.0.0.0/24","vlan":7,"vpn_start":2000}""");
        Assert.Equal(("eth0", 7), (network.Links.BridgeInterface, network.Links.Vlan?.Value));
        Assert.Null(network.VlanFrom);
        Assert.Equal(new VpnFacts("198.51.100.1", 2000, Ip4Address.Parse("10.0.0.2")), network.Vpn);
    }

    [Fact]
    public void Without_a_label_a_network_is_called_by_its_range()
    {
        Assert.Equal("10.0.0.0/24", One(Flat, """{"cidr":"10.0.0.0/24"}""").Label);
        Assert.Equal("fd00::/64", One(Flat, """{"cidr_v6":"fd00::/64"}""").Label);
    }

    private static NewNetwork One(string service, string body)
    {
        IReadOnlyList<NewNetwork> made = Read(service, body, out Refusal? refusal);
        Assert.Null(refusal);
        return Assert.Single(made);
    }

    private static IReadOnlyList<NewNetwork> Read(string service, string json, out Refusal? refusal)
    {
        var body = new BodyReader(BodyParser.Parse(Encoding.UTF8.GetBytes(json), BodyFormat.Json).Value);
        IReadOnlyList<NewNetwork> made = NetworkPlan.Read(
            s_designs[service], ServicePath.Parse(service), Given.Blue, body);
        body.Faulty(out refusal);
        return made;
    }

    private static string Shape(Subnet4 subnet) =>
        $"gateway {subnet.Gateway?.ToString() ?? "none"} dhcp {subnet.DhcpServer?.ToString() ?? "none"} {subnet.Allowed}";
}
