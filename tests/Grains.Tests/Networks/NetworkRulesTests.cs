using NovaOrleans.Outcomes;
using NovaOrleans.Pools;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Networks;

/// <summary>What may change on a network.</summary>
public class NetworkRulesTests
{
    private static readonly ProjectId Blue = ProjectId.Parse("blue");
    private static readonly ProjectId Red = ProjectId.Parse("red");

    [Fact]
    public void An_update_changes_what_it_names_and_leaves_the_rest()
    {
        NetworkView network = Network();
        Ip4Address dns = Ip4Address.Parse("9.9.9.9");
        NetworkView changed = NetworkRules.Update(network, new UpdateNetwork("op", Dns: [dns]) { VpnPublicPort = 7 }).Value;
        Assert.Equal([dns], changed.Subnet4!.Dns);
        Assert.Equal(("192.0.2.1", 7), (changed.Vpn!.PublicAddress, changed.Vpn.PublicPort));
        Assert.Equal(network, changed with { Subnet4 = network.Subnet4, Vpn = network.Vpn });
        Assert.Equal(("new", 5), (Update(network, "new", 5).Label, Update(network, "new", 5).QuarantineSeconds));
        Assert.Equal(network, NetworkRules.Update(network, new UpdateNetwork("op")).Value);
    }

    [Fact]
    public void What_the_network_does_not_have_cannot_be_changed()
    {
        NetworkView bare = Network() with { Subnet4 = null, Vpn = null };
        Refusal dns = NetworkRules.Update(bare, new UpdateNetwork("op", Dns: [])).Refusal!;
        Refusal vpn = NetworkRules.Update(bare, new UpdateNetwork("op") { VpnPublicPort = 1 }).Refusal!;
        Assert.Equal((RefusalCode.RequestedStateInvalid, "dns1"), (dns.Code, dns.Field));
        Assert.Equal((RefusalCode.RequestedStateInvalid, "vpn_public_address"), (vpn.Code, vpn.Field));
    }

    [Theory]
    [InlineData(NetworkLife.Closing)]
    [InlineData(NetworkLife.Deleted)]
    public void A_network_that_ends_takes_no_change(NetworkLife life)
    {
        NetworkView network = Network() with { Life = life };
        Assert.Equal(RefusalCode.NetworkClosing, NetworkRules.Update(network, new UpdateNetwork("op", "x")).Refusal!.Code);
        Assert.Equal(RefusalCode.NetworkClosing, NetworkRules.Associate(network, Blue).Refusal!.Code);
        Assert.Equal(RefusalCode.NetworkClosing, NetworkRules.Disassociate(network, Pool(network, 0)).Refusal!.Code);
    }

    [Fact]
    public void A_network_is_given_to_one_project_and_taken_from_it_when_nothing_is_held()
    {
        NetworkView free = Network();
        NetworkView blue = NetworkRules.Associate(free, Blue).Value;
        Assert.Equal(Blue, blue.Project);
        Assert.Equal(blue, NetworkRules.Associate(blue, Blue).Value);
        Assert.Equal(RefusalCode.Conflict, NetworkRules.Associate(blue, Red).Refusal!.Code);

        Assert.Equal(RefusalCode.NetworkInUse, NetworkRules.Disassociate(blue, Pool(blue, 1)).Refusal!.Code);
        Assert.Equal(free, NetworkRules.Disassociate(blue, Pool(blue, 0)).Value);
        Assert.Equal(free, NetworkRules.Disassociate(free, Pool(free, 3)).Value);
    }

    [Fact]
    public void What_is_not_known_is_refused_by_its_id()
    {
        var id = NetworkId.New();
        Refusal refusal = NetworkRules.Known(new NetworkState(), id).Refusal!;
        Assert.Equal((RefusalCode.NetworkNotFound, id.ToString()), (refusal.Code, refusal.Subject));
    }

    private static NetworkView Update(NetworkView network, string label, int quarantine) =>
        NetworkRules.Update(network, new UpdateNetwork("op", label) { QuarantineSeconds = quarantine }).Value;

    private static PoolView Pool(NetworkView network, long held) => new(network.Id, 10, held, 0, 0, null);

    private static NetworkView Network()
    {
        var cidr = Cidr4.Parse("10.0.0.0/24");
        AddressRange.TryCreate(cidr.Network + 2, cidr.Broadcast, out AddressRange allowed);
        return new NetworkView(
            1, NetworkId.New(), ServicePath.Parse("test.net.flat"), null, "net", NetworkLife.Open,
            new NetworkLinks(null, null, null), new Subnet4(cidr, cidr.Network + 1, null, allowed, []), null)
        {
            Vpn = new VpnFacts("192.0.2.1", 1000, cidr.Network + 2),
        };
    }
}
