namespace NovaOrleans.Instances;

/// <summary>What a launch says of an instance beside its network: kept with it, told to its host, found by number.</summary>
public abstract class LaunchTests : CloudTests
{
    [Fact]
    [Trait("seed", "S55")]
    public async Task What_the_launch_said_is_kept_and_told_to_the_host()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView vnic = await Cloud.MakeCard();
        var id = InstanceId.New();
        LaunchDetails launch = new("r-00c0ffee", 3, "mine");
        string data = Convert.ToBase64String("#!/bin/sh"u8);

        InstanceView made = (await Cloud.Instance(id).Create(Cloud.Launch(vnic.Id) with
        {
            Launch = launch,
            UserData = data,
            ImageRef = "7",
            FlavorRef = "m1.tiny",
            Metadata = new Dictionary<string, string> { ["team"] = "blue" },
        })).Value;

        Assert.Equal(launch, made.Launch);
        await host.Renew();
        InstanceFacts facts = host.Has[vnic.Id].Instance.Facts;
        Assert.Equal(
            (made.RowId, "7", "m1.tiny", launch, data, "blue"),
            (facts.Number, facts.ImageRef, facts.FlavorRef, facts.Launch, facts.UserData, facts.Metadata["team"]));
        await Cloud.Restart();
        Assert.Equal(launch, (await Cloud.Instance(id).Describe()).Value.Launch);
    }

    [Fact]
    public async Task An_instance_is_found_by_its_number_by_its_project_alone_and_for_an_hour_after_its_end()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        InstanceView first = await Cloud.MakeActive(host, (await Cloud.MakeCard()).Id);
        InstanceView second = await Cloud.MakeActive(host, (await Cloud.MakeCard()).Id);
        long[] numbers = [second.RowId, first.RowId, 12_345];

        Assert.Equal([first.Id, second.Id], await Found(Cloud.Blue, numbers));
        Assert.Empty(await Found(Cloud.Red, numbers));
        Assert.Empty(await Found(Cloud.Blue));

        await Cloud.Instance(first.Id).Delete(Cloud.Blue, "ann");
        await host.Until(async () => await Cloud.StatusOf(first.Id) is null, "the first one is gone");
        IReadOnlyList<InstanceView> shown = await Cloud.Query.InstancesByNumber(Cloud.Blue, numbers);
        Assert.Equal([InstanceStatus.Deleted, InstanceStatus.Active], shown.Select(i => i.Status));

        await Cloud.Ledger.Commit(async s =>
        {
            await s.Execute(
                "update instances set deleted_at = {now-@hour} where uuid = @id", ("hour", 3601L), ("id", first.Id.Value));
            return Outcome.Done;
        });
        Assert.Equal([second.Id], await Found(Cloud.Blue, numbers));
    }

    private async Task<IEnumerable<InstanceId>> Found(ProjectId project, params long[] numbers) =>
        (await Cloud.Query.InstancesByNumber(project, numbers)).Select(i => i.Id);
}

public sealed class SqliteLaunchTests : LaunchTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresLaunchTests : LaunchTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
