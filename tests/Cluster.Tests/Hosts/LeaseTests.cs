namespace NovaOrleans.Hosts;

/// <summary>What a host tells of its guests' leases, and the phases of a fixed IP that follow from what it tells.</summary>
public abstract class LeaseTests : CloudTests
{
    private TestHost _host = null!;
    private NetworkId _network;
    private VnicId _vnic;
    private InstanceId _instance;

    [Fact]
    [Trait("seed", "R33")]
    public async Task A_lease_is_shown_while_its_host_tells_of_it_and_stays_in_history()
    {
        await Launch();
        Assert.Null((await Port()).LeasedUntil);

        Assert.Null((await _host.ReportLeases(Lease(3600))).Refusal);
        TimeSpan left = (await Port()).LeasedUntil!.Value - DateTimeOffset.UtcNow;
        Assert.InRange(left, TimeSpan.FromMinutes(55), TimeSpan.FromMinutes(65));
        Assert.Equal((1, 1), await Leased());
        Assert.NotNull((await Cloud.Query.VnicsById([_vnic]))[0].Ports[0].LeasedUntil);
        Assert.Null((await _host.ReportLeases(Lease(7200))).Refusal);
        Assert.True((await Port()).LeasedUntil - DateTimeOffset.UtcNow > TimeSpan.FromMinutes(65), "a renewal moves its end");

        Assert.Null((await _host.ReportLeases(Lease(null))).Refusal);
        Assert.Null((await Port()).LeasedUntil);
        Assert.Equal((1, 0), await Leased());
        Assert.Equal(["lease ended", "address leased"], await Told("lease"));
    }

    [Fact]
    public async Task Leases_of_an_old_generation_or_session_are_ignored_and_counted()
    {
        await Launch();
        Assert.Null((await _host.ReportLeases(
            Lease(3600) with { Generation = 0 }, Lease(3600) with { Generation = 2 }, Lease(3600) with { Vnic = VnicId.New() })).Refusal);
        Assert.Equal(3, (await Cloud.Host("node1").Describe()).Ignored);
        Assert.Equal((1, 0), await Leased());

        await Cloud.Host("node1").Fence("op");
        Assert.Equal(RefusalCode.Stale, (await _host.ReportLeases(Lease(3600))).Refusal!.Code);
        Assert.Empty(await Told("lease"));
    }

    [Fact]
    public async Task A_new_sessions_first_report_ends_what_it_does_not_tell_of()
    {
        await Launch();
        await _host.ReportLeases(Lease(3600));
        await _host.OpenSession();
        await _host.Renew();
        Assert.Null((await _host.ReportLeases(whole: true)).Refusal);
        Assert.Null((await Port()).LeasedUntil);
        Assert.Equal(["lease ended", "address leased"], await Told("lease"));
    }

    [Fact]
    [Trait("seed", "R33")]
    public async Task A_fixed_ip_is_allocated_held_active_releasing_and_quarantined_and_history_says_when()
    {
        _network = await Cloud.MakeNetwork();
        PortView port = (await Cloud.Pool(_network).CreatePort(new CreatePort(PortId.New(), Cloud.Blue, "ann"))).Value;
        Assert.Equal(PortPhase.Allocated, (await Port()).Phase);

        VnicView card = await Cloud.MakeCard();
        _vnic = card.Id;
        await Cloud.Pool(_network).Plug(new PlugVnic(card.Id, card.Mac, Cloud.Blue, "ann", port.Id));
        Assert.Equal(PortPhase.Held, (await Port()).Phase);

        _host = await TestHost.Start(Cloud);
        _instance = (await Cloud.MakeActive(_host, _vnic)).Id;
        Assert.Equal(PortPhase.Active, (await Port()).Phase);
        await _host.ReportLeases(Lease(3600));

        await Cloud.Instance(_instance).Delete(null, "ann");
        Assert.Equal(PortPhase.Releasing, (await Port()).Phase);
        await _host.Until(async () => await Cloud.StatusOf(_instance) is null or InstanceStatus.Deleted, "it is gone");
        await Cloud.UntilSettled();
        Assert.Equal((PortPhase.Held, null), ((await Port()).Phase, (await Port()).LeasedUntil));

        Assert.Null((await Cloud.Vnic(_vnic).Delete(null, "ann")).Refusal);
        Assert.Equal(PortPhase.Quarantined, (await Port()).Phase);
        Assert.Equal(
            ["binding torn down", "teardown asked", "binding applied"],
            (await Told("binding", "teardown")).Where(w => w != "lease ended"));
        Assert.All(
            (await Cloud.Query.History(_network, null, null, new Page()))
                .Where(h => h.What.StartsWith("binding", StringComparison.Ordinal)),
            h => Assert.Equal(("node1", "10.0.0.2", 1), (h.Actor, h.Address, h.Generation)));
        await Cloud.AssertSound();
    }

    private async Task Launch()
    {
        _network = await Cloud.MakeNetwork();
        _vnic = VnicId.New();
        Assert.Null((await Cloud.Pool(_network).CreateVnic(new CreateVnic(_vnic, Cloud.Blue, "ann"))).Refusal);
        _host = await TestHost.Start(Cloud);
        _instance = (await Cloud.MakeActive(_host, _vnic)).Id;
    }

    private LeaseReport Lease(long? seconds) => new(_vnic, 1, Ip4Address.Parse("10.0.0.2"), seconds);

    private async Task<PortView> Port() => Assert.Single(await Cloud.Query.Ports(_network, new Page()));

    /// <summary>The newest first.</summary>
    private async Task<IEnumerable<string>> Told(params string[] words) =>
        (await Cloud.Query.History(null, null, _vnic, new Page())).Select(h => h.What)
            .Where(w => words.Any(word => w.Contains(word, StringComparison.Ordinal)));

    /// <summary>How nova's own view counts them.</summary>
    private Task<(int Allocated, int Leased)> Leased() => Cloud.Ledger.Read(s => s.QueryOne(
        """
        select count(*) as n, sum(case when leased then 1 else 0 end) as l from nova_fixed_ips where allocated and not deleted
        """,
        r => (r.Int("n"), r.Int("l"))));
}

public sealed class SqliteLeaseTests : LeaseTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresLeaseTests : LeaseTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
