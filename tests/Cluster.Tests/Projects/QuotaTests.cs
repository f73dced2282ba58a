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
