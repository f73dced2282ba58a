using NovaOrleans.Outcomes;
using NovaOrleans.Testing;
using NovaOrleans.Vnics;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Pools;

/// <summary>What a pool promises, on both databases.</summary>
public abstract partial class PoolTests : IAsyncLifetime
{
    private static readonly ProjectId Project = ProjectId.Parse("blue");
    private PoolCluster _cluster = null!;

    protected PoolCluster Cluster => _cluster;

    protected abstract Task<TestLedger> Open();

    public async Task InitializeAsync() => _cluster = await PoolCluster.Start(await Open());

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_create_makes_card_port_and_history_in_one_answer()
    {
        NetworkId network = await _cluster.Network(
            new TestNetwork("10.0.0.0/24") { CidrV6 = "fd00:1::/64", Gateway = "10.0.0.1" });
        MacAddress mac = MacAddress.Parse("02:00:00:00:00:07");
        CreateVnic command = new(VnicId.New(), Project, "ann", "eth", mac, Ip4Address.Parse("10.0.0.77"));
        VnicView vnic = (await _cluster.Pool(network).CreateVnic(command)).Value;

        Assert.Equal((command.Vnic, mac, "eth", Project), (vnic.Id, vnic.Mac, vnic.Name, vnic.Project));
        Assert.Equal((0L, 1L), (vnic.Generation, vnic.Version));
        PortView port = Assert.Single(vnic.Ports);
        Assert.Equal("10.0.0.77", port.Address.ToString());
        Assert.Equal("fd00:1::ff:fe00:7", port.AddressV6.ToString());
        Assert.Equal(
            (network, PortPhase.Held, command.Vnic, true), (port.Network, port.Phase, port.Vnic!.Value, port.Up));
        VnicView stored = await Stored(vnic.Id);
        Assert.Equal(vnic with { Ports = [] }, stored with { Ports = [] });
        Assert.Equal(vnic.Ports, stored.Ports);
        Assert.Equal(["ann address held 10.0.0.77"], await History(vnic.Id));
    }

    [Fact]
    [Trait("seed", "R14")]
    public async Task The_networks_own_addresses_are_never_handed_out_and_a_full_pool_says_how_full()
    {
        NetworkId network = await _cluster.Network(new TestNetwork("10.0.0.0/28")
        {
            Gateway = "10.0.0.1",
            DhcpServer = "10.0.0.2",
            VpnAddress = "10.0.0.3",
        });
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        Assert.False((await pool.Reserve(Ip4Address.Parse("10.0.0.9"), "op")).Refused);
        List<VnicView> made = await Made(Enumerable.Range(0, 10).Select(_ => pool.CreateVnic(New())));
        Assert.Equal(
            Enumerable.Range(4, 11).Except([9]).Select(n => $"10.0.0.{n}"),
            made.Select(v => v.Ports[0].Address!.Value).Order().Select(a => a.ToString()));

        Refusal full = (await pool.CreateVnic(New())).Refusal!;
        Assert.Equal(RefusalCode.NoMoreAddresses, full.Code);
        Assert.Equal(
            ("11", "10", "1", "0"),
            (full.Details!["size"], full.Details["held"], full.Details["reserved"], full.Details["quarantined"]));
    }

    [Theory]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.1")]
    [InlineData("10.0.0.255")]
    [InlineData("10.0.0.5")]
    [InlineData("10.0.0.200")]
    [InlineData("10.0.1.20")]
    [InlineData("10.0.0.20")]
    [Trait("seed", "R14")]
    public async Task An_address_that_cannot_be_had_is_refused(string address)
    {
        NetworkId network = await _cluster.Network(
            new TestNetwork("10.0.0.0/24", "10.0.0.10", "10.0.0.99") { Gateway = "10.0.0.1" });
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        Assert.False((await pool.CreateVnic(New() with { Address = Ip4Address.Parse("10.0.0.20") })).Refused);
        Outcome<VnicView> refused = await pool.CreateVnic(New() with { Address = Ip4Address.Parse(address) });
        Assert.Equal(RefusalCode.AddressUnavailable, refused.Refusal?.Code);
        Assert.Equal(1, (await pool.Describe()).Held);
    }

    [Fact]
    [Trait("seed", "R10")]
    public async Task One_duplicate_mac_among_a_thousand_is_refused_and_disturbs_nobody()
    {
        NetworkId network = await _cluster.Network("10.0.0.0/16");
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        Outcome<VnicView>[] outcomes = await Task.WhenAll(
            Enumerable.Range(0, 1000).Select(i => pool.CreateVnic(New() with { Mac = Numbered(i == 500 ? 499 : i) })));
        Assert.Equal(RefusalCode.MacInUse, Assert.Single(outcomes, o => o.Refused).Refusal!.Code);
        Assert.Equal(999, outcomes.Where(o => !o.Refused).Select(o => o.Value.Ports[0].Address).Distinct().Count());
        Assert.Equal(999, (await pool.Describe()).Held);
        Assert.Equal((999, 999, 999), await Rows(network));
    }

    [Fact]
    public async Task The_same_key_gives_the_same_card_also_when_asked_at_once()
    {
        NetworkId network = await _cluster.Network("10.0.0.0/24");
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        RequestKey key = new("key-1", "hash");
        List<VnicView> made = await Made(
            Enumerable.Range(0, 50).Select(_ => pool.CreateVnic(New() with { Key = key })));
        Assert.Single(made.Select(v => (v.Id, v.Ports[0].Address)).Distinct());
        Assert.Equal(
            RefusalCode.KeyReused, (await pool.CreateVnic(New() with { Key = new("key-1", "other") })).Refusal?.Code);
        Assert.False((await pool.CreateVnic(New() with { Key = key, Project = ProjectId.Parse("red") })).Refused);
        Assert.Equal(2, (await pool.Describe()).Held);
        Assert.Equal((2, 2, 2), await Rows(network));
    }

    [Fact]
    public async Task The_same_id_gives_the_same_card_also_in_a_full_pool_and_after_a_restart()
    {
        NetworkId network = await _cluster.Network("10.0.0.0/30");
        CreateVnic first = New(), second = New() with { Address = Ip4Address.Parse("10.0.0.2"), Key = new("k", "h") };
        VnicView one = (await _cluster.Pool(network).CreateVnic(first)).Value;
        VnicView two = (await _cluster.Pool(network).CreateVnic(second)).Value;
        await _cluster.Restart();
        Assert.Equal(one.Ports, (await _cluster.Pool(network).CreateVnic(first)).Value.Ports);
        Assert.Equal(two.Ports, (await _cluster.Pool(network).CreateVnic(second)).Value.Ports);
        Assert.Equal(RefusalCode.NoMoreAddresses, (await _cluster.Pool(network).CreateVnic(New())).Refusal?.Code);
    }

    [Fact]
    public async Task A_lost_acknowledgement_leaves_one_card_that_a_repeat_finds()
    {
        NetworkId network = await _cluster.Network("10.0.0.0/24");
        CreateVnic command = New();
        await _cluster.Pool(network).Describe();
        _cluster.Test.Faults.LoseNext();
        OperatingFaultException fault =
            await Assert.ThrowsAsync<OperatingFaultException>(() => _cluster.Pool(network).CreateVnic(command));
        Assert.True(fault.MayRetry);
        VnicView found = (await _cluster.Pool(network).CreateVnic(command)).Value;
        Assert.Equal((await Stored(command.Vnic)).Ports, found.Ports);
        Assert.Equal(1, (await _cluster.Pool(network).Describe()).Held);
        Assert.Equal((1, 1, 1), await Rows(network));
    }

    [Fact]
    public async Task A_refused_commit_leaves_nothing_and_the_pool_goes_on_from_its_rows()
    {
        NetworkId network = await _cluster.Network("10.0.0.0/30");
        await _cluster.Pool(network).Describe();
        _cluster.Test.Faults.RefuseNext(commits: 2);
        await Assert.ThrowsAsync<OperatingFaultException>(async () =>
        {
            await _cluster.Pool(network).CreateVnic(New());
            await _cluster.Pool(network).CreateVnic(New());
        });
        _cluster.Test.Faults.RefuseNext(0);
        Assert.Equal((0, 0, 0), await Rows(network));
        await Made([_cluster.Pool(network).CreateVnic(New()), _cluster.Pool(network).CreateVnic(New())]);
    }

    [Fact]
    public async Task An_activation_that_was_overtaken_holds_nothing_more()
    {
        NetworkId network = await _cluster.Network("10.0.0.0/24");
        await Made([_cluster.Pool(network).CreateVnic(New())]);
        await _cluster.Ledger.Commit(async s =>
        {
            await s.Execute("update pools set epoch = epoch + 1 where network_uuid = @n", ("n", network));
            return Outcome.Done;
        });
        OperatingFaultException fault =
            await Assert.ThrowsAsync<OperatingFaultException>(() => _cluster.Pool(network).CreateVnic(New()));
        Assert.True(fault.MayRetry);
        Assert.Equal((1, 1, 1), await Rows(network));
        await Made([_cluster.Pool(network).CreateVnic(New())]);
        Assert.Equal(2, (await _cluster.Pool(network).Describe()).Held);
    }

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_given_twice_when_the_silo_dies_midway()
    {
        NetworkId network = await _cluster.Network("10.0.0.0/20");
        List<VnicView> before = await Made(Creates(100));
        Task<Outcome<VnicView>>[] midway = [.. Creates(500)];
        await Task.WhenAny(midway);
        await _cluster.Restart();
        await Task.WhenAll(midway.Select(t => t.ContinueWith(_ => { }, TaskScheduler.Default)));
        List<VnicView> acknowledged =
            [.. before, .. midway.Where(t => t.IsCompletedSuccessfully).Select(t => t.Result.Value)];
        List<VnicView> after = await Made(Creates(100));

        Assert.Equal(
            acknowledged.Count + 100,
            acknowledged.Concat(after).Select(v => v.Ports[0].Address).Distinct().Count());
        (long cards, long ports, long told) = await Rows(network);
        Assert.InRange(cards, acknowledged.Count + 100, 700);
        Assert.Equal((cards, cards), (ports, told));
        Assert.Equal(cards, (await _cluster.Pool(network).Describe()).Held);

        IEnumerable<Task<Outcome<VnicView>>> Creates(int count) =>
            Enumerable.Range(0, count).Select(_ => _cluster.Pool(network).CreateVnic(New()));
    }

    private static MacAddress Numbered(int number) =>
        MacAddress.TryFromBits(0x020000000000UL + (ulong)number, out MacAddress mac)
            ? mac
            : throw new ArgumentOutOfRangeException(nameof(number));

    protected static CreateVnic New() => new(VnicId.New(), Project, "ann");

    protected static async Task<List<VnicView>> Made(IEnumerable<Task<Outcome<VnicView>>> creates) =>
        [.. (await Task.WhenAll(creates)).Select(o => o.Value)];

    private Task<VnicView> Stored(VnicId vnic) => _cluster.Ledger.Read(async s =>
        (await VnicRows.Load(s, vnic))!.ToView(await VnicRows.Ports(s, vnic)));

    private Task<List<string>> History(VnicId vnic) => _cluster.Ledger.Read(s => s.Query(
        "select actor, what, address from history where vnic_id = @vnic order by id",
        r => $"{r.Text("actor")} {r.Text("what")} {r.TextOrNull("address")}", ("vnic", vnic)));

    /// <summary>Live cards with a port here, ports held here, and addresses that history says were held here.</summary>
    private Task<(long Cards, long Ports, long Told)> Rows(NetworkId network) => _cluster.Ledger.Read(s => s.QueryOne(
        """
        select (select count(*) from ethernet_cards c join fixed_ips f on f.vnic_id = c.uuid
                 where f.network_uuid = @network and not c.deleted and not f.deleted) as cards,
               (select count(*) from fixed_ips where network_uuid = @network and not deleted and phase = 2) as ports,
               (select count(*) from history where network_uuid = @network and what = 'address held') as told
        """,
        r => (r.Long("cards"), r.Long("ports"), r.Long("told")), ("network", network)));

    private Task Attached(VnicId vnic) => Change(
        "update ethernet_cards set generation = 1, version = version + 1, instance_id = uuid where uuid = @vnic", vnic);

    /// <summary>It was attached once, and is no more.</summary>
    private Task Detached(VnicId vnic) =>
        Change("update ethernet_cards set generation = 1, version = version + 1 where uuid = @vnic", vnic);

    private Task Change(string sql, VnicId vnic) => _cluster.Ledger.Commit(async s =>
        await s.Execute(sql, ("vnic", vnic)) == 1 ? Outcome.Done : throw new InvalidOperationException(sql));

    private async Task DeleteAll(NetworkId network)
    {
        foreach (Guid vnic in await _cluster.Ledger.Read(s => s.Query(
            "select vnic_id from fixed_ips where network_uuid = @network and phase = 2 and not deleted",
            r => r.Uuid("vnic_id"), ("network", network))))
        {
            Assert.False((await _cluster.Pool(network).DeleteVnic(new VnicId(vnic), 1, "ann")).Refused);
        }
    }
}

public sealed class SqlitePoolTests : PoolTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresPoolTests : PoolTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();

    /// <summary>
    /// What is planned while the tables are empty stays planned until they are analyzed: to read them all must not be it.
    /// </summary>
    [Fact]
    public async Task A_batch_reads_no_whole_table_of_a_database_that_was_empty_when_its_silo_came_up()
    {
        NetworkId network = await Cluster.Network(new TestNetwork("10.0.0.0/20"));
        IFixedIpPoolGrain pool = Cluster.Pool(network);
        List<VnicView> made = await Made(Enumerable.Range(0, 200).Select(_ => pool.CreateVnic(New())));
        (long whole, long byIndex) = await Scans();
        await Task.WhenAll(made.Select(v => pool.DeleteVnic(v.Id, v.Version, "ann")));
        await Made(Enumerable.Range(0, 50).Select(_ => pool.CreateVnic(New())));

        // A session's counts come up to ten seconds after its work.
        await Poll.Until(async () => (await Scans()).ByIndex >= byIndex + 200, "the counts of a look-up for each card");
        Assert.Equal(whole, (await Scans()).Whole);
    }

    private Task<(long Whole, long ByIndex)> Scans() => Cluster.Ledger.Read(s => s.QueryOne(
        """
        select seq_scan as whole, idx_scan as by_index from pg_stat_user_tables where relname = 'ethernet_cards'
        """,
        r => (r.Long("whole"), r.Long("by_index"))));
}
