using AcmeNetwork.NetAgent;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Vocabulary;

namespace AcmeNetwork.Tests;

/// <summary>Translation is a pure function, so that its tests need no host.</summary>
public sealed class HostAgentTests
{
    [Fact]
    public void Guests_of_one_network_get_a_bridge_with_the_hosts_address_ports_guards_and_leases()
    {
        HostFragment fragment = new HostAgent(null!).Translate([Guest(1), Guest(2)], []);
        Bridge bridge = Assert.Single(fragment.Bridges);
        Assert.Equal(["10.128.0.1/24"], bridge.Addresses);
        Assert.All(fragment.Ports, port => Assert.Equal(bridge.Name, port.Bridge));
        Assert.Equal(["10.128.0.2", "10.128.0.3"], fragment.Guards.Select(g => g.Addresses.Single().ToString()));
        Assert.Equal(["web1", "web2"], Assert.Single(fragment.DhcpScopes).Hosts.Select(h => h.Name));
    }

    [Fact]
    public void The_order_in_which_the_host_was_told_does_not_show()
    {
        HostFragment one = new HostAgent(null!).Translate([Guest(1), Guest(2)], []);
        HostFragment other = new HostAgent(null!).Translate([Guest(2), Guest(1)], []);
        Assert.Equal(one.Bridges, other.Bridges);
        Assert.Equal(one.Ports, other.Ports);
        Assert.Equal(one.Guards, other.Guards);
        Assert.Equal(one.DhcpScopes, other.DhcpScopes);
    }

    private static HostBinding Guest(byte number) => new(
        new VnicId(Uuid(number)), new InstanceId(Uuid(number)), NicIndex: 0, Generation: 1, ServicePath.Parse("acme.network.blue"),
        ProjectId.Parse("demo"), $"web{number}",
        new NetworkFacts(
            new NetworkId(Uuid(9)), "network of demo", null, null, null, 1500, "nft", "dnsmasq", Injected: false,
            new Dictionary<string, string>())
        {
            LeaseSeconds = 3600,
        },
        new NetworkInfo(
            MacAddress.Parse($"02:00:00:00:00:0{number}"), Ip4Address.Parse($"10.128.0.{number + 1}"), Cidr4.Parse("10.128.0.0/24"),
            Gateway: Ip4Address.Parse("10.128.0.1"), DhcpServer: Ip4Address.Parse("10.128.0.1")));

    private static Guid Uuid(byte number) => new([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, number]);
}
