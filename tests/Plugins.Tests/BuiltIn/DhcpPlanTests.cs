using System.Text;
using NovaOrleans.Http;
using NovaOrleans.Networks;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.FlatDhcp;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.NetworkServices.Kit;
using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.BuiltIn;

/// <summary>What leases and router advertisements say, from the request to the host (nova behaviours 57 to 63).</summary>
public sealed class DhcpPlanTests
{
    private static readonly ServicePath s_service = ServicePath.Parse("nova.network.flat_dhcp");
    private static readonly INetAgent s_agent = new FlatDhcpNetworkService().GetNetAgent(null!);

    [Theory]
    [InlineData(""" "dns1":"9.9.9.9" """, "9.9.9.9")]
    [InlineData(""" "dns1":"host" """, "10.0.0.1")]
    [InlineData(""" "dns1":"host","dns2":"9.9.9.9" """, "10.0.0.1 9.9.9.9")]
    [InlineData(""" "dns1":"host","dhcp_server":"10.0.0.5" """, "10.0.0.5")]
    [InlineData(""" "dns1":"host","dns2":"host" """, "10.0.0.1")]
    [InlineData(""" "mtu":1400 """, "")]
    public void The_host_is_named_as_dns_server_by_its_own_address(string fields, string servers) =>
        Assert.Equal(servers, string.Join(' ', One($$"""{"cidr":"10.0.0.0/24",{{fields}}}""").Subnet4!.Dns));

    [Fact]
    public void A_lease_is_for_a_day_and_names_novalocal_unless_said_otherwise()
    {
        NetworkLinks usual = One("""{"cidr":"10.0.0.0/24"}""").Links;
        Assert.Equal(("novalocal", 86400), (usual.Domain, usual.LeaseSeconds));
        NetworkLinks own = One("""{"cidr":"10.0.0.0/24","dhcp_domain":"red.example","dhcp_lease_time":600}""").Links;
        Assert.Equal(("red.example", 600), (own.Domain, own.LeaseSeconds));
    }

    [Theory]
    [InlineData("""{"cidr_v6":"fd00:7::/64"}""", "fd00:7::1 dnsmasq")]
    [InlineData("""{"cidr_v6":"fd00:7::/64","gateway_v6":"fd00:7::9"}""", "fd00:7::9 dnsmasq")]
    [InlineData("""{"cidr_v6":"fd00:7::/64","enable_dhcp":false}""", " none")]
    public void A_host_that_advertises_a_prefix_has_an_address_of_it(string body, string expected)
    {
        NewNetwork network = One(body);
        Assert.Equal(expected, $"{network.Subnet6!.Gateway} {network.Links.Dhcp}");
    }

    [Fact]
    public void A_network_of_both_families_is_leased_and_advertised_by_one_server()
    {
        HostBinding binding = Binding(Given.Info(7).WithDhcp() with { Dns = "10.0.0.1 9.9.9.9" });
        HostFragment fragment = s_agent.Translate([binding], []);
        Assert.Equal(["10.0.0.1/24", "fd00:7::1/64", "fe80::1/64"], Assert.Single(fragment.Bridges).Addresses);
        DhcpScope scope = Assert.Single(fragment.DhcpScopes);
        Assert.Equal("fd00:7::/64 red.example 600 True", $"{scope.AdvertisedPrefix} {scope.Domain} {scope.LeaseSeconds} {scope.ServesDns}");
        Assert.Equal("fd00:7::7", $"{Assert.Single(scope.Hosts).AddressV6}");
    }

    [Fact]
    public void A_network_without_ipv4_is_advertised_alone()
    {
        DhcpScope scope = Assert.Single(s_agent.Translate([Binding(new NetworkInfo(Given.Mac(7)))], []).DhcpScopes);
        Assert.Equal("fd00:7::/64", $"{scope.AdvertisedPrefix}");
        Assert.Null(scope.Cidr);
        Assert.Empty(scope.Hosts);
    }

    private static HostBinding Binding(NetworkInfo info) => Given.Binding(
        7, s_service.Value, Given.Facts() with { Dhcp = "dnsmasq", Domain = "red.example", LeaseSeconds = 600 },
        info with
        {
            AddressV6 = Ip6Address.Parse("fd00:7::7"),
            CidrV6 = Cidr6.Parse("fd00:7::/64"),
            GatewayV6 = Ip6Address.Parse("fd00:7::1"),
        });

    private static NewNetwork One(string json)
    {
        var body = new BodyReader(BodyParser.Parse(Encoding.UTF8.GetBytes(json), BodyFormat.Json).Value);
        IReadOnlyList<NewNetwork> made = NetworkPlan.Read(
            FlatDhcpDesign.Of(new FlatDhcpOptions(new NetworkDefaults())), s_service, Given.Blue, body);
        body.Faulty(out Refusal? refusal);
        Assert.Null(refusal);
        return Assert.Single(made);
    }
}
