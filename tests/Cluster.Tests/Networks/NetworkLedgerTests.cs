using NovaOrleans.NetworkServices.Host;

namespace NovaOrleans.Networks;

/// <summary>The door that a network service has to the ledger: its own networks, VNICs and ports, and nothing of others.</summary>
public abstract class NetworkLedgerTests : CloudTests
{
    private static readonly Asker s_admin = new(null, "op");
    private static readonly Asker s_blue = Asker.Of(Cloud.Blue);
    private static readonly Asker s_red = Asker.Of(Cloud.Red);

    private INetworkLedger Door => new NetworkLedger(Cloud.Flat, Cloud.Grains);

    private INetworkLedger Stranger => new NetworkLedger(Cloud.Vlan, Cloud.Grains);

    [Fact]
    [Trait("seed", "S10"), Trait("seed", "S139")]
    public async Task A_network_of_layer_2_carries_what_its_service_keeps_with_it_to_the_host()
    {
        NetworkDraft draft = Draft() with
        {
            Mtu = 1450,
            TellsMembers = true,
            Extra = new Dictionary<string, string> { ["vni"] = "5001", ["mode"] = "unicast" },
        };
        LedgerNetwork made = (await Door.CreateNetwork(s_blue, draft)).Value;
        Assert.Equal((1450, "5001", Bridge.NameOf(draft.Id)), (made.Facts.Mtu, made.Facts.Extra["vni"], made.Facts.Bridge));
        var vnic = VnicId.New();
        LedgerVnic card = (await Door.CreateVnic(s_blue, new VnicDraft(vnic, Cloud.Blue) { Network = draft.Id })).Value;
        Assert.Null(Assert.Single(card.Ports).Address);
        Assert.Equal("mac_address", Assert.Single((await Door.InfoOf(s_blue, vnic)).Value.ToDictionary(), p => p.Value is not null).Key);

        await Cloud.Restart();
        HostBinding told = (await Cloud.Vnic(vnic).Attach(
            new AttachVnic(InstanceId.New(), Cloud.Blue, "vm", HostName.Parse("h1"), 0, "ann"))).Value;
        Assert.Equal(["mode=unicast", "vni=5001"], told.Network!.Extra.Select(e => $"{e.Key}={e.Value}"));
        Assert.Equal(RefusalCode.NetworkInUse, (await Door.DeleteNetwork(s_blue, draft.Id)).Refusal?.Code);
        Assert.Equal(RefusalCode.VnicInUse, (await Door.DeleteVnic(s_blue, vnic)).Refusal?.Code);
    }

    [Fact]
    public async Task What_was_made_is_made_once_by_its_id_and_by_its_key()
    {
        NetworkDraft draft = Draft("10.1.0.0/24");
        LedgerNetwork first = (await Door.CreateNetwork(s_blue, draft)).Value;
        Assert.Equal(first.Id, (await Door.CreateNetwork(s_blue, draft)).Value.Id);
        Assert.NotNull((await Door.CreateNetwork(s_blue, draft with { Label = "another" })).Refusal);

        Asker keyed = s_blue with { Key = new RequestKey("k", "hash") };
        LedgerNetwork once = (await Door.CreateNetwork(keyed, Draft("10.2.0.0/24"))).Value;
        Assert.Equal(once.Id, (await Door.CreateNetwork(keyed, Draft("10.2.0.0/24"))).Value.Id);

        var vnic = new VnicDraft(VnicId.New(), Cloud.Blue) { Network = first.Id, Address = Ip4Address.Parse("10.1.0.9") };
        LedgerVnic card = (await Door.CreateVnic(s_blue, vnic)).Value;
        Assert.Equal(card.Mac, (await Door.CreateVnic(s_blue, vnic)).Value.Mac);
        var chosen = VnicId.New();
        Assert.Equal(chosen, (await Door.CreateDefaultVnic(Cloud.Blue, chosen, FreeNetworks.Leave)).Value);
        Assert.Equal(chosen, (await Door.CreateDefaultVnic(Cloud.Blue, chosen, FreeNetworks.Leave)).Value);
        Assert.Equal(2, (await Door.ListVnics(s_blue, new Page())).Count);
        await Cloud.AssertSound();
    }

    [Fact]
    [Trait("seed", "S83")]
    public async Task What_is_another_services_or_another_projects_is_not_there()
    {
        NetworkId network = (await Door.CreateNetwork(s_blue, Draft("10.1.0.0/24"))).Value.Id;
        var vnic = VnicId.New();
        await Door.CreateVnic(s_blue, new VnicDraft(vnic, Cloud.Blue) { Network = network });
        foreach ((INetworkLedger door, Asker asker) in new[] { (Stranger, s_admin), (Stranger, s_blue), (Door, s_red) })
        {
            Assert.Empty(await door.ListNetworks(asker, new Page()));
            Assert.Empty(await door.ListVnics(asker, new Page()));
            Assert.Empty(await door.FindVnics(asker, [vnic]));
            RefusalCode?[] codes =
            [
                (await door.ShowNetwork(asker, network)).Refusal?.Code, (await door.DeleteNetwork(asker, network)).Refusal?.Code,
                (await door.ListPorts(asker, network, new Page())).Refusal?.Code, (await door.InfoOf(asker, vnic)).Refusal?.Code,
                (await door.Plug(asker, vnic, network)).Refusal?.Code, (await door.Unplug(asker, vnic, network)).Refusal?.Code,
                (await door.DeleteVnic(asker, vnic)).Refusal?.Code,
            ];
            Assert.Equal([.. Enumerable.Repeat((RefusalCode?)RefusalCode.NetworkNotFound, 3), .. Enumerable.Repeat((RefusalCode?)RefusalCode.VnicNotFound, 4)], codes);
        }

        Assert.Equal(RefusalCode.Forbidden, (await Door.CreateVnic(s_red, new VnicDraft(VnicId.New(), Cloud.Blue))).Refusal?.Code);
        Assert.Equal(RefusalCode.Forbidden, (await Door.CreateNetwork(s_red, Draft())).Refusal?.Code);
        Assert.Equal(
            RefusalCode.NetworkNotFound,
            (await Door.CreateVnic(s_red, new VnicDraft(VnicId.New(), Cloud.Red) { Network = network })).Refusal?.Code);
        Assert.Equal(RefusalCode.VnicNotFound, (await Door.ValidateVnics(Cloud.Red, [vnic])).Refusal?.Code);
        Assert.Null((await Door.ValidateVnics(Cloud.Blue, [vnic])).Refusal);
        Assert.Equal(RefusalCode.Conflict, (await Stranger.ValidateVnics(Cloud.Blue, [vnic])).Refusal?.Code);
    }

    [Fact]
    public async Task Isolated_networks_have_the_addresses_of_others_and_no_way_out()
    {
        await Door.CreateNetwork(s_blue, Draft("10.1.0.0/24"));
        Assert.Equal(RefusalCode.CidrConflict, (await Door.CreateNetwork(s_blue, Draft("10.1.0.0/24"))).Refusal?.Code);
        NetworkDraft isolated = Draft("10.1.0.0/24") with { Isolated = true };
        Assert.Null((await Door.CreateNetwork(s_blue, isolated)).Refusal);
        Assert.Null((await Door.CreateNetwork(s_red, isolated with { Id = NetworkId.New(), Project = Cloud.Red })).Refusal);
        Assert.Null((await Door.CreateNetwork(s_blue, Draft("10.2.0.0/24"))).Refusal);
        var vnics = new List<VnicId>();
        foreach (LedgerNetwork network in await Door.ListNetworks(s_admin, new Page()))
        {
            vnics.Add(VnicId.New());
            await Door.CreateVnic(s_admin, new VnicDraft(vnics[^1], network.Project!.Value) { Network = network.Id });
        }

        IReadOnlyList<LedgerVnic> cards = await Door.FindVnics(s_admin, vnics);
        Assert.Equal(3, cards.Count(c => c.Ports[0].Address == Ip4Address.Parse("10.1.0.2")));
        await Cloud.AssertSound();
    }

    [Fact]
    public async Task Every_fault_of_a_draft_is_told_before_anything_is_made()
    {
        NetworkDraft draft = Draft() with
        {
            Label = "a\nb",
            Bridge = "a bridge",
            BridgeInterface = "eth0;",
            Mtu = 60,
            QuarantineSeconds = -1,
            Nat = true,
            Dhcp = true,
            CidrV6 = Cidr6.Parse("fd00::/48"),
            GatewayV6 = Ip6Address.Parse("fe80::1"),
            Extra = new Dictionary<string, string> { ["a b"] = "x", ["c"] = "\u001b" },
            Subnet = new LedgerSubnet(Cidr4.Parse("10.1.0.0/31")),
        };
        Refusal refusal = (await Door.CreateNetwork(s_blue, draft)).Refusal!;
        Assert.Equal(
            ["label", "bridge", "bridge_interface", "mtu", "quarantine_seconds", "nat", "extra", "extra", "cidr", "dhcp_server", "cidr_v6", "gateway_v6"],
            refusal.More.Prepend(refusal).Select(f => f.Field));
        Assert.Empty(await Door.ListNetworks(s_admin, new Page()));
    }

    [Fact]
    public async Task A_VNIC_is_plugged_unplugged_and_deleted_and_leaves_nothing()
    {
        NetworkId one = (await Door.CreateNetwork(s_blue, Draft("10.1.0.0/24"))).Value.Id;
        NetworkId two = (await Door.CreateNetwork(s_admin, Draft("10.2.0.0/24") with { Project = null })).Value.Id;
        VnicId vnic = (await Door.CreateVnic(s_blue, new VnicDraft(VnicId.New(), Cloud.Blue))).Value.Id;
        Assert.Null((await Door.BindVnics(Cloud.Blue, [vnic], FreeNetworks.Leave)).Refusal);
        LedgerPort port = Assert.Single(Assert.Single(await Door.FindVnics(s_blue, [vnic])).Ports);
        Assert.Equal((one, "10.1.0.2"), (port.Network, $"{port.Address}"));
        Assert.Equal(port.Id, (await Door.Plug(s_blue, vnic, one)).Value.Id);
        LedgerPort given = (await Door.Plug(s_blue, vnic, two, Ip4Address.Parse("10.2.0.7"))).Value;
        Assert.Equal(given.Id, (await Door.Plug(s_blue, vnic, two, Ip4Address.Parse("10.2.0.7"))).Value.Id);
        Assert.Single((await Door.ListPorts(s_blue, two, new Page())).Value);
        Assert.Empty((await Door.ListPorts(s_red, two, new Page())).Value);
        Assert.Equal(RefusalCode.Forbidden, (await Door.DeleteNetwork(s_blue, two)).Refusal?.Code);

        Assert.Null((await Door.Unplug(s_blue, vnic, two)).Refusal);
        Assert.Null((await Door.Unplug(s_blue, vnic, two)).Refusal);
        Assert.Empty((await Door.ListPorts(s_admin, two, new Page())).Value);
        Assert.Null((await Door.DeleteNetwork(s_admin, two)).Refusal);
        Assert.Null((await Door.DeleteVnic(s_blue, vnic)).Refusal);
        Assert.Equal(RefusalCode.VnicNotFound, (await Door.DeleteVnic(s_blue, vnic)).Refusal?.Code);
        Assert.Null((await Door.DeleteNetwork(s_blue, one)).Refusal);
        await Cloud.AssertSound();
    }

    [Fact]
    public async Task A_card_goes_by_its_pool_alone_and_whoever_remembered_it_does_not_answer_for_it()
    {
        NetworkDraft draft = Draft("10.4.0.0/24");
        await Door.CreateNetwork(s_blue, draft);
        var vnic = VnicId.New();
        await Door.CreateVnic(s_blue, new VnicDraft(vnic, Cloud.Blue) { Network = draft.Id });
        AttachVnic attach = new(InstanceId.New(), Cloud.Blue, "vm", HostName.Parse("h1"), 0, "ann");
        Assert.False((await Cloud.Vnic(vnic).Attach(attach)).Refused);
        Assert.Null((await Cloud.Vnic(vnic).Detach(attach.Instance, 1, "ann")).Refusal);

        Assert.Null((await Door.DeleteVnic(s_blue, vnic)).Refusal);

        // The card's grain is still there, with the card as it was detached.
        Assert.Equal(RefusalCode.VnicNotFound, (await Cloud.Vnic(vnic).Describe()).Refusal?.Code);
        Assert.Equal(RefusalCode.Conflict, (await Cloud.Vnic(vnic).Create(new CreateCard(Cloud.Flat, Cloud.Blue, "ann"))).Refusal?.Code);
        await Assert.ThrowsAsync<OperatingFaultException>(() => Cloud.Vnic(vnic).Attach(attach));
        Assert.Equal(RefusalCode.VnicNotFound, (await Cloud.Vnic(vnic).Attach(attach)).Refusal?.Code);
        Assert.Null((await Cloud.Vnic(vnic).Detach(attach.Instance, 1, "ann")).Refusal);

        // One of two networks is more than a pool can delete by itself.
        NetworkId other = (await Door.CreateNetwork(s_blue, Draft("10.5.0.0/24"))).Value.Id;
        VnicId both = (await Door.CreateVnic(s_blue, new VnicDraft(VnicId.New(), Cloud.Blue) { Network = draft.Id })).Value.Id;
        Assert.Null((await Door.Plug(s_blue, both, other)).Refusal);
        Assert.Null((await Door.DeleteVnic(s_blue, both)).Refusal);
        Assert.Empty(await Door.FindVnics(s_blue, [both]));
        await Cloud.AssertSound();
    }

    private static NetworkDraft Draft(string? cidr = null) => new(NetworkId.New(), Cloud.Blue, "lab")
    {
        Subnet = cidr is null ? null : new LedgerSubnet(Cidr4.Parse(cidr)) { Gateway = Cidr4.Parse(cidr).Network + 1 },
    };
}

public sealed class SqliteNetworkLedgerTests : NetworkLedgerTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresNetworkLedgerTests : NetworkLedgerTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
