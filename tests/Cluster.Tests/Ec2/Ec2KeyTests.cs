using NovaOrleans.Projects;

namespace NovaOrleans.Ec2;

/// <summary>Keys of EC2's API: kept over restarts, listed before they sign, gone when deleted.</summary>
public abstract class Ec2KeyTests : CloudTests
{
    private IEc2KeyRingGrain Ring => Cloud.Grains.GetGrain<IEc2KeyRingGrain>(Cloud.Blue.Value);

    [Fact]
    public async Task A_key_is_found_after_a_restart_with_its_secret_and_its_project()
    {
        await Cloud.Grains.GetGrain<IProjectGrain>(Cloud.Blue.Value).Create(null, "op");
        Ec2Key made = (await Ring.Create("op", null)).Value;
        Ec2Key second = (await Ring.Create("op", null)).Value;
        await Cloud.Restart();

        Assert.Equal(made, await Find(made.AccessKey));
        Assert.Equal((20, 40, Cloud.Blue), (made.AccessKey.Length, made.Secret.Length, made.Project));
        Assert.Equal(second, await Ring.Newest());
        Assert.Equal([made.AccessKey, second.AccessKey], (await Ring.List()).Select(k => k.AccessKey));

        Assert.Null((await Ring.Delete(second.AccessKey, "op")).Refusal);
        Assert.Null(await Find(second.AccessKey));
        Assert.Equal(made, await Ring.Newest());
        await Cloud.Restart();
        Assert.Null(await Find(second.AccessKey));
        Assert.Equal(RefusalCode.NotFound, (await Ring.Delete(second.AccessKey, "op")).Refusal!.Code);
    }

    [Fact]
    public async Task The_same_request_makes_one_key_and_another_with_its_key_is_refused()
    {
        await Cloud.Grains.GetGrain<IProjectGrain>(Cloud.Blue.Value).Create(null, "op");
        RequestKey request = new("k", "hash");
        Ec2Key made = (await Ring.Create("op", request)).Value;

        Assert.Equal(made, (await Ring.Create("op", request)).Value);
        Assert.Equal(RefusalCode.KeyReused, (await Ring.Create("op", request with { BodyHash = "other" })).Refusal!.Code);
        Assert.Single(await Ring.List());
    }

    [Fact]
    public async Task A_projects_keys_go_with_it_and_its_successor_has_none()
    {
        IProjectGrain project = Cloud.Grains.GetGrain<IProjectGrain>(Cloud.Blue.Value);
        await project.Create(null, "op");
        Ec2Key made = (await Ring.Create("op", null)).Value;

        Assert.Null((await project.Delete("op")).Refusal);
        await project.Create(null, "op");

        Assert.Null(await Find(made.AccessKey));
        Assert.Empty(await Ring.List());
    }

    [Fact]
    public async Task A_project_that_is_not_there_has_no_keys() =>
        Assert.Equal(RefusalCode.ProjectNotFound, (await Ring.Create("op", null)).Refusal!.Code);

    private Task<Ec2Key?> Find(string accessKey) => Cloud.Grains.GetGrain<IEc2KeyGrain>(accessKey).Find();
}

public sealed class SqliteEc2KeyTests : Ec2KeyTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresEc2KeyTests : Ec2KeyTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
