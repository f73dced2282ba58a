using NovaOrleans.Networks;
using NovaOrleans.NetworkServices;
using NovaOrleans.Outcomes;
using NovaOrleans.Pools;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Vnics;

/// <summary>Who may have a card, and what a host is told of it.</summary>
public class VnicRulesTests
{
    private static readonly ProjectId Blue = ProjectId.Parse("blue");
    private static readonly HostName Node = HostName.Parse("node1");
    private static readonly MacAddress Mac = MacAddress.Parse("02:00:00:00:00:07");

    [Fact]
    public void Each_attachment_raises_generation_and_version_and_the_same_again_raises_nothing()
    {
        VnicRows.Card card = Card();
        AttachVnic attach = Attach();
        VnicRows.Card attached = VnicRules.Attach(card, attach).Value;
        Assert.Equal((attach.Instance, Node, 3), (attached.Instance!.Value, attached.Host!.Value, attached.NicIndex!.Value));
        Assert.Equal((1L, 2L), (attached.Generation, attached.Version));
        Assert.Same(attached, VnicRules.Attach(attached, attach).Value);

        VnicRows.Card detached = VnicRules.Detach(attached, attach.Instance, 1).Value!;
        Assert.Equal((null, null, null), (detached.Instance, detached.Host, detached.NicIndex));
        Assert.Equal((1L, 3L), (detached.Generation, detached.Version));
        Assert.Equal(2, VnicRules.Attach(detached, Attach()).Value.Generation);
    }

    [Fact]
    public void Another_instance_another_host_and_another_project_are_refused()
    {
        AttachVnic attach = Attach();
        VnicRows.Card attached = VnicRules.Attach(Card(), attach).Value;
        Assert.Equal(RefusalCode.AlreadyAttached, VnicRules.Attach(attached, Attach()).Refusal!.Code);
        Assert.Equal(RefusalCode.AlreadyAttached, VnicRules.Attach(attached, attach with { Host = HostName.Parse("x") }).Refusal!.Code);
        Assert.Equal(
            RefusalCode.VnicNotFound, VnicRules.Attach(Card(), attach with { Project = ProjectId.Parse("red") }).Refusal!.Code);
    }

    [Fact]
    public void An_attachment_ends_with_its_generation_and_instance_only()
    {
        AttachVnic first = Attach(), second = Attach();
        VnicRows.Card attached = VnicRules.Attach(Card(), first).Value;
        VnicRows.Card again = VnicRules.Attach(VnicRules.Detach(attached, first.Instance, 1).Value!, second).Value;

        Assert.Equal(RefusalCode.Stale, VnicRules.Detach(again, first.Instance, 1).Refusal!.Code);
        Assert.Equal(RefusalCode.Stale, VnicRules.Detach(again, first.Instance, 2).Refusal!.Code);
        Assert.Equal(RefusalCode.Stale, VnicRules.Detach(again, second.Instance, 1).Refusal!.Code);
        VnicRows.Card free = VnicRules.Detach(again, second.Instance, 2).Value!;
        Assert.Null(VnicRules.Detach(free, second.Instance, 2).Value);
    }

    [Fact]
    public void A_card_is_deleted_by_its_project_or_an_admin_when_no_instance_has_it()
    {
        VnicRows.Card card = Card();
        Assert.Null(VnicRules.Delete(card, card.Id, Blue).Refusal);
        Assert.Null(VnicRules.Delete(card, card.Id, null).Refusal);
        Assert.Equal(RefusalCode.VnicNotFound, VnicRules.Delete(card, card.Id, ProjectId.Parse("red")).Refusal!.Code);
        Assert.Equal(RefusalCode.VnicNotFound, VnicRules.Delete(null, card.Id, Blue).Refusal!.Code);
        VnicRows.Card attached = VnicRules.Attach(card, Attach()).Value;
        Assert.Equal(RefusalCode.VnicInUse, VnicRules.Delete(attached, card.Id, Blue).Refusal!.Code);
    }

    [Fact]
    [Trait("seed", "S139")]
    public void A_card_without_ports_is_a_MAC_and_twelve_nulls()
    {
        AttachVnic attach = Attach();
        HostBinding binding = VnicRules.Binding(VnicRules.Attach(Card(), attach).Value, "vm", [], null);
        Assert.Null(binding.Network);
        Assert.Equal((attach.Instance, 3, 1L, "vm"), (binding.Instance, binding.NicIndex, binding.Generation, binding.HostName));
        KeyValuePair<string, string?> only = Assert.Single(binding.Info.ToDictionary(), k => k.Value is not null);
        Assert.Equal(("mac_address", Mac.ToString()), (only.Key, only.Value));
        Assert.Equal(13, binding.Info.ToDictionary().Count);
    }

    [Fact]
    [Trait("seed", "S138"), Trait("seed", "D8"), Trait("seed", "D9"), Trait("seed", "D10")]
    public void A_full_card_has_all_thirteen_keys_and_further_addresses_beside_them()
    {
        NetworkView network = Network();
        PortView first = Port(network, "10.0.0.7") with { AddressV6 = Ip6Address.Parse("fd00:1::7") };
        HostBinding binding = VnicRules.Binding(
            VnicRules.Attach(Card(), Attach()).Value, "vm", [first, Port(network, "10.0.0.8")], network);

        Assert.Equal(
            [
                ("cidr", "10.0.0.0/24"), ("cidr_v6", "fd00:1::/64"), ("netmask", "255.255.255.0"), ("netmask_v6", "64"),
                ("gateway", "10.0.0.1"), ("gateway_v6", "fd00:1::1"), ("dhcp_server", "10.0.0.1"), ("broadcast", "10.0.0.255"),
                ("dns", "9.9.9.9 1.1.1.1"), ("ra_server", "fd00:1::1/128"), ("mac_address", Mac.ToString()),
                ("ip_address", "10.0.0.7"), ("address_v6", "fd00:1::7"),
            ],
            binding.Info.ToDictionary().Select(k => (k.Key, k.Value!)));
        Assert.Equal(["10.0.0.8"], binding.Info.Additional);
        NetworkFacts facts = binding.Network!;
        Assert.Equal(
            (network.Id, "br100", 100, 1450, "dnsmasq"),
            (facts.Network, facts.Bridge, facts.Vlan!.Value.Value, facts.Mtu, facts.Dhcp));
    }

    private static VnicRows.Card Card() => new(
        1, VnicId.New(), ServicePath.Parse("test.net.flat"), Blue, Mac, null, null, null, null, 0, 1, null, default);

    private static AttachVnic Attach() => new(InstanceId.New(), Blue, "vm", Node, 3, "ann");

    private static PortView Port(NetworkView network, string address) => new(
        PortId.New(), network.Id, Blue, Ip4Address.Parse(address), null, PortPhase.Held, VnicId.New(), true, default);

    private static NetworkView Network()
    {
        var cidr = Cidr4.Parse("10.0.0.0/24");
        AddressRange.TryCreate(cidr.Network + 2, cidr.Broadcast, out AddressRange allowed);
        return new NetworkView(
            1, NetworkId.New(), ServicePath.Parse("test.net.flat"), Blue, "net", NetworkLife.Open,
            new NetworkLinks("br100", null, VlanTag.Create(100), 1450, Dhcp: "dnsmasq"),
            new Subnet4(cidr, cidr.Network + 1, null, allowed, [Ip4Address.Parse("9.9.9.9"), Ip4Address.Parse("1.1.1.1")]),
            new Subnet6(Cidr6.Parse("fd00:1::/64"), Ip6Address.Parse("fd00:1::1")));
    }
}
