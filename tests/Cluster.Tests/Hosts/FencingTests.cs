namespace NovaOrleans.Hosts;

/// <summary>A host that was taken for dead returns: it obeys nothing of the past, and frees nothing that is another's by now.</summary>
public abstract class FencingTests : CloudTests
{
    [Fact]
    [Trait("seed", "D7")]
    public async Task A_fenced_hosts_address_goes_to_another_VM_and_the_host_cannot_free_it_when_it_returns()
    {
        // One usable address: whoever comes next gets that one.
        NetworkId network = await Cloud.MakeNetwork("10.0.0.0/30", quarantineSeconds: 0);
        TestHost old = await TestHost.Start(Cloud, "old");
        VnicView lost = await Cloud.MakeCard();
        InstanceView vm = await Cloud.MakeActive(old, lost.Id);

        FenceResult fenced = (await Cloud.Host("old").Fence("op")).Value;
        Assert.Equal([lost.Id], fenced.Released);
        await Cloud.UntilSettled();
        InstanceView broken = (await Cloud.Instance(vm.Id).Describe()).Value;
        Assert.Equal((InstanceStatus.Error, "host old was fenced"), (broken.Status, broken.Fault));
        Assert.Null((await Cloud.Vnic(lost.Id).Delete(null, "ann")).Refusal);

        TestHost other = await TestHost.Start(Cloud, "other");
        VnicView heir = await Cloud.MakeCard();
        InstanceView second = await Cloud.MakeActive(other, heir.Id);
        Assert.Equal("10.0.0.2", other.Has[heir.Id].Binding.Info.IpAddress.ToString());

        Assert.Equal(RefusalCode.Stale, (await old.Renew()).Refusal!.Code);
        Assert.Equal(RefusalCode.Stale, (await old.Report()).Refusal!.Code);
        Outcome late = await old.Report([new BindingReport(lost.Id, 1, BindingOutcome.TornDown)]);
        Assert.Equal(RefusalCode.Stale, late.Refusal!.Code);
        HostView away = await Cloud.Host("old").Describe();
        Assert.Equal((HostStatus.Fenced, 3L), (away.Status, away.Ignored));

        long knew = old.Since;
        await old.OpenSession();
        Assert.Null((await old.Renew(since: knew)).Refusal);
        Assert.True(old.LastAnswer!.IsSnapshot);
        Assert.Empty(old.LastAnswer.Records);
        Assert.Empty(old.Has);
        await old.Report([
            new BindingReport(lost.Id, 1, BindingOutcome.TornDown), new BindingReport(lost.Id, 1, BindingOutcome.Applied),
            new BindingReport(heir.Id, 1, BindingOutcome.TornDown)]);
        HostView returned = await Cloud.Host("old").Describe();
        Assert.Equal((HostStatus.Live, 6L, 0), (returned.Status, returned.Ignored, returned.Vnics));

        await Cloud.UntilSettled();
        Assert.Equal(InstanceStatus.Active, await Cloud.StatusOf(second.Id));
        PoolView pool = await Cloud.Pool(network).Describe();
        Assert.Equal((1L, 1L), (pool.Size, pool.Held));
        Assert.Equal(second.Id, (await Cloud.Vnic(heir.Id).Describe()).Value.Instance);
        await Cloud.AssertSound();
    }

    [Fact]
    public async Task What_a_former_host_says_of_a_VNIC_that_is_attached_elsewhere_is_ignored_and_counted()
    {
        await Cloud.MakeNetwork();
        TestHost old = await TestHost.Start(Cloud, "old");
        VnicView vnic = await Cloud.MakeCard();
        InstanceView first = await Cloud.MakeActive(old, vnic.Id);
        await Cloud.Host("old").Fence("op");
        await Cloud.UntilSettled();

        TestHost other = await TestHost.Start(Cloud, "other");
        InstanceView second = await Cloud.MakeActive(other, vnic.Id);
        Assert.Equal(2, other.Has[vnic.Id].Binding.Generation);

        await old.OpenSession();
        await old.Renew();
        await old.Report([
            new BindingReport(vnic.Id, 1, BindingOutcome.TornDown), new BindingReport(vnic.Id, 2, BindingOutcome.TornDown)]);
        await other.Report([new BindingReport(vnic.Id, 1, BindingOutcome.Failed, "late")]);
        Assert.Equal(2, (await Cloud.Host("old").Describe()).Ignored);
        Assert.Equal(1, (await Cloud.Host("other").Describe()).Ignored);
        Assert.Equal(RefusalCode.Stale, (await Cloud.Vnic(vnic.Id).Detach(first.Id, 1, "late")).Refusal!.Code);
        Assert.Equal(
            RefusalCode.Stale,
            (await Cloud.Instance(second.Id).HostReported(vnic.Id, 1, BindingOutcome.TornDown, null)).Refusal!.Code);

        await Cloud.UntilSettled();
        Assert.Equal(InstanceStatus.Active, await Cloud.StatusOf(second.Id));
        VnicView now = (await Cloud.Vnic(vnic.Id).Describe()).Value;
        Assert.Equal((second.Id, other.Name, 2L), (now.Instance, now.Host, now.Generation));
        Assert.Null((await Cloud.Instance(first.Id).Delete(null, "ann")).Refusal);
        Assert.Equal(second.Id, (await Cloud.Vnic(vnic.Id).Describe()).Value.Instance);
        await Cloud.AssertSound();
    }

    [Fact]
    public async Task A_bind_that_arrives_after_its_attachment_has_ended_binds_nothing()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView vnic = await Cloud.MakeCard();
        InstanceView vm = await Cloud.MakeActive(host, vnic.Id);
        BindRecord late = host.Has[vnic.Id];
        await Cloud.Instance(vm.Id).Delete(null, "ann");
        await host.Until(async () => await Cloud.StatusOf(vm.Id) is null, "deleted");
        await Cloud.UntilSettled();

        Outcome<long> bound = await Cloud.Host("node1").Bind(late.Instance, [late.Binding]);

        Assert.Equal(RefusalCode.Stale, bound.Refusal!.Code);
        Assert.Empty((await Cloud.Host("node1").Snapshot()).Records);
        await Cloud.AssertSound();
    }

    [Fact]
    public async Task A_lost_host_keeps_its_bindings_and_its_instances_stay()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView vnic = await Cloud.MakeCard();
        InstanceView vm = await Cloud.MakeActive(host, vnic.Id);
        await Cloud.UntilSettled();
        await Cloud.Restart();

        HostView unheard = await Cloud.Host("node1").Describe();
        Assert.Equal((HostStatus.Lost, 1), (unheard.Status, unheard.Vnics));
        Assert.Equal(RefusalCode.VnicInUse, (await Cloud.Vnic(vnic.Id).Delete(null, "ann")).Refusal!.Code);
        Assert.Equal(InstanceStatus.Active, await Cloud.StatusOf(vm.Id));

        Assert.Null((await host.Renew()).Refusal);
        Assert.False(host.LastAnswer!.IsSnapshot);
        Assert.Empty(host.LastAnswer.Records);
        Assert.Equal(HostStatus.Live, (await Cloud.Host("node1").Describe()).Status);
    }

    [Fact]
    public async Task Instances_of_a_fenced_host_are_told_also_when_the_silo_dies_with_the_fence()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView vnic = await Cloud.MakeCard();
        InstanceView vm = await Cloud.MakeActive(host, vnic.Id);
        await Cloud.UntilSettled();
        await Cloud.CutOff(commit: 2, () => Cloud.Host("node1").Fence("op"));
        await Cloud.Restart();

        await Poll.Until(async () => await Cloud.StatusOf(vm.Id) == InstanceStatus.Error, "told by nobody's asking");
        await Cloud.UntilSettled();
        Assert.Null((await Cloud.Vnic(vnic.Id).Describe()).Value.Instance);
        await Cloud.AssertSound();
    }

    [Fact]
    public async Task A_host_that_never_was_cannot_be_fenced_and_a_fenced_one_takes_nothing()
    {
        await Cloud.MakeNetwork();
        Assert.Equal(RefusalCode.HostNotFound, (await Cloud.Host("nobody").Fence("op")).Refusal!.Code);
        await TestHost.Start(Cloud);
        await Cloud.Host("node1").Fence("op");
        VnicView vnic = await Cloud.MakeCard();

        Refusal refusal = (await Cloud.Instance(InstanceId.New()).Create(Cloud.Launch(vnic.Id))).Refusal!;

        Assert.Equal(RefusalCode.NoHostAvailable, refusal.Code);
        Assert.Null((await Cloud.Vnic(vnic.Id).Describe()).Value.Instance);
    }

    /// <summary>A silo that was frozen in the middle of a bind has committed it when its host's next activation is asked.</summary>
    [Fact]
    public async Task A_bind_that_another_activation_committed_is_not_answered_as_gone()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView vnic = await Cloud.MakeCard();
        await Cloud.MakeActive(host, vnic.Id);
        await Cloud.UntilSettled();
        HostBinding late = host.Has[vnic.Id].Binding with { Vnic = VnicId.New() };
        HostRows rows = Cloud.Service<HostRows>();
        Outcome committed = await Cloud.Ledger.Commit(async session =>
        {
            HostState state = await rows.Load(session, host.Name);
            Assert.True(await rows.Save(session, state, HostRules.Bind(state, host.Has[vnic.Id].Instance, [late]).Value));
            return Outcome.Done;
        });
        Assert.Null(committed.Refusal);

        Outcome<TeardownResult>? answer = null;
        await Cloud.Again(async () =>
        {
            answer = await Cloud.Host(host.Name.Value).Teardown(late.Instance, [new VnicGeneration(late.Vnic, late.Generation)]);
            return Outcome.Done;
        });

        Assert.Empty(answer!.Value.Value.GoneAlready);
    }
}

public sealed class SqliteFencingTests : FencingTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresFencingTests : FencingTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
