namespace NovaOrleans.Projects;

/// <summary>What a project may have at most, counted in the commit that adds to it.</summary>
public abstract class QuotaTests : CloudTests
{
    private IProjectGrain Blue => Cloud.Grains.GetGrain<IProjectGrain>("blue");

    [Fact]
    public async Task A_project_has_the_default_quotas_until_it_gets_its_own_and_keeps_them()
    {
        Assert.Equal(RefusalCode.ProjectNotFound, (await Blue.Quotas()).Refusal!.Code);
        await Blue.Create(null, "op");
        ProjectQuotas usual = (await Blue.Quotas()).Value;
        Assert.Equal([10L, 10, 20, -1, 3], Quota.Kinds.Select(usual.Of));

        await Set(QuotaKind.FloatingIps, 2);
        await Cloud.Restart();

        Assert.Equal([2L, 10, 20, -1, 3], Quota.Kinds.Select((await Blue.Quotas()).Value.Of));
        await Set(QuotaKind.FloatingIps, null);
        Assert.Equal(10, (await Blue.Quotas()).Value.Of(QuotaKind.FloatingIps));
    }

    [Fact]
    public async Task However_many_ask_at_once_a_project_gets_as_many_fixed_IPs_as_its_quota()
    {
        await Blue.Create(null, "op");
        await Set(QuotaKind.FixedIps, 7);
        NetworkId one = await Cloud.MakeNetwork("10.0.1.0/24"), other = await Cloud.MakeNetwork("10.0.2.0/24");

        Outcome<VnicView>[] made = await Task.WhenAll(Enumerable.Range(0, 24).Select(i =>
            Cloud.Pool(i % 2 == 0 ? one : other).CreateVnic(new CreateVnic(VnicId.New(), Cloud.Blue, "ann"))));

        Assert.Equal(7, made.Count(m => !m.Refused));
        Refusal refusal = made.First(m => m.Refused).Refusal!;
        Assert.Equal((RefusalCode.QuotaExceeded, "7"), (refusal.Code, refusal.Details!["used"]));
        Assert.All(made.Where(m => m.Refused), m => Assert.Equal(RefusalCode.QuotaExceeded, m.Refusal!.Code));
        Assert.Equal(
            RefusalCode.QuotaExceeded,
            (await Cloud.Pool(one).CreatePort(new CreatePort(PortId.New(), Cloud.Blue, "ann"))).Refusal!.Code);
        VnicView bare = await Cloud.MakeCard();
        Assert.Equal(
            RefusalCode.QuotaExceeded,
            (await Cloud.Pool(one).Plug(new PlugVnic(bare.Id, bare.Mac, Cloud.Blue, "ann"))).Refusal!.Code);
        Assert.Null((await Cloud.Pool(one).CreateVnic(new CreateVnic(VnicId.New(), Cloud.Red, "bob"))).Refusal);

        VnicView gone = made.First(m => !m.Refused).Value;
        Assert.Null((await Cloud.Pool(gone.Ports[0].Network).DeleteVnic(gone.Id, gone.Version, "ann")).Refusal);
        Assert.Null((await Cloud.Pool(other).CreatePort(new CreatePort(PortId.New(), Cloud.Blue, "ann"))).Refusal);
        await Set(QuotaKind.FixedIps, -1);
        Assert.Null((await Cloud.Pool(one).CreateVnic(new CreateVnic(VnicId.New(), Cloud.Blue, "ann"))).Refusal);
        await Cloud.AssertSound();
    }

    [Fact]
    public async Task Cards_ports_and_whole_lists_of_cards_at_once_never_bring_a_project_above_its_quota()
    {
        await Blue.Create(null, "op");
        await Set(QuotaKind.FixedIps, 20);
        NetworkId[] networks = [await Cloud.MakeNetwork("10.0.1.0/24"), await Cloud.MakeNetwork("10.0.2.0/24")];
        CreateVnics Many() => new(Cloud.Blue, "ann", [.. Enumerable.Range(0, 4).Select(_ => new CreateVnics.Card(VnicId.New()))]);

        int[] made = await Task.WhenAll(Enumerable.Range(0, 24).Select(async i =>
        {
            IFixedIpPoolGrain pool = Cloud.Pool(networks[i % 2]);
            return (i % 3) switch
            {
                0 => (await pool.CreateVnic(new CreateVnic(VnicId.New(), Cloud.Blue, "ann"))).Refused ? 0 : 1,
                1 => (await pool.CreatePort(new CreatePort(PortId.New(), Cloud.Blue, "ann"))).Refused ? 0 : 1,
                _ => (await pool.CreateVnics(Many())).Refused ? 0 : 4,
            };
        }));

        Assert.InRange(made.Sum(), 17, 20);
        Assert.Equal(made.Sum(), await Live());
        while (!(await Cloud.Pool(networks[0]).CreatePort(new CreatePort(PortId.New(), Cloud.Blue, "ann"))).Refused)
        {
            Assert.InRange(await Live(), 1, 20);
        }

        Assert.Equal(20, await Live());
    }

    [Fact]
    public async Task What_rests_or_is_reserved_is_nobodys_and_a_quota_counts_what_was_there_before_it()
    {
        await Blue.Create(null, "op");
        NetworkId network = await Cloud.MakeNetwork();
        VnicView launched = await Make(network), held = await Make(network);
        TestHost host = await TestHost.Start(Cloud);
        InstanceId instance = (await Cloud.MakeActive(host, launched.Id)).Id;
        PortView alone = (await Cloud.Pool(network).CreatePort(new CreatePort(PortId.New(), Cloud.Blue, "ann"))).Value;
        await Set(QuotaKind.FixedIps, 3);
        Assert.Equal("3", await Used(network));

        Assert.Null((await Cloud.Instance(instance).Delete(Cloud.Blue, "ann")).Refusal);
        await host.Until(async () => await Cloud.StatusOf(instance) is null, "the instance is gone");
        VnicView free = (await Cloud.Query.VnicsById([launched.Id]))[0];
        Assert.Null((await Cloud.Pool(network).DeleteVnic(free.Id, free.Version, "ann")).Refusal);
        Assert.Equal(1, (await Cloud.Pool(network).Describe()).Quarantined);
        Assert.Null((await Cloud.Pool(network).Reserve(launched.Ports[0].Address!.Value, "op")).Refusal);
        VnicView third = await Make(network);

        Assert.Equal("3", await Used(network));
        Assert.Null((await Cloud.Pool(network).Unplug(held.Ports[0].Id, "ann")).Refusal);
        Assert.Equal("3", await Used(network));
        Assert.Null((await Cloud.Pool(network).DeletePort(alone.Id, "ann")).Refusal);
        await Set(QuotaKind.FixedIps, 2);
        Assert.Equal("2", await Used(network));
        Assert.Null((await Cloud.Pool(network).DeleteVnic(third.Id, third.Version, "ann")).Refusal);
        await Make(network);
        await Cloud.AssertSound();
    }

    private async Task<VnicView> Make(NetworkId network) =>
        (await Cloud.Pool(network).CreateVnic(new CreateVnic(VnicId.New(), Cloud.Blue, "ann"))).Value;

    /// <summary>As the refusal of one more says.</summary>
    private async Task<string> Used(NetworkId network) =>
        (await Cloud.Pool(network).CreateVnic(new CreateVnic(VnicId.New(), Cloud.Blue, "ann"))).Refusal!.Details!["used"];

    private Task<long> Live() => Cloud.Ledger.Read(s => s.QueryOne(
        "select count(*) as n from fixed_ips where project_id = 'blue' and not deleted", r => r.Long("n")));

    [Fact]
    public async Task A_repeat_of_a_create_is_answered_also_when_the_quota_is_used_up()
    {
        await Blue.Create(null, "op");
        await Set(QuotaKind.FixedIps, 1);
        NetworkId network = await Cloud.MakeNetwork();
        var command = new CreateVnic(VnicId.New(), Cloud.Blue, "ann", Key: new RequestKey("once", "body"));

        VnicView made = (await Cloud.Pool(network).CreateVnic(command)).Value;

        Assert.Equal(made.Id, (await Cloud.Pool(network).CreateVnic(command with { Vnic = VnicId.New() })).Value.Id);
    }

    [Fact]
    public async Task A_project_gets_as_many_networks_of_all_services_as_its_quota()
    {
        await Blue.Create(null, "op");
        Assert.Null((await Make(Cloud.Flat, "10.1.0.0/24", "10.1.1.0/24")).Refusal);

        Refusal refusal = (await Make(Cloud.Vlan, "10.2.0.0/24", "10.2.1.0/24")).Refusal!;

        Assert.Equal((RefusalCode.QuotaExceeded, "networks", "2"), (refusal.Code, refusal.Details!["quota"], refusal.Details["used"]));
        Assert.Null((await Make(Cloud.Vlan, "10.2.0.0/24")).Refusal);
        Assert.Equal(RefusalCode.QuotaExceeded, (await Make(Cloud.Flat, "10.1.2.0/24")).Refusal!.Code);
        Assert.NotEqual(default, await Cloud.MakeNetwork("10.3.0.0/24"));
        Assert.Null((await Make(Cloud.Flat, false, "10.4.0.0/24")).Refusal);
        await Set(QuotaKind.Networks, 5);
        Assert.Null((await Make(Cloud.Flat, "10.1.2.0/24")).Refusal);
    }

    private async Task Set(QuotaKind kind, long? limit) => Assert.Null(
        (await Blue.SetQuotas(new Dictionary<QuotaKind, long?> { [kind] = limit }, "op")).Refusal);

    private Task<Outcome<IReadOnlyList<NetworkView>>> Make(ServicePath service, params string[] cidrs) =>
        Make(service, true, cidrs);

    private Task<Outcome<IReadOnlyList<NetworkView>>> Make(ServicePath service, bool held, params string[] cidrs) =>
        Cloud.Range(service).Create(new CreateNetworks(
            service, "op", null, [.. cidrs.Select(c => Cloud.NewNetwork(c) with { Project = Cloud.Blue })])
        {
            HeldToQuota = held,
        });
}

public sealed class SqliteQuotaTests : QuotaTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresQuotaTests : QuotaTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
