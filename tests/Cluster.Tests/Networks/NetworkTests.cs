namespace NovaOrleans.Networks;

/// <summary>Networks from their creation, many at once, to their end.</summary>
public abstract class NetworkTests : CloudTests
{
    private static readonly RequestKey Key = new("k", "hash");

    /// <summary>While a silo joins, a network may be on two silos for a moment; the other one's write is a row's here.</summary>
    [Fact]
    public async Task What_another_silo_has_deleted_is_not_shown_from_memory()
    {
        NetworkId network = await Cloud.MakeNetwork();
        Assert.Null((await Cloud.Network(network).Describe()).Refusal);
        await Cloud.Ledger.Commit(async s => (Outcome<int>)await s.Execute(
            "update networks set deleted = {true}, life = 2 where uuid = @id", ("id", network)));

        Assert.Equal(RefusalCode.NetworkNotFound, (await Cloud.Network(network).Describe()).Refusal?.Code);
    }

    [Fact]
    [Trait("seed", "R4")]
    public async Task Many_are_created_in_one_commit_or_where_one_conflicts_none()
    {
        CreateNetworks command = Order(null, "10.1.0.0/24", "10.2.0.0/24", "10.3.0.0/24");
        IReadOnlyList<NetworkView> made = (await Cloud.Range(Cloud.Flat).Create(command)).Value;
        Assert.Equal(command.Networks.Select(n => n.Id), made.Select(n => n.Id));
        Assert.All(made, n => Assert.Equal((NetworkLife.Open, 1L), (n.Life, n.Revision)));

        Refusal refusal = (await Cloud.Range(Cloud.Flat).Create(Order(null, "10.4.0.0/24", "10.2.0.0/16"))).Refusal!;

        Assert.Equal((RefusalCode.CidrConflict, "cidr"), (refusal.Code, refusal.Field));
        Assert.Equal(made, await Cloud.Query.Networks(Cloud.Flat, null, new Page()), (a, b) => a.Id == b.Id);
        // What was refused took nothing with it.
        Assert.Null((await Cloud.Range(Cloud.Flat).Create(Order(null, "10.4.0.0/24"))).Refusal);
    }

    [Fact]
    public async Task A_key_gives_the_same_networks_again_also_when_one_was_given_to_a_project_since()
    {
        CreateNetworks command = Order(Key, "10.1.0.0/24", "10.2.0.0/24");
        IReadOnlyList<NetworkView> first = (await Cloud.Range(Cloud.Flat).Create(command)).Value;
        await Cloud.Network(first[0].Id).Associate(Cloud.Blue, "op");

        IReadOnlyList<NetworkView> again =
            (await Cloud.Range(Cloud.Flat).Create(Order(Key, "10.1.0.0/24", "10.2.0.0/24"))).Value;
        Assert.Equal(first.Select(n => n.Id), again.Select(n => n.Id));
        Assert.Equal(
            RefusalCode.KeyReused,
            (await Cloud.Range(Cloud.Flat).Create(command with { Key = Key with { BodyHash = "another" } })).Refusal!.Code);
    }

    [Fact]
    public async Task An_id_is_one_networks_only()
    {
        CreateNetworks command = Order(null, "10.1.0.0/24");
        NetworkId id = (await Cloud.Range(Cloud.Flat).Create(command)).Value[0].Id;
        await Cloud.Network(id).Delete("op");

        Refusal refusal = (await Cloud.Range(Cloud.Flat).Create(command)).Refusal!;
        Assert.Equal((RefusalCode.Conflict, "uuid"), (refusal.Code, refusal.Field));
    }

    [Fact]
    [Trait("seed", "S129")]
    public async Task Concurrent_projects_take_each_a_VLAN_network_of_their_own_and_then_there_are_no_more()
    {
        NewNetwork[] vlans = [.. Enumerable.Range(1, 4).Select(i => Cloud.NewNetwork($"10.{i}.0.0/24") with
        {
            VlanFrom = 100,
            BridgeFromVlan = true,
        })];
        IReadOnlyList<NetworkView> made =
            (await Cloud.Range(Cloud.Vlan).Create(new CreateNetworks(Cloud.Vlan, "op", null, vlans))).Value;
        Assert.Equal(["br100", "br101", "br102", "br103"], made.Select(n => n.Links.Bridge));

        ProjectId[] projects = [.. Enumerable.Range(0, 6).Select(i => ProjectId.Parse($"p{i}"))];
        Outcome<NetworkId>[] taken = await Task.WhenAll(projects.Concat(projects)
            .Select(p => Cloud.Range(Cloud.Vlan).NetworkFor(p, takeFree: true, shared: false)));

        for (int i = 0; i < projects.Length; i++)
        {
            Assert.Equal(taken[i].Refusal?.Code, taken[i + projects.Length].Refusal?.Code);
            Assert.True(taken[i].Refused || taken[i].Value == taken[i + projects.Length].Value);
        }

        Assert.Equal(4, taken.Where(t => !t.Refused).Select(t => t.Value).Distinct().Count());
        Assert.Equal(4, taken.Where(t => t.Refused).Count(t => t.Refusal!.Code == RefusalCode.NoMoreNetworks));
    }

    [Fact]
    [Trait("seed", "S37"), Trait("seed", "R7")]
    public async Task A_network_in_use_is_not_deleted_and_stays_open()
    {
        NetworkId network = await Cloud.MakeNetwork();
        VnicView vnic = (await Cloud.Pool(network).CreateVnic(new CreateVnic(VnicId.New(), Cloud.Blue, "ann"))).Value;

        Assert.Equal(RefusalCode.NetworkInUse, (await Cloud.Network(network).Delete("op")).Refusal!.Code);
        Assert.Equal(NetworkLife.Open, (await Cloud.Network(network).Describe()).Value.Life);
        Assert.Null((await Cloud.Pool(network).CreatePort(new CreatePort(PortId.New(), Cloud.Blue, "ann"))).Refusal);
        await Cloud.Network(network).Associate(Cloud.Blue, "op");
        Assert.Equal(RefusalCode.NetworkInUse, (await Cloud.Network(network).Disassociate("op")).Refusal!.Code);

        await Cloud.Vnic(vnic.Id).Delete(null, "ann");
        PortView port = (await Cloud.Query.Ports(network, new Page())).Single(p => p.Phase == PortPhase.Allocated);
        await Cloud.Pool(network).DeletePort(port.Id, "ann");
        Assert.Null((await Cloud.Network(network).Disassociate("op")).Refusal);
        Assert.Null((await Cloud.Network(network).Delete("op")).Refusal);
        Assert.Null((await Cloud.Network(network).Delete("op")).Refusal);
        Assert.Equal(RefusalCode.NetworkNotFound, (await Cloud.Network(network).Describe()).Refusal!.Code);
        Assert.Empty(await Cloud.Query.Networks(Cloud.Flat, null, new Page()));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_deletion_that_is_cut_off_anywhere_is_finished_or_the_network_opens_again(
        bool acknowledgementLost, bool inUse)
    {
        for (int commit = 1; commit < 20; commit++)
        {
            NetworkId network = await Cloud.MakeNetwork($"10.{commit}.0.0/24");
            if (inUse)
            {
                await Cloud.Pool(network).CreatePort(new CreatePort(PortId.New(), Cloud.Blue, "ann"));
            }

            bool cut = await Cloud.CutOff(commit, () => Cloud.Network(network).Delete("op"), acknowledgementLost);
            if (cut && !acknowledgementLost)
            {
                await Cloud.Restart();
            }

            await Cloud.UntilSettled();
            Outcome<NetworkView> after = await Cloud.Network(network).Describe();
            if (!after.Refused)
            {
                Assert.True(inUse || commit == 1, $"cut off at commit {commit}");
                Assert.Equal(NetworkLife.Open, after.Value.Life);
                Assert.Null((await Cloud.Pool(network).CreatePort(new CreatePort(PortId.New(), Cloud.Blue, "ann"))).Refusal);
            }

            if (!cut)
            {
                Assert.InRange(commit, 3, 19);
                return;
            }
        }

        Assert.Fail("a deletion has fewer commits than that");
    }

    [Fact]
    public async Task A_VPN_port_that_another_network_has_is_refused()
    {
        NewNetwork[] both = [.. Enumerable.Range(1, 2).Select(i => Cloud.NewNetwork($"10.{i}.0.0/24") with
        {
            Vpn = new VpnFacts("192.0.2.1", 1000, Ip4Address.Parse($"10.{i}.0.2")),
        })];
        IReadOnlyList<NetworkView> made =
            (await Cloud.Range(Cloud.Flat).Create(new CreateNetworks(Cloud.Flat, "op", null, both))).Value;
        Assert.Equal([1000, 1001], made.Select(n => n.Vpn!.PublicPort));

        var update = new UpdateNetwork("op") { VpnPublicPort = 1000 };
        Refusal refusal = (await Cloud.Network(made[1].Id).Update(update)).Refusal!;

        Assert.Equal((RefusalCode.Conflict, "vpn_public_port"), (refusal.Code, refusal.Field));
        NetworkView changed = (await Cloud.Network(made[1].Id).Update(update with
        {
            VpnPublicPort = 1002,
            Label = "new",
            Dns = [Ip4Address.Parse("9.9.9.9")],
        })).Value;
        Assert.Equal(("new", 1002, 2L), (changed.Label, changed.Vpn!.PublicPort, changed.Revision));
        await Cloud.Restart();
        NetworkView read = (await Cloud.Network(made[1].Id).Describe()).Value;
        Assert.Equal(("new", 1002, "9.9.9.9"), (read.Label, read.Vpn!.PublicPort, read.Subnet4!.Dns.Single().ToString()));
    }

    private static CreateNetworks Order(RequestKey? key, params string[] cidrs) =>
        new(Cloud.Flat, "op", key, [.. cidrs.Select(c => Cloud.NewNetwork(c))]);
}

public sealed class SqliteNetworkTests : NetworkTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresNetworkTests : NetworkTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
