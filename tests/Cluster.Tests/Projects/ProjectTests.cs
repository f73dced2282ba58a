namespace NovaOrleans.Projects;

/// <summary>Which network service a project uses, and that it is kept.</summary>
public abstract class ProjectTests : CloudTests
{
    private IProjectGrain Blue => Cloud.Grains.GetGrain<IProjectGrain>("blue");

    [Fact]
    [Trait("seed", "S45"), Trait("seed", "S63")]
    public async Task A_project_uses_the_default_service_until_another_is_set_and_keeps_it()
    {
        Assert.Equal(RefusalCode.ProjectNotFound, (await Blue.Describe()).Refusal!.Code);
        ProjectView made = (await Blue.Create("Blue", "op")).Value;
        Assert.Equal(((ServicePath?)null, Cloud.Flat), (made.Service, made.Effective));
        Assert.Equal(made, (await Blue.Create("another name", "op")).Value);

        Assert.Equal(Cloud.Vlan, (await Blue.SetNetworkService(Cloud.Vlan, false, "op")).Value.Effective);
        await Cloud.Restart();

        ProjectView read = (await Blue.Describe()).Value;
        Assert.Equal(((ServicePath?)Cloud.Vlan, "Blue", made.CreatedAt), (read.Service, read.Name, read.CreatedAt));
        Assert.Equal([Cloud.Blue], await Cloud.Grains.GetGrain<IProjectListGrain>(0).List());
    }

    [Fact]
    public async Task An_unknown_service_is_refused_with_what_is_near_to_it()
    {
        await Blue.Create(null, "op");

        Refusal refusal = (await Blue.SetNetworkService(ServicePath.Parse("test.net.vlam"), false, "op")).Refusal!;

        Assert.Equal(RefusalCode.NoSuchNetworkService, refusal.Code);
        Assert.Contains("did you mean test.net.vlan", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("seed", "S152")]
    public async Task While_VNICs_of_the_former_service_are_attached_a_change_must_be_meant()
    {
        await Blue.Create(null, "op");
        VnicView card = await Cloud.MakeCard();
        AttachVnic attach = new(InstanceId.New(), Cloud.Blue, "vm", HostName.Parse("node1"), 0, "ann");
        await Cloud.Vnic(card.Id).Attach(attach);

        Refusal refusal = (await Blue.SetNetworkService(Cloud.Vlan, false, "op")).Refusal!;
        Assert.Equal((RefusalCode.Conflict, "network_service"), (refusal.Code, refusal.Field));
        Assert.Equal(Cloud.Flat, (await Blue.Describe()).Value.Effective);
        Assert.Equal(Cloud.Vlan, (await Blue.SetNetworkService(Cloud.Vlan, true, "op")).Value.Effective);

        await Cloud.Vnic(card.Id).Detach(attach.Instance, 1, "ann");
        Assert.Null((await Blue.SetNetworkService(Cloud.Flat, false, "op")).Refusal);
    }

    [Fact]
    public async Task What_could_not_be_written_is_not_answered_from_memory()
    {
        await Cloud.CutOff(1, () => Blue.Create(null, "op"));
        Assert.Equal(RefusalCode.ProjectNotFound, (await Blue.Describe()).Refusal!.Code);

        await Cloud.CutOff(2, () => Blue.Create(null, "op"));
        Assert.Null((await Blue.Create(null, "op")).Refusal);
        Assert.Equal([Cloud.Blue], await Cloud.Grains.GetGrain<IProjectListGrain>(0).List());

        await Cloud.CutOff(1, () => Blue.SetNetworkService(Cloud.Vlan, false, "op"));
        Assert.Null((await Blue.Describe()).Value.Service);
    }
}

public sealed class SqliteProjectTests : ProjectTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresProjectTests : ProjectTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
