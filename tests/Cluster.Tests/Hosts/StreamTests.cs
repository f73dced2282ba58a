namespace NovaOrleans.Hosts;

/// <summary>How a host learns of its records, and what it may ask.</summary>
public abstract class StreamTests : CloudTests
{
    [Fact]
    [Trait("seed", "D7")]
    public async Task A_push_brings_the_record_at_once_and_a_renewal_brings_what_pushes_lost()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        host.Listen();
        await host.Renew();
        VnicView first = await Cloud.MakeCard(), second = await Cloud.MakeCard();
        await Cloud.Instance(InstanceId.New()).Create(Cloud.Launch(first.Id));
        await Cloud.Instance(InstanceId.New()).Create(Cloud.Launch(second.Id));

        await Poll.Until(() => host.PushedRevisions().SetEquals([1, 2]), "both records are pushed");
        Assert.Empty(host.Has);
        await host.Renew();
        Assert.Equal([1, 2], host.LastAnswer!.Records.Select(r => r.Revision));
        Assert.False(host.LastAnswer.IsSnapshot);
        await host.Renew();
        Assert.Empty(host.LastAnswer!.Records);
        await host.Renew(since: 1);
        Assert.Equal([2], host.LastAnswer!.Records.Select(r => r.Revision));
    }

    [Fact]
    public async Task A_snapshot_is_given_first_on_demand_and_to_one_who_claims_the_future()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView vnic = await Cloud.MakeCard();
        await Cloud.MakeActive(host, vnic.Id);

        foreach (long since in (long[])[-1, 99])
        {
            await host.Renew(since);
            Assert.True(host.LastAnswer!.IsSnapshot);
            Assert.Single(host.LastAnswer.Records);
        }

        await host.OpenSession();
        await host.Renew(since: 1);
        Assert.True(host.LastAnswer!.IsSnapshot);
        HostRecords looked = await Cloud.Host("node1").Snapshot();
        Assert.Equal((host.LastAnswer.Head, 1), (looked.Head, looked.Records.Count));
    }

    [Fact]
    public async Task A_new_session_ends_the_one_before()
    {
        TestHost host = await TestHost.Start(Cloud);
        var twin = new TestHost(Cloud);
        await twin.OpenSession();

        Assert.Equal(RefusalCode.Stale, (await host.Renew()).Refusal!.Code);
        Assert.Null((await twin.Renew()).Refusal);
        Assert.Equal(2, twin.Epoch);
    }

    [Fact]
    public async Task A_host_may_ask_for_ports_of_the_VNICs_that_it_was_told_of_and_of_no_others()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView told = await Cloud.MakeCard(), other = await Cloud.MakeCard();
        await Cloud.MakeActive(host, told.Id);
        IHostGrain grain = Cloud.Host("node1");

        Assert.Null((await grain.BindVnicsToPorts(host.Epoch, [told.Id])).Refusal);
        Assert.Equal(RefusalCode.VnicNotFound, (await grain.BindVnicsToPorts(host.Epoch, [told.Id, other.Id])).Refusal!.Code);
        Assert.Equal(RefusalCode.Stale, (await grain.BindVnicsToPorts(host.Epoch - 1, [told.Id])).Refusal!.Code);
        Assert.Empty((await Cloud.Vnic(other.Id).Describe()).Value.Ports);
    }

    [Fact]
    public async Task An_instance_that_was_not_launched_here_is_not_woken_for_its_outcomes()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView theirs = await Cloud.MakeCard(), ours = await Cloud.MakeCard();
        InstanceId unknown = InstanceId.New();
        Outcome<HostBinding> binding = await Cloud.Vnic(theirs.Id).Attach(new AttachVnic(unknown, Cloud.Blue, "vm", host.Name, 0, "ann"));
        Assert.Null((await Cloud.Host("node1").Bind(new InstanceSpec(unknown, "vm", Cloud.Blue, [theirs.Id]), [binding.Value])).Refusal);
        InstanceView launched = await Cloud.MakeActive(host, ours.Id);

        await host.Until(
            async () => await Cloud.Ledger.Read(s => s.QueryOne(
                "select count(*) as n from host_bindings where outcome is not null and told", r => r.Long("n"))) == 2,
            "both outcomes are told");

        IManagementGrain management = Cloud.Grains.GetGrain<IManagementGrain>(0);
        Assert.NotNull(await management.GetActivationAddress(Cloud.Instance(launched.Id)));
        Assert.Null(await management.GetActivationAddress(Cloud.Instance(unknown)));
    }

    [Fact]
    public async Task Instances_spread_over_the_live_hosts_that_have_the_service()
    {
        await Cloud.MakeNetwork();
        await TestHost.Start(Cloud, "a");
        await TestHost.Start(Cloud, "b");
        var lacking = new TestHost(Cloud, "c") { Hello = TestHost.HelloOf(Cloud.Vlan) };
        await lacking.OpenSession();
        await lacking.Renew();
        List<VnicView> cards = [];
        for (int i = 0; i < 6; i++)
        {
            cards.Add(await Cloud.MakeCard());
        }

        Outcome<InstanceView>[] made = await Task.WhenAll(
            cards.Select(c => Cloud.Instance(InstanceId.New()).Create(Cloud.Launch(c.Id))));

        Assert.Equal(
            [("a", 3), ("b", 3)],
            made.GroupBy(m => m.Value.Host!.Value.Value).Select(g => (g.Key, g.Count())).OrderBy(g => g.Key));
        IReadOnlyList<HostView> hosts = await Cloud.Grains.GetGrain<ISchedulerGrain>(0).List();
        Assert.Equal(["a", "b", "c"], hosts.Select(h => h.Name.Value));
        await Cloud.AssertSound();
    }
}

public sealed class SqliteStreamTests : StreamTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresStreamTests : StreamTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
