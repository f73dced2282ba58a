namespace NovaOrleans.Instances;

/// <summary>
/// A create and a delete are cut off at each of their commits in turn: by a silo's death before it, or by the loss of its
/// acknowledgement. Whatever was done, it is finished or undone without anybody asking, and nothing leaks.
/// </summary>
public abstract class CrashTests : CloudTests
{
    private const int MoreThanEnough = 40;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_create_that_is_cut_off_anywhere_is_completed_or_undone(bool acknowledgementLost)
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        int commit = 1;
        for (; commit < MoreThanEnough; commit++)
        {
            VnicView given = await Cloud.MakeCard(), own = await Cloud.MakeCard();
            var id = InstanceId.New();
            CreateInstance command = Cloud.Launch(given.Id, own.Id) with { OwnedVnics = [own.Id], Host = host.Name };
            if (!await Cloud.CutOff(commit, () => Cloud.Instance(id).Create(command), acknowledgementLost))
            {
                break;
            }

            await Settle(host, restart: !acknowledgementLost);
            InstanceStatus? status = await Cloud.StatusOf(id);
            Assert.True(status is null or InstanceStatus.Active, $"cut off at commit {commit}: {status}");
            Assert.Equal(status is null ? null : id, (await Cloud.Vnic(given.Id).Describe()).Value.Instance);
            Assert.Equal(status is not null, host.Has.ContainsKey(given.Id));
            await Cloud.AssertSound();

            if (status is not null)
            {
                await NovaOrleans.Cloud.Again(() => Cloud.Instance(id).Delete(null, "ann"));
            }

            await host.Until(async () => await Cloud.StatusOf(id) is null, "deleted");
            Assert.Null((await Cloud.Vnic(given.Id).Delete(null, "ann")).Refusal);
            Assert.Null((await Cloud.Vnic(own.Id).Delete(null, "ann")).Refusal);
        }

        Assert.InRange(commit, 6, MoreThanEnough - 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_delete_that_is_cut_off_anywhere_is_completed_once_it_was_begun(bool acknowledgementLost)
    {
        NetworkId network = await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        int commit = 1;
        for (; commit < MoreThanEnough; commit++)
        {
            VnicView given = await Cloud.MakeCard(), own = await Cloud.MakeCard();
            var id = InstanceId.New();
            await Cloud.Instance(id).Create(
                Cloud.Launch(given.Id, own.Id) with { OwnedVnics = [own.Id], Host = host.Name });
            await host.Until(async () => await Cloud.StatusOf(id) == InstanceStatus.Active, "active");
            await Cloud.UntilSettled();
            if (!await Cloud.CutOff(commit, () => Delete(host, id), acknowledgementLost))
            {
                Assert.Null((await Cloud.Vnic(given.Id).Delete(null, "ann")).Refusal);
                break;
            }

            await Settle(host, restart: !acknowledgementLost);
            InstanceStatus? status = await Cloud.StatusOf(id);
            Assert.True(
                status is null || (status is InstanceStatus.Active && commit == 1), $"cut off at commit {commit}: {status}");
            await Cloud.AssertSound();
            await NovaOrleans.Cloud.Again(() => Cloud.Instance(id).Delete(null, "ann"));
            await host.Until(async () => await Cloud.StatusOf(id) is null, "deleted");
            Assert.Null((await Cloud.Vnic(given.Id).Delete(null, "ann")).Refusal);
            Assert.Equal(RefusalCode.VnicNotFound, (await Cloud.Vnic(own.Id).Describe()).Refusal!.Code);
        }

        Assert.InRange(commit, 6, MoreThanEnough - 1);
        Assert.Equal(0, (await Cloud.Pool(network).Describe()).Held);
        await Cloud.AssertSound();
    }

    /// <summary>To the end: asked for, taken down, reported, and told.</summary>
    private async Task Delete(TestHost host, InstanceId id)
    {
        await Cloud.Instance(id).Delete(null, "ann");
        await host.Renew();
        await host.Report();
        await Poll.Until(
            async () => Cloud.WasCutOff || (await Cloud.StatusOf(id) is null && await Cloud.IsSettled()), "deleted or cut off");
    }

    private async Task Settle(TestHost host, bool restart)
    {
        if (restart)
        {
            await Cloud.Restart();
        }

        await Poll.Until(
            async () =>
            {
                try
                {
                    await host.Renew();
                    await host.Report();
                    return await Cloud.IsSettled();
                }
                catch (OperatingFaultException e) when (e.MayRetry)
                {
                    return false;
                }
            },
            "what was cut off is settled");
        await host.Renew();
        await host.UntilHeard();
    }
}

public sealed class SqliteCrashTests : CrashTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresCrashTests : CrashTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
