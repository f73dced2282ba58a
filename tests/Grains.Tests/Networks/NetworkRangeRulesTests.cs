using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Networks;

/// <summary>What may be created beside what there is.</summary>
public class NetworkRangeRulesTests
{
    private static readonly ServicePath Service = ServicePath.Parse("test.net.vlan");

    [Theory]
    [InlineData("10.0.0.0/24", "10.0.0.0/24", true)]
    [InlineData("10.0.0.0/16", "10.0.7.0/24", true)]
    [InlineData("10.0.7.0/24", "10.0.0.0/16", true)]
    [InlineData("10.0.0.0/24", "10.0.1.0/24", false)]
    [InlineData("10.0.0.0/25", "10.0.0.128/25", false)]
    public void Ranges_of_a_service_do_not_overlap(string there, string asked, bool conflict)
    {
        NetworkRangeState state = State(Taken(cidr: there));
        Refusal? refusal = Create(state, Net(asked)).Refusal;
        Assert.Equal(conflict, refusal is { Code: RefusalCode.CidrConflict, Field: "cidr" });
        Assert.Equal(conflict, refusal is not null);
    }

    [Theory]
    [InlineData("fd00:1::/64", "fd00:1::/64", true)]
    [InlineData("fd00::/16", "fd00:1::/64", true)]
    [InlineData("fd00:1::/64", "fd00:2::/64", false)]
    public void Nor_do_IPv6_ranges(string there, string asked, bool conflict)
    {
        NetworkRangeState state = State(Taken(cidrV6: there));
        Refusal? refusal = Create(state, Net(cidrV6: asked)).Refusal;
        Assert.Equal(conflict, refusal is { Code: RefusalCode.CidrConflict, Field: "cidr_v6" });
        Assert.Equal(conflict, refusal is not null);
    }

    [Fact]
    [Trait("seed", "R4")]
    public void Networks_of_one_order_do_not_overlap_either_and_one_conflict_makes_none()
    {
        Refusal refusal = Create(State(), Net("10.0.0.0/24"), Net("10.0.1.0/24"), Net("10.0.0.0/16")).Refusal!;
        Assert.Equal(RefusalCode.CidrConflict, refusal.Code);
    }

    [Fact]
    [Trait("seed", "R4")]
    public void Open_VLANs_get_the_lowest_free_ids_and_bridges_of_that_name()
    {
        NetworkRangeState state = State(Taken(vlan: 100), Taken(vlan: 102));
        NewNetwork open = Net() with { VlanFrom = 100, BridgeFromVlan = true };
        IReadOnlyList<NewNetwork> made = Create(state, open, open with { Id = NetworkId.New() }).Value;
        Assert.Equal([(101, "br101"), (103, "br103")], made.Select(n => (n.Links.Vlan!.Value.Value, n.Links.Bridge!)));
    }

    [Fact]
    [Trait("seed", "R4")]
    public void A_given_VLAN_that_is_used_is_refused_with_whose_it_is()
    {
        NetworkRangeState.Taken other = Taken(vlan: 100);
        Refusal refusal = Create(State(other), Net(vlan: 100)).Refusal!;
        Assert.Equal((RefusalCode.VlanConflict, "vlan", other.Id.ToString()), (refusal.Code, refusal.Field, refusal.Subject));
        Assert.Equal(101, Create(State(other), Net(vlan: 101)).Value[0].Links.Vlan!.Value.Value);
    }

    [Fact]
    public void When_no_VLAN_is_left_from_the_start_on_none_is_chosen()
    {
        Refusal refusal = Create(State(Taken(vlan: 4093), Taken(vlan: 4094)), Net() with { VlanFrom = 4093 }).Refusal!;
        Assert.Equal((RefusalCode.VlanConflict, "vlan_start"), (refusal.Code, refusal.Field));
    }

    [Theory]
    [InlineData(100, 100, true)]
    [InlineData(null, 100, true)]
    [InlineData(100, null, true)]
    [InlineData(null, null, false)]
    public void A_bridge_carries_one_VLAN_and_flat_networks_may_share_one(int? there, int? asked, bool conflict)
    {
        // The same VLAN is a conflict of its own, found before.
        NetworkRangeState state = State(Taken(vlan: there, bridge: "brx"));
        NewNetwork network = Net(vlan: asked);
        Refusal? refusal = Create(state, network with { Links = network.Links with { Bridge = "brx" } }).Refusal;
        Assert.Equal(conflict, refusal is not null);
        Assert.Equal(conflict && there != asked, refusal is { Code: RefusalCode.Conflict, Field: "bridge" });
    }

    [Fact]
    public void VPN_ports_count_up_at_each_public_address_and_end_at_the_last_port()
    {
        NetworkRangeState state = State(Taken(vpn: ("192.0.2.1", 1000)), Taken(vpn: ("192.0.2.1", 65535)));
        Assert.Equal(1001, Create(state, Vpn("192.0.2.1", 1000)).Value[0].Vpn!.PublicPort);
        Assert.Equal(1000, Create(state, Vpn("192.0.2.2", 1000)).Value[0].Vpn!.PublicPort);
        Refusal refusal = Create(state, Vpn("192.0.2.1", 65535)).Refusal!;
        Assert.Equal((RefusalCode.Conflict, "vpn_start"), (refusal.Code, refusal.Field));
    }

    private static Outcome<IReadOnlyList<NewNetwork>> Create(NetworkRangeState state, params NewNetwork[] networks) =>
        NetworkRangeRules.Create(state, new CreateNetworks(Service, "op", null, networks));

    private static NetworkRangeState State(params NetworkRangeState.Taken[] taken) => new(taken);

    private static NetworkRangeState.Taken Taken(
        string? cidr = null, string? cidrV6 = null, int? vlan = null, (string Address, int Port)? vpn = null, string? bridge = null) =>
        new(
            NetworkId.New(), "there", cidr is null ? null : Cidr4.Parse(cidr), cidrV6 is null ? null : Cidr6.Parse(cidrV6),
            vlan is { } tag ? VlanTag.Create(tag) : null, vpn?.Address, vpn?.Port, bridge);

    private static NewNetwork Net(string? cidr = null, string? cidrV6 = null, int? vlan = null)
    {
        Subnet4? four = null;
        if (cidr is not null)
        {
            var range = Cidr4.Parse(cidr);
            AddressRange.TryCreate(range.Network, range.Broadcast, out AddressRange all);
            four = new Subnet4(range, null, null, all, []);
        }

        return new NewNetwork(
            NetworkId.New(), null, "new", new NetworkLinks(null, null, vlan is { } tag ? VlanTag.Create(tag) : null), four,
            cidrV6 is null ? null : new Subnet6(Cidr6.Parse(cidrV6), null));
    }

    private static NewNetwork Vpn(string address, int port) =>
        Net() with { Vpn = new VpnFacts(address, port, Ip4Address.Parse("10.0.0.2")) };
}
