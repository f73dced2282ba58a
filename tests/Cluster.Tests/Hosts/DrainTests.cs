namespace NovaOrleans.Hosts;

/// <summary>An operator empties a host, and forgets one that is gone.</summary>
public abstract class DrainTests : CloudTests
{
    private ISchedulerGrain Scheduler => Cloud.Grains.GetGrain<ISchedulerGrain>(0);

    [Fact]
    public async Task A_drained_host_keeps_what_it_has_and_gets_nothing_new_also_after_a_restart()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        InstanceView vm = await Cloud.MakeActive(host, (await Cloud.MakeCard()).Id);

        Assert.Null((await Scheduler.Drain(new DrainHost(host.Name, true, "a disk", "op"))).Refusal);

        Assert.Equal("Host node1 is drained (a disk).", (await Scheduler.Choose(Cloud.Flat, 1, host.Name)).Refusal!.Reason);
        Assert.Equal("Every live host is drained: node1.", (await Scheduler.Choose(Cloud.Flat, 1, null)).Refusal!.Reason);
        await Cloud.Restart();
        TestHost returned = new(Cloud);
        await returned.OpenSession();
        await returned.Renew();
        Assert.Equal(InstanceStatus.Active, await Cloud.StatusOf(vm.Id));
        await Poll.Until(
            async () => (await Scheduler.List())[0] is { Status: HostStatus.Live, Drained: true, DrainReason: "a disk" },
            "the drained host is live");
        Assert.True((await Scheduler.Choose(Cloud.Flat, 1, null)).Refused);

        Assert.Null((await Scheduler.Drain(new DrainHost(host.Name, false, null, "op"))).Refusal);
        Assert.Equal(host.Name, (await Scheduler.Choose(Cloud.Flat, 1, null)).Value);
        Assert.Equal(
            RefusalCode.HostNotFound,
            (await Scheduler.Drain(new DrainHost(HostName.Parse("nobody"), true, null, "op"))).Refusal!.Code);
    }

    [Fact]
    public async Task A_scheduler_that_has_just_started_waits_for_hosts_that_it_has_not_heard_of()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        CreateInstance launch = Cloud.Launch((await Cloud.MakeCard()).Id);
        await Cloud.Restart();

        var id = InstanceId.New();
        foreach (HostName? wanted in new HostName?[] { null, host.Name })
        {
            OperatingFaultException early = await Assert.ThrowsAsync<OperatingFaultException>(
                () => Cloud.Instance(id).Create(launch with { Host = wanted }));
            Assert.True(early.MayRetry);
        }

        Outcome<InstanceView> nowhere = await Cloud.Instance(id).Create(launch with { Host = HostName.Parse("nobody") });
        Assert.Equal(RefusalCode.NoHostAvailable, nowhere.Refusal?.Code);
        await host.OpenSession();
        await host.Renew();
        await host.UntilHeard();
        Assert.Null((await Cloud.Instance(id).Create(launch with { Host = host.Name })).Refusal);
    }

    [Fact]
    public async Task A_host_is_forgotten_when_it_is_gone_and_has_nothing_and_is_there_again_when_it_returns()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        await Cloud.MakeActive(host, (await Cloud.MakeCard()).Id);
        Assert.Equal("Host node1 is live: stop its agent first.", (await Scheduler.Remove(host.Name, "op")).Refusal!.Reason);
        await Cloud.Restart();
        Assert.StartsWith("Host node1 has 1 VNICs", (await Scheduler.Remove(host.Name, "op")).Refusal!.Reason, StringComparison.Ordinal);

        await Cloud.Host("node1").Fence("op");
        await Cloud.UntilSettled();
        Assert.Null((await Scheduler.Remove(host.Name, "op")).Refusal);
        Assert.Empty(await Scheduler.List());
        Assert.Equal(RefusalCode.HostNotFound, (await Scheduler.Remove(host.Name, "op")).Refusal!.Code);

        TestHost returned = await TestHost.Start(Cloud);
        Assert.True(returned.Epoch > host.Epoch);
        await Poll.Until(async () => (await Scheduler.List()).Count == 1, "the host is known again");
    }
}

public sealed class SqliteDrainTests : DrainTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresDrainTests : DrainTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
