namespace NovaOrleans.Instances;

/// <summary>An instance with NICs on several networks: all of them, in the request's order, or none.</summary>
public abstract class SeveralNetworksTests : CloudTests
{
    [Fact]
    [Trait("seed", "S13"), Trait("seed", "S39"), Trait("seed", "S64")]
    public async Task Three_NICs_on_three_networks_are_told_in_order_and_kept_over_a_restart()
    {
        TestHost host = await TestHost.Start(Cloud);
        (NetworkId Network, VnicId Vnic)[] nics = [await Nic("10.3.0.0/24"), await Nic("10.1.0.0/24"), await Nic("10.2.0.0/24")];
        VnicId[] order = [.. nics.Select(n => n.Vnic)];

        InstanceView made = await Cloud.MakeActive(host, order);

        Assert.Equal(order, made.Vnics);
        Assert.Equal(
            nics.Select((n, i) => (n.Network, i)),
            order.Select(v => (host.Has[v].Binding.Network!.Network, host.Has[v].Binding.NicIndex)));
        Assert.Equal(
            ["10.3.0.2", "10.1.0.2", "10.2.0.2"], order.Select(v => host.Has[v].Binding.Info.IpAddress.ToString()));
        await Cloud.Restart();
        Assert.Equal(order, (await Cloud.Instance(made.Id).Describe()).Value.Vnics);
        await Cloud.AssertSound();
    }

    [Fact]
    [Trait("seed", "S83")]
    public async Task A_third_NIC_that_cannot_be_had_leaves_the_first_two_as_they_were()
    {
        TestHost host = await TestHost.Start(Cloud);
        (_, VnicId first) = await Nic("10.1.0.0/24");
        (_, VnicId second) = await Nic("10.2.0.0/24");
        (_, VnicId taken) = await Nic("10.3.0.0/24");
        await Cloud.MakeActive(host, taken);

        Refusal refusal = (await Cloud.Instance(InstanceId.New()).Create(Cloud.Launch(first, second, taken))).Refusal!;

        Assert.Equal((RefusalCode.AlreadyAttached, taken.ToString()), (refusal.Code, refusal.Subject));
        foreach (VnicId free in new[] { first, second })
        {
            VnicView card = (await Cloud.Vnic(free).Describe()).Value;
            Assert.Null(card.Instance);
            Assert.Single(card.Ports);
        }

        await Cloud.AssertSound();
    }

    /// <summary>Of eight NICs the first report had all of them bound once more, and so had each one after it.</summary>
    [Fact]
    public async Task What_its_host_has_taken_is_bound_once_however_many_reports_there_are()
    {
        TestHost host = await TestHost.Start(Cloud);
        (_, VnicId first) = await Nic("10.1.0.0/24");
        (_, VnicId second) = await Nic("10.2.0.0/24");
        (_, VnicId third) = await Nic("10.3.0.0/24");
        var id = InstanceId.New();
        Assert.Null((await Cloud.Instance(id).Create(NovaOrleans.Cloud.Launch(first, second, third) with { Host = host.Name })).Refusal);
        Assert.Null((await host.Renew()).Refusal);

        foreach (BindRecord bind in host.Has.Values.ToList())
        {
            Assert.Equal(InstanceStatus.Building, await Cloud.StatusOf(id));
            Assert.Null((await host.Report([new(bind.Binding.Vnic, bind.Binding.Generation, BindingOutcome.Applied)])).Refusal);
            await Poll.Until(async () => (await Outcomes(id)).Contains(bind.Binding.Vnic), "the instance was told");
        }

        Assert.Equal(InstanceStatus.Active, await Cloud.StatusOf(id));
        Assert.Equal(1, Cloud.Bindings);
    }

    private Task<List<VnicId>> Outcomes(InstanceId id) => Cloud.Ledger.Read(s => s.Query(
        "select virtual_nic_id from instance_virtual_nic_association where instance_id = @id and outcome is not null and not deleted",
        r => new VnicId(r.Uuid("virtual_nic_id")), ("id", id)));

    /// <summary>A card in a network of its own.</summary>
    private async Task<(NetworkId, VnicId)> Nic(string cidr)
    {
        NetworkId network = await Cloud.MakeNetwork(cidr);
        VnicView card = (await Cloud.Pool(network).CreateVnic(new CreateVnic(VnicId.New(), Cloud.Blue, "ann"))).Value;
        return (network, card.Id);
    }
}

public sealed class SqliteSeveralNetworksTests : SeveralNetworksTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresSeveralNetworksTests : SeveralNetworksTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
