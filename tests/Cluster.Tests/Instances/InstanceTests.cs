namespace NovaOrleans.Instances;

/// <summary>The life of instances with a host that plays along.</summary>
public abstract class InstanceTests : CloudTests
{
    [Fact]
    [Trait("seed", "S13"), Trait("seed", "S86")]
    public async Task A_create_binds_its_VNICs_on_the_host_and_is_active_when_the_host_has_confirmed_all()
    {
        NetworkId network = await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView first = await Cloud.MakeCard(), second = await Cloud.MakeCard();
        var id = InstanceId.New();

        InstanceView made = (await Cloud.Instance(id).Create(Cloud.Launch(first.Id, second.Id))).Value;
        Assert.Equal((InstanceStatus.Building, host.Name), (made.Status, made.Host));
        Assert.Equal([first.Id, second.Id], made.Vnics);

        await host.Renew();
        BindRecord told = host.Has[second.Id];
        Assert.Equal((1, 1L, network), (told.Binding.NicIndex, told.Binding.Generation, told.Binding.Network!.Network));
        Assert.Equal([first.Id, second.Id], told.Instance.Nics);
        Assert.Equal("10.0.0.1", told.Binding.Info.Gateway.ToString());

        await host.Report([new BindingReport(first.Id, 1, BindingOutcome.Applied)]);
        Assert.Equal(InstanceStatus.Building, await Cloud.StatusOf(id));
        await host.Until(async () => await Cloud.StatusOf(id) == InstanceStatus.Active, "active once both are applied");
        await Cloud.AssertSound();
    }

    /// <summary>While a silo joins, an instance may be on two silos for a moment; the other one's write is a row's here.</summary>
    [Fact]
    public async Task What_another_silo_has_deleted_is_not_shown_from_memory()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        InstanceView made = await Cloud.MakeActive(host, (await Cloud.MakeCard()).Id);
        await Cloud.Ledger.Commit(async s => (Outcome<int>)await s.Execute(
            "update instances set deleted = {true}, deleted_at = {now}, version = version + 1 where uuid = @id", ("id", made.Id)));

        Assert.Equal(RefusalCode.InstanceNotFound, (await Cloud.Instance(made.Id).Describe()).Refusal?.Code);
    }

    /// <summary>The silo that wrote the intent is gone, and the sweeper's look meets an activation that had found nothing.</summary>
    [Fact]
    public async Task What_another_silo_has_begun_goes_on_here_once_it_is_looked_at()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView vnic = await Cloud.MakeCard();
        var id = InstanceId.New();
        Assert.Null(await Cloud.StatusOf(id));
        await Cloud.Ledger.Commit(s => InstanceRows.Insert(s, id, Cloud.Launch(vnic.Id), host.Name));

        Assert.Equal(InstanceStatus.Building, await Cloud.StatusOf(id));
        await host.Until(async () => await Cloud.StatusOf(id) == InstanceStatus.Active, "active, by the saga that the look woke");
        await Cloud.AssertSound();
    }

    [Fact]
    [Trait("seed", "S83")]
    public async Task A_VNIC_that_another_instance_has_refuses_the_whole_create_and_leaves_nothing()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView free = await Cloud.MakeCard(), taken = await Cloud.MakeCard();
        await Cloud.MakeActive(host, taken.Id);

        var id = InstanceId.New();
        Refusal refusal = (await Cloud.Instance(id).Create(Cloud.Launch(free.Id, taken.Id))).Refusal!;

        Assert.Equal((RefusalCode.AlreadyAttached, taken.Id.ToString()), (refusal.Code, refusal.Subject));
        Assert.Null(await Cloud.StatusOf(id));
        Assert.Null((await Cloud.Vnic(free.Id).Describe()).Value.Instance);
        Assert.Null((await Cloud.Vnic(free.Id).Delete(Cloud.Blue, "ann")).Refusal);
        await Cloud.AssertSound();
    }

    [Fact]
    [Trait("seed", "S83")]
    public async Task A_VNIC_of_another_project_or_service_or_of_nobody_is_refused()
    {
        await Cloud.MakeNetwork();
        await TestHost.Start(Cloud);
        VnicView red = await Cloud.MakeCard(Cloud.Red), vlan = await Cloud.MakeCard(service: Cloud.Vlan);

        foreach ((VnicId vnic, RefusalCode code) in (IEnumerable<(VnicId, RefusalCode)>)[
            (red.Id, RefusalCode.VnicNotFound), (VnicId.New(), RefusalCode.VnicNotFound),
            (vlan.Id, RefusalCode.RequestedStateInvalid)])
        {
            Refusal refusal = (await Cloud.Instance(InstanceId.New()).Create(Cloud.Launch(vnic))).Refusal!;
            Assert.Equal((code, vnic.ToString()), (refusal.Code, refusal.Subject));
        }

        Assert.Empty(await Cloud.Query.Instances(null, new Page()));
    }

    [Fact]
    public async Task A_request_key_gives_the_first_answer_again_also_when_no_host_lives_and_refuses_another_body()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView vnic = await Cloud.MakeCard();
        CreateInstance command = Cloud.Launch(vnic.Id) with { Key = new RequestKey("k1", "hash") };
        InstanceView first = (await Cloud.Instance(InstanceId.New()).Create(command)).Value;
        await host.Until(async () => await Cloud.StatusOf(first.Id) == InstanceStatus.Active, "active");
        await Cloud.Restart();

        Assert.Equal(first.Id, (await Cloud.Instance(InstanceId.New()).Create(command)).Value.Id);
        Assert.Equal(first.Id, (await Cloud.Instance(first.Id).Create(command)).Value.Id);
        CreateInstance other = command with { Key = new RequestKey("k1", "another") };
        Assert.Equal(RefusalCode.KeyReused, (await Cloud.Instance(InstanceId.New()).Create(other)).Refusal!.Code);
        Assert.Equal(RefusalCode.KeyReused, (await Cloud.Instance(first.Id).Create(other)).Refusal!.Code);
        Assert.Equal(
            RefusalCode.Conflict,
            (await Cloud.Instance(first.Id).Create(command with { Project = Cloud.Red, Key = null })).Refusal!.Code);
        Assert.Single(await Cloud.Query.Instances(null, new Page()));
    }

    [Fact]
    public async Task Without_a_live_host_a_create_is_refused_and_leaves_nothing()
    {
        await Cloud.MakeNetwork();
        VnicView vnic = await Cloud.MakeCard();

        Refusal refusal = (await Cloud.Instance(InstanceId.New()).Create(Cloud.Launch(vnic.Id))).Refusal!;

        Assert.Equal(RefusalCode.NoHostAvailable, refusal.Code);
        Assert.Empty(await Cloud.Query.Instances(null, new Page()));
        Assert.Null((await Cloud.Vnic(vnic.Id).Delete(Cloud.Blue, "ann")).Refusal);
        await Cloud.AssertSound();
    }

    [Fact]
    [Trait("seed", "S123")]
    public async Task A_create_whose_binding_is_refused_frees_its_VNICs_deletes_its_own_and_can_be_tried_again()
    {
        await TestHost.Start(Cloud);
        VnicView given = await Cloud.MakeCard(), own = await Cloud.MakeCard();
        var id = InstanceId.New();
        CreateInstance command = Cloud.Launch(given.Id, own.Id) with
        {
            OwnedVnics = [own.Id],
            Key = new RequestKey("k", "hash"),
        };

        Refusal refusal = (await Cloud.Instance(id).Create(command)).Refusal!;

        Assert.Equal(RefusalCode.NoMoreNetworks, refusal.Code);
        Assert.Null(await Cloud.StatusOf(id));
        Assert.Null((await Cloud.Vnic(given.Id).Describe()).Value.Instance);
        Assert.Equal(RefusalCode.VnicNotFound, (await Cloud.Vnic(own.Id).Describe()).Refusal!.Code);
        await Cloud.AssertSound();

        await Cloud.MakeNetwork();
        Outcome<InstanceView> again = await Cloud.Instance(id).Create(command with { Vnics = [given.Id], OwnedVnics = [] });
        Assert.Equal(id, again.Value.Id);
    }

    [Fact]
    [Trait("seed", "S134"), Trait("seed", "R12"), Trait("seed", "D5")]
    public async Task A_delete_is_told_to_the_host_and_done_when_it_reports_and_the_address_then_rests()
    {
        NetworkId network = await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView vnic = await Cloud.MakeCard(), own = await Cloud.MakeCard();
        var id = InstanceId.New();
        await Cloud.Instance(id).Create(Cloud.Launch(vnic.Id, own.Id) with { OwnedVnics = [own.Id] });
        await host.Until(async () => await Cloud.StatusOf(id) == InstanceStatus.Active, "active");

        Assert.Null((await Cloud.Instance(id).Delete(Cloud.Blue, "ann")).Refusal);
        Assert.Equal(InstanceStatus.Deleting, await Cloud.StatusOf(id));
        Assert.Equal(RefusalCode.VnicInUse, (await Cloud.Vnic(vnic.Id).Delete(Cloud.Blue, "ann")).Refusal!.Code);

        await host.Until(async () => await Cloud.StatusOf(id) is null, "deleted once torn down");
        Assert.Empty(host.Has);
        await Cloud.UntilSettled();
        Assert.Null((await Cloud.Vnic(vnic.Id).Describe()).Value.Instance);
        Assert.Equal(RefusalCode.VnicNotFound, (await Cloud.Vnic(own.Id).Describe()).Refusal!.Code);
        Assert.Null((await Cloud.Instance(id).Delete(Cloud.Blue, "ann")).Refusal);
        Assert.Null((await Cloud.Vnic(vnic.Id).Delete(Cloud.Blue, "ann")).Refusal);
        PoolView pool = await Cloud.Pool(network).Describe();
        Assert.Equal((0L, 2L), (pool.Held, pool.Quarantined));
        await Cloud.AssertSound();
    }

    [Fact]
    public async Task A_delete_of_another_projects_or_of_no_instance_is_refused()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        InstanceView vm = await Cloud.MakeActive(host, (await Cloud.MakeCard()).Id);

        Assert.Equal(RefusalCode.InstanceNotFound, (await Cloud.Instance(vm.Id).Delete(Cloud.Red, "eve")).Refusal!.Code);
        Assert.Equal(
            RefusalCode.InstanceNotFound, (await Cloud.Instance(InstanceId.New()).Delete(Cloud.Blue, "ann")).Refusal!.Code);
        Assert.Equal(InstanceStatus.Active, await Cloud.StatusOf(vm.Id));
    }

    [Fact]
    public async Task A_delete_of_what_the_host_never_heard_of_needs_no_report()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView vnic = await Cloud.MakeCard();
        var id = InstanceId.New();
        // The host's row cannot be written: the create is cut off after the cards were attached.
        await Cloud.CutOff(commit: 5, () => Cloud.Instance(id).Create(Cloud.Launch(vnic.Id)));
        Assert.Equal(host.Name, (await Cloud.Vnic(vnic.Id).Describe()).Value.Host);

        await NovaOrleans.Cloud.Again(() => Cloud.Instance(id).Delete(Cloud.Blue, "ann"));

        await Poll.Until(async () => await Cloud.StatusOf(id) is null, "deleted without the host");
        Assert.Null((await Cloud.Vnic(vnic.Id).Describe()).Value.Instance);
        await Cloud.AssertSound();
    }

    [Fact]
    public async Task What_the_host_could_not_apply_is_an_error_with_its_reason_until_it_can()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView vnic = await Cloud.MakeCard();
        var id = InstanceId.New();
        await Cloud.Instance(id).Create(Cloud.Launch(vnic.Id));
        await host.Renew();

        await host.Report(BindingOutcome.Failed, "no bridge");
        await Poll.Until(async () => await Cloud.StatusOf(id) == InstanceStatus.Error, "in error");
        Assert.Equal("no bridge", (await Cloud.Instance(id).Describe()).Value.Fault);

        await host.Until(async () => await Cloud.StatusOf(id) == InstanceStatus.Active, "active after all");
        Assert.Null((await Cloud.Instance(id).Describe()).Value.Fault);
    }
}

public sealed class SqliteInstanceTests : InstanceTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresInstanceTests : InstanceTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
