using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Flat;
using NovaOrleans.NetworkServices.FlatDhcp;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.NetworkServices.Vlan;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.BuiltIn;

public sealed class TranslationTests
{
    private const string Flat = "nova.network.flat";
    private const string FlatDhcp = "nova.network.flat_dhcp";
    private const string Vlan = "nova.network.vlan";

    private static readonly Dictionary<string, INetAgent> s_agents =
        new INetworkService[] { new FlatNetworkService(), new FlatDhcpNetworkService(), new VlanNetworkService() }
            .ToDictionary(s => s.Path.Value, s => s.GetNetAgent(null!));

    public static TheoryData<string> Services { get; } = [.. s_agents.Keys];

    [Fact]
    [Trait("seed", "S21"), Trait("seed", "S115"), Trait("seed", "S147"), Trait("seed", "S156")]
    public void A_flat_network_is_a_bridge_without_address_and_a_guarded_port()
    {
        NetworkFacts facts = Given.Facts() with { Bridge = "br100", BridgeInterface = "eth1", Mtu = 9000 };
        Assert.Equal(
            """
            bridge br100 mtu 9000 uplink eth1 addresses none
            port nv000000000007 on br100 nic 0 02:00:00:00:00:07 mtu 9000
            guard nv000000000007 02:00:00:00:00:07 10.0.0.7 fe80::ff:fe00:7
            """,
            FragmentText.Of(s_agents[Flat].Translate([Given.Binding(7, Flat, facts)], [])));
    }

    [Fact]
    [Trait("seed", "S21"), Trait("seed", "S115"), Trait("seed", "S147"), Trait("seed", "S156")]
    public void A_flat_dhcp_network_has_the_host_as_gateway_and_leases_what_was_allocated()
    {
        NetworkFacts facts = Given.Facts() with { Dhcp = "dnsmasq" };
        Assert.Equal(
            """
            bridge br1 mtu 1500 uplink none addresses 10.0.0.1/24
            port nv000000000002 on br1 nic 0 02:00:00:00:00:02 mtu 1500
            port nv000000000003 on br1 nic 0 02:00:00:00:00:03 mtu 1500
            guard nv000000000002 02:00:00:00:00:02 10.0.0.2 fe80::ff:fe00:2
            guard nv000000000003 02:00:00:00:00:03 10.0.0.3 fe80::ff:fe00:3
            dhcp br1 10.0.0.0/24 server 10.0.0.1 router 10.0.0.1 dns 9.9.9.9 mtu 1500 lease 86400
              02:00:00:00:00:02 10.0.0.2 vm-2
              02:00:00:00:00:03 10.0.0.3 vm-3
            """,
            FragmentText.Of(s_agents[FlatDhcp].Translate(
            [
                Given.Binding(2, FlatDhcp, facts, Given.Info(2).WithDhcp()),
                Given.Binding(3, FlatDhcp, facts, Given.Info(3).WithDhcp()),
            ], [])));
    }

    [Fact]
    [Trait("seed", "S21"), Trait("seed", "S115"), Trait("seed", "S147"), Trait("seed", "S156")]
    public void A_vlan_network_hangs_on_its_8021Q_link()
    {
        NetworkFacts facts = Given.Facts() with
        {
            Bridge = "br100",
            BridgeInterface = "eth0",
            Vlan = VlanTag.Create(100),
            Dhcp = "dnsmasq",
        };
        Assert.Equal(
            """
            vlan vlan100 on eth0 tag 100 mtu 1500
            bridge br100 mtu 1500 uplink vlan100 addresses 10.0.0.1/24
            port nv000000000003 on br100 nic 0 02:00:00:00:00:03 mtu 1500
            guard nv000000000003 02:00:00:00:00:03 10.0.0.3 fe80::ff:fe00:3
            dhcp br100 10.0.0.0/24 server 10.0.0.1 router 10.0.0.1 dns 9.9.9.9 mtu 1500 lease 86400
              02:00:00:00:00:03 10.0.0.3 vm-3
            """,
            FragmentText.Of(s_agents[Vlan].Translate([Given.Binding(3, Vlan, facts, Given.Info(3).WithDhcp())], [])));
    }

    [Fact]
    public void A_vlan_network_without_a_vlan_interface_has_no_uplink()
    {
        NetworkFacts facts = Given.Facts() with { Bridge = "br100", Vlan = VlanTag.Create(100) };
        HostFragment fragment = s_agents[Vlan].Translate([Given.Binding(3, Vlan, facts)], []);
        Assert.Empty(fragment.VlanLinks);
        Assert.Null(Assert.Single(fragment.Bridges).Uplink);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void The_order_of_bindings_does_not_show(string service)
    {
        int seed = int.Parse(Environment.GetEnvironmentVariable("NOVA_TEST_SEED") ?? $"{Random.Shared.Next()}");
        var random = new Random(seed);
        HostBinding[] bindings =
        [
            .. Enumerable.Range(2, 40).Select(n => Given.Binding(
                n, service, Given.Facts(n % 5) with { Dhcp = "dnsmasq", Vlan = VlanTag.Create(100 + (n % 5)) },
                Given.Info(n, $"10.0.{n % 5}.0/24").WithDhcp())),
        ];
        string first = FragmentText.Of(s_agents[service].Translate(bindings, []));
        for (int i = 0; i < 20; i++)
        {
            random.Shuffle(bindings);
            string again = FragmentText.Of(s_agents[service].Translate(bindings, []));
            Assert.True(first == again, $"NOVA_TEST_SEED={seed}: the order of bindings changed the fragment:\n{again}");
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Nothing_bound_is_nothing_wanted(string service) =>
        Assert.Equal("", FragmentText.Of(s_agents[service].Translate([], [])));

    [Theory]
    [MemberData(nameof(Services))]
    [Trait("seed", "S144"), Trait("seed", "S145"), Trait("seed", "S146")]
    public void Without_firewall_there_is_no_guard_and_without_dhcp_no_scope(string service)
    {
        NetworkFacts facts = Given.Facts() with { Firewall = "none", Dhcp = "none" };
        HostFragment fragment = s_agents[service].Translate([Given.Binding(5, service, facts)], []);
        Assert.Empty(fragment.Guards);
        Assert.Empty(fragment.DhcpScopes);
        Assert.Single(fragment.Ports);
    }

    [Fact]
    public void A_gateway_beside_the_dhcp_server_is_somebody_elses_router()
    {
        NetworkInfo info = Given.Info(7) with
        {
            Gateway = Ip4Address.Parse("10.0.0.254"),
            DhcpServer = Ip4Address.Parse("10.0.0.2"),
        };
        HostFragment fragment = s_agents[FlatDhcp].Translate(
            [Given.Binding(7, FlatDhcp, Given.Facts() with { Dhcp = "dnsmasq" }, info)], []);
        Assert.Equal(["10.0.0.2/24"], Assert.Single(fragment.Bridges).Addresses);
        Assert.Equal("10.0.0.254", Assert.Single(fragment.DhcpScopes).Router.ToString());
    }

    [Fact]
    public void Every_address_of_a_vnic_may_come_out_of_its_port()
    {
        NetworkInfo info = Given.Info(7) with
        {
            AddressV6 = Ip6Address.Parse("fd00:1::7"),
            Additional = ["10.0.0.9", "fd00:2::7", "no address"],
        };
        PortGuard guard = Assert.Single(s_agents[Flat].Translate([Given.Binding(7, Flat, null, info)], []).Guards);
        Assert.Equal("10.0.0.7 10.0.0.9", string.Join(' ', guard.Addresses));
        Assert.Equal("fd00:1::7 fd00:2::7 fe80::ff:fe00:7", string.Join(' ', guard.AddressesV6));
    }

    [Fact]
    public void Two_networks_on_one_bridge_share_its_description_unless_their_uplinks_differ()
    {
        NetworkFacts wide = Given.Facts(1) with { Bridge = "br100", Mtu = 9000, BridgeInterface = "eth0" };
        NetworkFacts narrow = Given.Facts(2) with { Bridge = "br100", Mtu = 1400 };
        INetAgent agent = s_agents[Flat];
        Assert.Equal(
            new Bridge("br100", 1400, "eth0", []),
            Assert.Single(agent.Translate([Given.Binding(3, Flat, wide), Given.Binding(4, Flat, narrow)], []).Bridges));
        Assert.Equal(2, agent.Translate(
        [
            Given.Binding(3, Flat, wide), Given.Binding(4, Flat, narrow with { BridgeInterface = "eth9" }),
        ], []).Bridges.Count);
    }

    [Theory]
    [InlineData("web-1", "web-1")]
    [InlineData("Web 1 (blue)", "web-1--blue")]
    [InlineData("1st", "host-1st")]
    [InlineData("München", "m-nchen")]
    [InlineData("日本", "host-10-0-0-7")]
    public void A_lease_carries_the_instances_name_as_a_DNS_label(string name, string label)
    {
        HostBinding binding = Given.Binding(
            7, FlatDhcp, Given.Facts() with { Dhcp = "dnsmasq" }, Given.Info(7).WithDhcp()) with
        { HostName = name };
        DhcpScope scope = Assert.Single(s_agents[FlatDhcp].Translate([binding], []).DhcpScopes);
        Assert.Equal(label, Assert.Single(scope.Hosts).Name);
    }
}
