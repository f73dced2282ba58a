using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.FlatDhcp;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.BuiltIn;

/// <summary>A network with one host that is gateway and DHCP server for the guests of all others.</summary>
public sealed class NetworkHostTests
{
    private const string FlatDhcp = "nova.network.flat_dhcp";
    private static readonly NetworkFacts s_facts = Given.Facts() with { Dhcp = "dnsmasq", NetworkHost = HostName.Parse("node1") };

    [Fact]
    public void The_network_host_serves_everybody_and_has_ports_for_its_own()
    {
        HostFragment fragment = On("node1", [Bound(2)], [Member(3), Member(2)]);
        Bridge bridge = Assert.Single(fragment.Bridges);
        Assert.Equal(["10.0.0.1/24"], bridge.Addresses);
        Assert.False(bridge.SharesAddresses, "guests on other hosts ask for it over the uplink");
        Assert.Equal(["10.0.0.2", "10.0.0.3"], Assert.Single(fragment.DhcpScopes).Hosts.Select(h => h.Address.ToString()));
        Assert.Equal(Given.Vnic(2), Assert.Single(fragment.Ports).Vnic);
        Assert.Single(fragment.Guards);
    }

    [Fact]
    public void A_network_host_without_guests_of_its_own_serves_all_the_same()
    {
        HostFragment fragment = On("node1", [], [Member(3)]);
        Assert.Single(fragment.Bridges);
        Assert.Single(Assert.Single(fragment.DhcpScopes).Hosts);
        Assert.Empty(fragment.Ports);
    }

    [Fact]
    public void Every_other_host_has_neither_the_address_nor_a_server()
    {
        HostFragment fragment = On("node2", [Bound(3)], []);
        Assert.Empty(Assert.Single(fragment.Bridges).Addresses);
        Assert.Empty(fragment.DhcpScopes);
        Assert.Single(fragment.Ports);
    }

    private static HostFragment On(string host, HostBinding[] own, MemberFact[] elsewhere) =>
        new FlatDhcpNetworkService().GetNetAgent(new Link(HostName.Parse(host))).Translate(own, elsewhere);

    private static HostBinding Bound(int number) => Given.Binding(number, FlatDhcp, s_facts, Given.Info(number).WithDhcp());

    private static MemberFact Member(int number) => new(Bound(number), HostName.Parse("node2"), null);

    private sealed class Link(HostName host) : IHostLink
    {
        public HostName Host => host;

        public Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;

        public Task UntilVerified(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;

        public Task UntilGone(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;
    }
}
