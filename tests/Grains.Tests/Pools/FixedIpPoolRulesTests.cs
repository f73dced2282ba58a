using NovaOrleans.Networks;
using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Pools;

public sealed class FixedIpPoolRulesTests
{
    private static readonly Subnet4 Subnet = new(
        Cidr4.Parse("10.0.0.0/29"), Ip4Address.Parse("10.0.0.1"), Ip4Address.Parse("10.0.0.2"),
        AddressRange.TryCreate(Ip4Address.Parse("10.0.0.0"), Ip4Address.Parse("10.0.0.7"), out AddressRange all)
            ? all
            : default,
        []);

    [Fact]
    public void What_may_be_handed_out_leaves_the_networks_own_addresses_out()
    {
        FixedIpPoolState pool = Pool();
        Assert.Equal(4, pool.Size);
        List<string> given = [];
        while (FixedIpPoolRules.Choose(pool, null) is { Refused: false, Value: { } position })
        {
            pool.Hold(position);
            given.Add(pool.AddressAt(position).ToString());
        }

        Assert.Equal(["10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6"], given);
    }

    [Fact]
    public void A_full_pool_says_when_the_next_address_is_free()
    {
        FixedIpPoolState pool = Pool();
        DateTimeOffset until = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        pool.Hold(3);
        pool.Hold(4);
        pool.Reserve(5);
        pool.Rest(6, until);
        Refusal full = FixedIpPoolRules.Choose(pool, null).Refusal!;
        Assert.Equal(RefusalCode.NoMoreAddresses, full.Code);
        Assert.Equal("2026-01-02T03:04:05Z", full.Details!["next_free_at"]);
        Assert.Equal(("2", "1", "1"), (full.Details["held"], full.Details["reserved"], full.Details["quarantined"]));

        pool.EndRest([6], until);
        Assert.Equal(6, FixedIpPoolRules.Choose(pool, null).Value);
        Assert.Null(pool.NextFreeAt);
    }

    [Fact]
    public void A_released_address_rests_or_is_free_at_once()
    {
        FixedIpPoolState pool = Pool();
        pool.Hold(3);
        pool.Hold(4);
        pool.Release(3);
        pool.Release(4, DateTimeOffset.UnixEpoch);
        Assert.Equal((0, 1, 3), (pool.Held, pool.Quarantined, pool.View.Free));
        Assert.False(FixedIpPoolRules.Choose(pool, Ip4Address.Parse("10.0.0.3")).Refused);
        Assert.Equal(
            RefusalCode.AddressUnavailable,
            FixedIpPoolRules.Choose(pool, Ip4Address.Parse("10.0.0.4")).Refusal?.Code);
    }

    [Fact]
    public void A_closed_pool_gives_nothing()
    {
        FixedIpPoolState pool = Pool();
        pool.Open = false;
        Assert.Equal(RefusalCode.NetworkClosing, FixedIpPoolRules.Choose(pool, null).Refusal?.Code);
    }

    [Fact]
    public void Only_the_first_port_of_a_vnic_in_a_network_has_the_address_of_its_mac()
    {
        PortView port = new(
            PortId.New(), NetworkId.New(), ProjectId.Parse("p"), null, null, PortPhase.Allocated, null, true, default);
        PlugVnic plug = new(VnicId.New(), MacAddress.Parse("02:00:00:00:00:01"), port.Project, "ann");
        NetworkView network = Network() with { Subnet6 = new Subnet6(Cidr6.Parse("fd00::/64"), null) };
        Assert.Equal("fd00::ff:fe00:1", FixedIpPoolRules.Plugged(network, port, plug, 0).AddressV6.ToString());
        Assert.Null(FixedIpPoolRules.Plugged(network, port, plug, 1).AddressV6);
    }

    [Fact]
    public void A_repeat_with_another_body_or_of_another_project_is_no_repeat()
    {
        (Guid id, ProjectId blue, ProjectId red) = (Guid.NewGuid(), ProjectId.Parse("blue"), ProjectId.Parse("red"));
        RequestKey key = new("k", "hash");
        Assert.Null(FixedIpPoolRules.Repeats(id, blue, "hash", blue, key));
        Assert.Null(FixedIpPoolRules.Repeats(id, blue, "hash", blue, null));
        Assert.Equal(RefusalCode.KeyReused, FixedIpPoolRules.Repeats(id, blue, "other", blue, key)?.Code);
        Assert.Equal(RefusalCode.Conflict, FixedIpPoolRules.Repeats(id, blue, "hash", red, key)?.Code);
    }

    private static NetworkView Network() => new(
        1, NetworkId.New(), ServicePath.Parse("nova.network.flat"), null, "net", NetworkLife.Open,
        new NetworkLinks("br100", null, null), Subnet, null);

    private static FixedIpPoolState Pool() => new(Network(), epoch: 1, open: true);
}
