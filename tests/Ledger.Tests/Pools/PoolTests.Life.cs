using NovaOrleans.Outcomes;
using NovaOrleans.Testing;
using NovaOrleans.Vnics;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Pools;

// What becomes of an address and of a pool: freeing, quarantine, plugging, reserving, closing.
public abstract partial class PoolTests
{
    [Fact]
    public async Task Cards_get_other_MACs_where_somebody_has_the_rest_of_the_run()
    {
        NetworkId network = await _cluster.Network("10.0.0.0/16");
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        ulong next = MacRun.Shared.Next().Bits;
        foreach (ulong bits in Enumerable.Range(1, 32).Select(i => next + (ulong)i))
        {
            Assert.True(MacAddress.TryFromBits(bits, out MacAddress mac));
            Assert.False((await pool.CreateVnic(New() with { Mac = mac })).Refused);
        }

        for (int i = 0; i < 8; i++)
        {
            Assert.Null((await pool.CreateVnic(New())).Refusal);
        }

        Assert.Equal((40, 40, 40), await Rows(network));
    }

    [Fact]
    [Trait("seed", "R12"), Trait("seed", "R31")]
    public async Task A_deleted_card_that_never_reached_a_host_frees_its_address_at_once()
    {
        NetworkId network = await _cluster.Network(new TestNetwork("10.0.0.0/30", "10.0.0.1", "10.0.0.1"));
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        for (int i = 0; i < 3; i++)
        {
            VnicView vnic = (await pool.CreateVnic(New())).Value;
            Assert.False((await pool.DeleteVnic(vnic.Id, vnic.Version, "ann")).Refused);
            Assert.Equal(RefusalCode.VnicNotFound, (await pool.DeleteVnic(vnic.Id, vnic.Version, "ann")).Refusal?.Code);
            Assert.Equal(["ann address held 10.0.0.1", "ann address released 10.0.0.1"], await History(vnic.Id));
        }

        Assert.Equal((0, 1), ((await pool.Describe()).Held, (await pool.Describe()).Free));
        // Deletion is soft: the rows stay, with their time.
        Assert.Equal(3, await _cluster.Ledger.Read(s => s.QueryOne(
            "select count(deleted_at) as n from ethernet_cards where deleted", r => r.Long("n"))));
    }

    [Fact]
    [Trait("seed", "R33"), Trait("seed", "D5")]
    public async Task A_deleted_card_that_had_reached_a_host_leaves_its_address_at_rest()
    {
        NetworkId network = await _cluster.Network(new TestNetwork("10.0.0.0/30", "10.0.0.1", "10.0.0.1")
        {
            CidrV6 = "fd00::/64",
            QuarantineSeconds = 2,
        });
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        VnicView vnic = (await pool.CreateVnic(New())).Value;
        await Detached(vnic.Id);
        Assert.False((await pool.DeleteVnic(vnic.Id, vnic.Version + 1, "ann")).Refused);
        PoolView resting = await pool.Describe();
        Assert.Equal((0, 1, 0), (resting.Held, resting.Quarantined, resting.Free));
        Refusal full = (await pool.CreateVnic(New())).Refusal!;
        Assert.Equal(RefusalCode.NoMoreAddresses, full.Code);
        Assert.True(full.Details!.ContainsKey("next_free_at"));
        Assert.Equal(RefusalCode.VnicNotFound, (await pool.DeleteVnic(vnic.Id, vnic.Version + 1, "ann")).Refusal?.Code);

        await _cluster.Reactivate(network);
        Assert.Equal(1, (await pool.Describe()).Quarantined);
        await Poll.Until(async () => (await pool.Describe()).Quarantined == 0, "the quarantine's end");
        // The same MAC, and so the same IPv6 address, may come back.
        Assert.False((await pool.CreateVnic(New() with { Mac = vnic.Mac })).Refused);
    }

    [Fact]
    public async Task A_mac_may_return_while_its_old_address_rests()
    {
        NetworkId network = await _cluster.Network(new TestNetwork("10.0.0.0/24") { CidrV6 = "fd00::/64" });
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        VnicView vnic = (await pool.CreateVnic(New())).Value;
        await Detached(vnic.Id);
        await pool.DeleteVnic(vnic.Id, vnic.Version + 1, "ann");
        VnicView again = (await pool.CreateVnic(New() with { Mac = vnic.Mac })).Value;
        Assert.Equal(vnic.Ports[0].AddressV6, again.Ports[0].AddressV6);
        Assert.NotEqual(vnic.Ports[0].Address, again.Ports[0].Address);
    }

    [Fact]
    public async Task A_card_is_not_deleted_while_attached_at_another_version_or_holding_ports_elsewhere()
    {
        NetworkId network = await _cluster.Network("10.0.0.0/24"), other = await _cluster.Network("10.1.0.0/24");
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        VnicView vnic = (await pool.CreateVnic(New())).Value;
        Assert.Equal(RefusalCode.Stale, (await pool.DeleteVnic(vnic.Id, 9, "ann")).Refusal?.Code);
        PortView second = (await _cluster.Pool(other).Plug(new(vnic.Id, vnic.Mac, Project, "ann"))).Value;
        Assert.Equal(RefusalCode.VnicInUse, (await pool.DeleteVnic(vnic.Id, 1, "ann")).Refusal?.Code);
        Assert.False((await _cluster.Pool(other).Unplug(second.Id, "ann")).Refused);
        await Attached(vnic.Id);
        Assert.Equal(RefusalCode.VnicInUse, (await pool.DeleteVnic(vnic.Id, 2, "ann")).Refusal?.Code);
        Assert.Equal(RefusalCode.VnicInUse, (await pool.Unplug(vnic.Ports[0].Id, "ann")).Refusal?.Code);
        Assert.Equal(vnic.Ports, (await Stored(vnic.Id)).Ports);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_card_that_is_deleted_while_it_is_plugged_leaves_no_port_behind(bool elsewhere)
    {
        NetworkId network = await _cluster.Network("10.0.0.0/24"), other = await _cluster.Network("10.1.0.0/24");
        IFixedIpPoolGrain pool = _cluster.Pool(network), second = elsewhere ? _cluster.Pool(other) : pool;
        VnicView vnic = (await pool.CreateVnic(New())).Value;
        await second.Describe();
        TaskCompletionSource plugged = new(), goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _cluster.Test.Faults.Before =
            _ => plugged.TrySetResult() ? goOn.Task.WaitAsync(TimeSpan.FromSeconds(30)) : Task.CompletedTask;
        Task<Outcome<PortView>> plug = second.Plug(new(vnic.Id, vnic.Mac, Project, "ann") { Further = PortId.New() });
        await plugged.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Task<Outcome> delete = pool.DeleteVnic(vnic.Id, vnic.Version, "ann");
        // On PostgreSQL it has begun by now, and waits for the card's row; it saw no port but the first.
        await Task.Delay(500);
        goOn.SetResult();

        Assert.False((await plug).Refused);
        Assert.Equal(elsewhere ? RefusalCode.VnicInUse : null, (await delete).Refusal?.Code);
        int left = elsewhere ? 1 : 0;
        Assert.Equal((left, left), ((await pool.Describe()).Held, (await second.Describe()).Held));
        Assert.Equal(2 * left, await _cluster.Ledger.Read(s => s.QueryOne("select count(*) as n from fixed_ips", r => r.Int("n"))));
    }

    [Fact]
    [Trait("seed", "R33")]
    public async Task A_port_is_allocated_plugged_unplugged_and_deleted()
    {
        NetworkId network = await _cluster.Network(new TestNetwork("10.0.0.0/24") { CidrV6 = "fd00::/64" });
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        CreatePort create = new(PortId.New(), Project, "ann", Key: new("k", "h"));
        PortView port = (await pool.CreatePort(create)).Value;
        Assert.Equal((PortPhase.Allocated, null, null), (port.Phase, port.Vnic, port.AddressV6));
        Assert.Equal(port, (await pool.CreatePort(create)).Value);
        Assert.Equal(port, (await pool.CreatePort(create with { Port = PortId.New() })).Value);
        Assert.Equal(
            RefusalCode.KeyReused, (await pool.CreatePort(create with { Key = new("k", "x") })).Refusal?.Code);

        VnicView vnic = (await pool.CreateVnic(New())).Value, third = (await pool.CreateVnic(New())).Value;
        PlugVnic plug = new(vnic.Id, vnic.Mac, Project, "ann", port.Id);
        PortView plugged = (await pool.Plug(plug)).Value;
        Assert.Equal(port with { Phase = PortPhase.Held, Vnic = vnic.Id }, plugged);
        Assert.Equal(plugged, (await pool.Plug(plug)).Value);
        Assert.Equal([vnic.Ports[0], plugged], (await Stored(vnic.Id)).Ports);
        Assert.Equal(
            RefusalCode.AlreadyAttached, (await pool.Plug(plug with { Vnic = third.Id })).Refusal?.Code);
        Assert.Equal(RefusalCode.PortInUse, (await pool.DeletePort(port.Id, "ann")).Refusal?.Code);

        Assert.False((await pool.Unplug(port.Id, "ann")).Refused);
        Assert.False((await pool.Unplug(port.Id, "ann")).Refused);
        Assert.False((await pool.DeletePort(port.Id, "ann")).Refused);
        Assert.False((await pool.DeletePort(port.Id, "ann")).Refused);
        Assert.Equal(RefusalCode.PortNotFound, (await pool.Plug(plug)).Refusal?.Code);
        Assert.Equal(RefusalCode.PortNotFound, (await pool.DeletePort(PortId.New(), "ann")).Refusal?.Code);
        Assert.Equal(RefusalCode.VnicNotFound,
            (await pool.Plug(new(VnicId.New(), vnic.Mac, Project, "ann"))).Refusal?.Code);
        Assert.Equal(2, (await pool.Describe()).Held);
    }

    [Fact]
    public async Task A_port_that_had_reached_a_host_rests_when_it_is_unplugged_and_deleted()
    {
        NetworkId network = await _cluster.Network("10.0.0.0/24");
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        VnicView vnic = (await pool.CreateVnic(New())).Value;
        await Detached(vnic.Id);
        Assert.False((await pool.Unplug(vnic.Ports[0].Id, "ann")).Refused);
        Assert.False((await pool.DeletePort(vnic.Ports[0].Id, "ann")).Refused);
        PoolView view = await pool.Describe();
        Assert.Equal((0, 1), (view.Held, view.Quarantined));
        Assert.False((await pool.Reserve(vnic.Ports[0].Address!.Value, "op")).Refused);
        view = await pool.Describe();
        Assert.Equal((0, 0, 1), (view.Held, view.Quarantined, view.Reserved));
    }

    [Fact]
    public async Task A_vnic_plugged_without_a_port_gets_one_and_only_one()
    {
        NetworkId network = await _cluster.Network("10.0.0.0/24"), other = await _cluster.Network("10.1.0.0/24");
        VnicView vnic = (await _cluster.Pool(other).CreateVnic(New())).Value;
        PlugVnic plug = new(vnic.Id, vnic.Mac, Project, "ann", Address: Ip4Address.Parse("10.0.0.50"));
        Outcome<PortView>[] ports = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => _cluster.Pool(network).Plug(plug)));
        Assert.Equal("10.0.0.50", Assert.Single(ports.Select(p => p.Value).DistinctBy(p => p.Id)).Address.ToString());
        Assert.Equal(1, (await _cluster.Pool(network).Describe()).Held);
    }

    [Fact]
    [Trait("seed", "R23"), Trait("seed", "R33")]
    public async Task A_reserved_address_stays_out_of_the_pool_until_it_is_unreserved()
    {
        NetworkId network = await _cluster.Network(new TestNetwork("10.0.0.0/30", "10.0.0.1", "10.0.0.1"));
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        Ip4Address address = Ip4Address.Parse("10.0.0.1");
        Assert.False((await pool.Reserve(address, "op")).Refused);
        Assert.False((await pool.Reserve(address, "op")).Refused);
        Assert.Equal(1, (await pool.Describe()).Reserved);
        Assert.Equal(RefusalCode.NoMoreAddresses, (await pool.CreateVnic(New())).Refusal?.Code);
        await _cluster.Reactivate(network);
        Assert.Equal(1, (await pool.Describe()).Reserved);
        Assert.False((await pool.Unreserve(address, "op")).Refused);
        Assert.False((await pool.Unreserve(address, "op")).Refused);
        await Made([pool.CreateVnic(New())]);
        Assert.Equal(RefusalCode.AddressUnavailable, (await pool.Reserve(address, "op")).Refusal?.Code);
        Assert.Equal(RefusalCode.AddressUnavailable, (await pool.Unreserve(address, "op")).Refusal?.Code);
    }

    [Fact]
    public async Task A_pool_closes_when_nothing_is_held_and_takes_nothing_until_it_is_open_again()
    {
        NetworkId network = await _cluster.Network("10.0.0.0/24");
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        VnicView vnic = (await pool.CreateVnic(New())).Value;
        await pool.Reserve(Ip4Address.Parse("10.0.0.100"), "op");
        Assert.Equal(RefusalCode.NetworkInUse, (await pool.Close()).Refusal?.Code);
        Assert.False((await pool.CreateVnic(New())).Refused);
        await pool.DeleteVnic(vnic.Id, 1, "ann");
        Assert.Equal(RefusalCode.NetworkInUse, (await pool.Close()).Refusal?.Code);
        await DeleteAll(network);
        Assert.False((await pool.Close()).Refused);
        Assert.Equal(RefusalCode.NetworkClosing, (await pool.CreateVnic(New())).Refusal?.Code);
        await _cluster.Reactivate(network);
        Outcome<PortView> port = await pool.CreatePort(new CreatePort(PortId.New(), Project, "ann"));
        Assert.Equal(RefusalCode.NetworkClosing, port.Refusal?.Code);
        await pool.Reopen();
        Assert.False((await pool.CreateVnic(New())).Refused);
    }

    [Fact]
    public async Task A_pool_that_closes_among_creates_holds_nothing_afterwards()
    {
        for (int round = 0; round < 10; round++)
        {
            NetworkId network = await _cluster.Network("10.0.0.0/24");
            IFixedIpPoolGrain pool = _cluster.Pool(network);
            await pool.Describe();
            Task<Outcome<VnicView>>[] creates = [.. Enumerable.Range(0, 20).Select(_ => pool.CreateVnic(New()))];
            Outcome closed = await pool.Close();
            int held = (await Task.WhenAll(creates)).Count(o => !o.Refused);
            Assert.Equal(closed.Refused, held > 0);
            Assert.Equal((held, held, held), await Rows(network));
        }
    }

    [Fact]
    public async Task Networks_without_ipv4_give_ports_without_one()
    {
        NetworkId six = await _cluster.Network(new TestNetwork(null) { CidrV6 = "fd00:2::/64" });
        NetworkId two = await _cluster.Network(new TestNetwork(null));
        VnicView vnic = (await _cluster.Pool(six).CreateVnic(New())).Value;
        Assert.Null(vnic.Ports[0].Address);
        Assert.Equal(Cidr6.Parse("fd00:2::/64").AddressOf(vnic.Mac), vnic.Ports[0].AddressV6);
        Assert.Equal((null, null), Addresses((await _cluster.Pool(two).CreateVnic(New())).Value));
        await Detached(vnic.Id);
        Assert.False((await _cluster.Pool(six).DeleteVnic(vnic.Id, 2, "ann")).Refused);
        Assert.Equal((0, 0), ((await _cluster.Pool(six).Describe()).Held, (await _cluster.Pool(six).Describe()).Free));

        static (Ip4Address?, Ip6Address?) Addresses(VnicView v) => (v.Ports[0].Address, v.Ports[0].AddressV6);
    }

    [Fact]
    public async Task A_pool_of_no_network_says_so_and_looks_again()
    {
        NetworkId none = NetworkId.New();
        Assert.Equal(RefusalCode.NetworkNotFound, (await _cluster.Pool(none).CreateVnic(New())).Refusal?.Code);
        Assert.Equal(0, (await _cluster.Pool(none).Describe()).Size);
    }
}
