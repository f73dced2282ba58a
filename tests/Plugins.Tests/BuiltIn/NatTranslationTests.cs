using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Flat;
using NovaOrleans.NetworkServices.FlatDhcp;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.NetworkServices.Vlan;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.BuiltIn;

/// <summary>What a host translates for the networks that it serves, and which host that is.</summary>
public sealed class NatTranslationTests
{
    private const string FlatDhcp = "nova.network.flat_dhcp";
    private static readonly HostName s_here = HostName.Parse("node1"), s_there = HostName.Parse("node2");
    private static readonly INetAgent s_agent = new FlatDhcpNetworkService().GetNetAgent(new Link(s_here));
    private static readonly Ip4Address s_floating = Ip4Address.Parse("203.0.113.5");

    [Fact]
    [Trait("seed", "R22")]
    public void A_floating_ip_is_translated_on_the_host_of_its_vnic_and_the_network_gets_out()
    {
        HostFragment fragment = s_agent.Translate([Floating(Given.Binding(2, FlatDhcp, Facts(), Given.Info(2).WithDhcp()), "eth9")], []);
        Assert.Equal(
            new FloatingNat(s_floating, Ip4Address.Parse("10.0.0.2"), "br1", "eth9"), Assert.Single(fragment.FloatingNats));
        Assert.Equal(new SourceNat(Cidr4.Parse("10.0.0.0/24"), "br1", null, null), Assert.Single(fragment.SourceNats));
        Assert.Empty(fragment.PortForwards);
        Assert.True(Assert.Single(fragment.Bridges).SharesAddresses);
    }

    [Fact]
    [Trait("seed", "S124")]
    public void A_projects_vpn_is_reached_at_its_public_port()
    {
        NetworkFacts facts = Facts() with { Vpn = new VpnForward("198.51.100.1", 1001, Ip4Address.Parse("10.0.0.2")) };
        INetAgent vlan = new VlanNetworkService().GetNetAgent(new Link(s_here));
        HostFragment fragment = vlan.Translate([Given.Binding(3, "nova.network.vlan", facts, Given.Info(3).WithDhcp())], []);
        Assert.Equal(
            new PortForward(Ip4Address.Parse("198.51.100.1"), 1001, Ip4Address.Parse("10.0.0.2"), 1194, "br1"),
            Assert.Single(fragment.PortForwards));
    }

    [Fact]
    public void Where_somebody_elses_router_is_the_gateway_or_there_is_none_nothing_is_translated()
    {
        NetworkInfo info = Given.Info(2).WithDhcp();
        HostBinding beside = Given.Binding(2, FlatDhcp, Facts(), info with { Gateway = Ip4Address.Parse("10.0.0.254") });
        HostBinding flat = Floating(Given.Binding(2, "nova.network.flat"), null);
        foreach (HostFragment fragment in new[]
        {
            s_agent.Translate([beside], []), new FlatNetworkService().GetNetAgent(new Link(s_here)).Translate([flat], []),
        })
        {
            Assert.Empty(fragment.FloatingNats);
            Assert.Empty(fragment.SourceNats);
        }
    }

    [Fact]
    public void A_network_host_serves_the_guests_of_all_hosts()
    {
        NetworkFacts facts = Facts() with { NetworkHost = s_here };
        HostBinding own = Given.Binding(3, FlatDhcp, facts, Given.Info(3).WithDhcp());
        HostBinding other = Floating(Given.Binding(2, FlatDhcp, facts, Given.Info(2).WithDhcp()), null);
        HostFragment both = s_agent.Translate([own], [new MemberFact(other, s_there, null)]);
        Bridge bridge = Assert.Single(both.Bridges);
        Assert.Equal((false, "10.0.0.1/24"), (bridge.SharesAddresses, Assert.Single(bridge.Addresses)));
        Assert.Equal(own.Vnic, Assert.Single(both.Ports).Vnic);
        Assert.Single(both.Guards);
        Assert.Equal(["vm-2", "vm-3"], Assert.Single(both.DhcpScopes).Hosts.Select(h => h.Name));
        Assert.Equal(s_floating, Assert.Single(both.FloatingNats).Floating);
        Assert.Single(both.SourceNats);

        // Also where none of its own guests is in the network.
        HostFragment others = s_agent.Translate([], [new MemberFact(other, s_there, null)]);
        Assert.Empty(others.Ports);
        Assert.Equal("vm-2", Assert.Single(Assert.Single(others.DhcpScopes).Hosts).Name);
    }

    [Fact]
    public void A_host_whose_network_another_one_serves_has_bridge_and_ports_only()
    {
        NetworkFacts facts = Facts() with { NetworkHost = s_there };
        HostBinding own = Floating(Given.Binding(3, FlatDhcp, facts, Given.Info(3).WithDhcp()), null);
        HostBinding other = Given.Binding(2, FlatDhcp, facts, Given.Info(2).WithDhcp());
        HostFragment fragment = s_agent.Translate([own], [new MemberFact(other, s_there, null)]);
        Assert.Empty(Assert.Single(fragment.Bridges).Addresses);
        Assert.Single(fragment.Ports);
        Assert.Single(fragment.Guards);
        Assert.Empty(fragment.DhcpScopes);
        Assert.Empty(fragment.FloatingNats);
        Assert.Empty(fragment.SourceNats);
    }

    private static NetworkFacts Facts() => Given.Facts() with { Dhcp = "dnsmasq" };

    private static HostBinding Floating(HostBinding binding, string? link) => binding with
    {
        FloatingIps = [new FloatingAddress(s_floating, binding.Info.IpAddress!.Value, link)],
    };

    private sealed class Link(HostName host) : IHostLink
    {
        public HostName Host => host;

        public Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;

        public Task UntilVerified(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;

        public Task UntilGone(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;
    }
}
