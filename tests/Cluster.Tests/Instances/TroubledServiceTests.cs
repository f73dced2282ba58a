namespace NovaOrleans.Instances;

/// <summary>A network service with a bug, in a cloud that goes on.</summary>
public sealed class TroubledServiceTests : CloudTests
{
    /// <summary>
    /// What it throws at a binding ends its own launch. Were it thrown at whoever wakes the instance it would end the sweep, and with it
    /// the silo.
    /// </summary>
    [Fact]
    public async Task What_it_throws_at_a_binding_ends_its_own_launch_and_nothing_else()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView card = await Cloud.MakeCard(service: NovaOrleans.Cloud.Troubled);
        var id = InstanceId.New();
        CreateInstance launch = NovaOrleans.Cloud.Launch(card.Id) with { Service = NovaOrleans.Cloud.Troubled, Host = host.Name };
        Refusal? refusal = (await Cloud.Instance(id).Create(launch)).Refusal;
        Assert.Equal(RefusalCode.NetworkServiceFailed, refusal?.Code);
        Assert.Contains("InvalidOperationException: no bridge today", refusal?.Reason, StringComparison.Ordinal);
        await Cloud.UntilSettled();
        Assert.Null((await Cloud.Vnic(card.Id).Describe()).Value.Instance);

        await Cloud.MakeActive(host, (await Cloud.MakeCard()).Id);
        await Cloud.AssertSound();
    }

    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}
