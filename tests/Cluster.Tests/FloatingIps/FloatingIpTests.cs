namespace NovaOrleans.FloatingIps;

/// <summary>Addresses of the outside: whose they are, what they stand for, and when that ends.</summary>
public abstract class FloatingIpTests : CloudTests
{
    private IFloatingIpPoolGrain Pool => Cloud.Grains.GetGrain<IFloatingIpPoolGrain>("nova");

    [Fact]
    [Trait("seed", "R24")]
    public async Task A_range_comes_and_goes_as_a_whole()
    {
        Assert.Equal(6, (await Add("203.0.113.0/29")).Value);
        Refusal there = (await Add("203.0.113.4/30")).Refusal!;
        Assert.Equal((RefusalCode.Conflict, "203.0.113.5"), (there.Code, there.Subject));
        Assert.Equal(
            RefusalCode.Conflict,
            (await Cloud.Grains.GetGrain<IFloatingIpPoolGrain>("other").AddRange(new(Cidr4.Parse("203.0.113.0/30"), null, "op"))).Refusal!.Code);
        Assert.Equal(6, (await All()).Count);

        FloatingIpView taken = (await Allocate(Cloud.Blue)).Value;
        Refusal used = (await Pool.RemoveRange(Cidr4.Parse("203.0.113.0/29"), "op")).Refusal!;
        Assert.Equal((RefusalCode.FloatingIpInUse, taken.Address.ToString()), (used.Code, used.Subject));
        Assert.Equal(6, (await All()).Count);

        Assert.Null((await Pool.Release(taken.Id, Cloud.Blue, "ann")).Refusal);
        Assert.Equal(6, (await Pool.RemoveRange(Cidr4.Parse("203.0.113.0/29"), "op")).Value);
        Assert.Equal(0, (await Pool.RemoveRange(Cidr4.Parse("203.0.113.0/29"), "op")).Value);
        Assert.Equal(RefusalCode.NoMoreFloatingIps, (await Allocate(Cloud.Blue)).Refusal!.Code);
        Assert.Equal(6, (await Add("203.0.113.0/29")).Value);
    }

    [Fact]
    [Trait("seed", "R21")]
    public async Task However_many_ask_at_once_an_address_is_one_projects_and_each_gets_its_quota()
    {
        await Add("203.0.113.0/27");
        Outcome<FloatingIpView>[] made = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => Allocate(i % 2 == 0 ? Cloud.Blue : Cloud.Red)));

        FloatingIpView[] got = [.. made.Where(m => !m.Refused).Select(m => m.Value)];
        Assert.Equal(20, got.Select(g => g.Address).Distinct().Count());
        Assert.Equal([10, 10], got.GroupBy(g => g.Project).Select(g => g.Count()));
        Assert.All(made.Where(m => m.Refused), m => Assert.Equal(RefusalCode.QuotaExceeded, m.Refusal!.Code));
        Assert.Equal(got.Length, (await All()).Count(f => f.Project is not null));

        Assert.Null((await Pool.Release(got[0].Id, got[0].Project, "ann")).Refusal);
        Assert.Null((await Pool.Release(got[0].Id, null, "ann")).Refusal);
        Assert.Null((await Allocate(got[0].Project!.Value)).Refusal);
        Assert.Equal(RefusalCode.FloatingIpNotFound, (await Pool.Release(got[1].Id, Other(got[1]), "eve")).Refusal!.Code);
    }

    [Fact]
    public async Task A_repeat_with_its_key_is_answered_with_the_same_address()
    {
        await Add("203.0.113.0/29");
        var key = new RequestKey("k", "body");
        FloatingIpView first = (await Allocate(Cloud.Blue, key)).Value;
        Assert.Equal(first.Id, (await Allocate(Cloud.Blue, key)).Value.Id);
        Assert.Equal(RefusalCode.KeyReused, (await Allocate(Cloud.Blue, new RequestKey("k", "another"))).Refusal!.Code);
        Assert.NotEqual(first.Id, (await Allocate(Cloud.Red, key)).Value.Id);
    }

    [Fact]
    [Trait("seed", "R22")]
    public async Task It_stands_for_one_fixed_ip_at_a_time_and_a_fixed_ip_has_one()
    {
        NetworkId network = await MakeNetwork();
        await Add("203.0.113.0/29");
        (VnicView one, VnicView two) = (await Card(network, Cloud.Blue), await Card(network, Cloud.Blue));
        FloatingIpView floating = (await Allocate(Cloud.Blue)).Value;

        FloatingIpView now = (await Associate(floating, one)).Value;
        Assert.Equal((one.Id, one.Ports[0].Id, one.Ports[0].Address), (now.Vnic, now.Port, now.Fixed));
        Assert.Equal(now, (await Associate(floating, one)).Value);
        Assert.Equal(RefusalCode.FloatingIpInUse, (await Pool.Release(floating.Id, Cloud.Blue, "ann")).Refusal!.Code);
        Assert.Equal(two.Id, (await Associate(floating, two)).Value.Vnic);
        Assert.Equal([two.Id], (await All()).Where(f => f.Vnic is not null).Select(f => f.Vnic!.Value));

        FloatingIpView[] rivals = [(await Allocate(Cloud.Blue)).Value, (await Allocate(Cloud.Blue)).Value];
        Outcome<FloatingIpView>[] raced = await Task.WhenAll(rivals.Select(r => Associate(r, one)));
        Assert.Equal(RefusalCode.FloatingIpInUse, Assert.Single(raced, r => r.Refused).Refusal!.Code);

        Assert.Null((await Pool.Disassociate(floating.Id, Cloud.Blue, "ann")).Value.Vnic);
        Assert.Null((await Pool.Disassociate(floating.Id, Cloud.Blue, "ann")).Refusal);
        Assert.Null((await Pool.Release(floating.Id, Cloud.Blue, "ann")).Refusal);
        string[] history = [.. (await Cloud.Query.History(null, floating.Address.ToString(), null, new Page())).Select(h => h.What)];
        Assert.Equal(
            [
                "floating IP released", "floating IP disassociated", "floating IP associated", "floating IP disassociated",
                "floating IP associated", "floating IP allocated",
            ],
            history);
        await Cloud.AssertSound();
    }

    [Fact]
    [Trait("seed", "R21")]
    public async Task It_stands_only_for_an_address_of_its_project_in_a_network_whose_hosts_are_the_way_out()
    {
        NetworkId network = await MakeNetwork();
        await Add("203.0.113.0/29");
        FloatingIpView floating = (await Allocate(Cloud.Blue)).Value;
        VnicView reds = await Card(network, Cloud.Red), bare = await Cloud.MakeCard(), own = await Card(network, Cloud.Blue);
        VnicView flat = await Card(await Cloud.MakeNetwork("10.9.0.0/24"), Cloud.Blue);

        Assert.Equal(RefusalCode.VnicNotFound, (await Associate(floating, reds)).Refusal!.Code);
        Assert.Equal(RefusalCode.VnicNotFound, (await Associate(floating, bare)).Refusal!.Code);
        Assert.Equal(
            RefusalCode.VnicNotFound,
            (await Pool.Associate(new(floating.Id, Cloud.Blue, own.Id, Ip4Address.Parse("10.0.0.99"), "ann"))).Refusal!.Code);
        Assert.Equal(RefusalCode.FloatingIpNotFound, (await Pool.Associate(new(floating.Id, Cloud.Red, reds.Id, null, "eve"))).Refusal!.Code);
        Refusal none = (await Associate(floating, flat)).Refusal!;
        Assert.Equal((RefusalCode.NotImplemented, flat.Ports[0].Network.ToString()), (none.Code, none.Subject));
        Assert.Null((await Associate(floating, own)).Refusal);
    }

    [Fact]
    public async Task Who_has_the_port_afterwards_is_not_reached_by_it()
    {
        NetworkId network = await MakeNetwork();
        await Add("203.0.113.0/29");
        FloatingIpView floating = (await Allocate(Cloud.Blue)).Value;
        PortView port = (await Cloud.Pool(network).CreatePort(new CreatePort(PortId.New(), Cloud.Blue, "ann"))).Value;
        VnicView one = await Cloud.MakeCard(), two = await Cloud.MakeCard();
        Assert.Null((await Cloud.Pool(network).Plug(new PlugVnic(one.Id, one.Mac, Cloud.Blue, "ann", port.Id))).Refusal);
        Assert.Null((await Associate(floating, one)).Refusal);

        Assert.Null((await Cloud.Pool(network).Unplug(port.Id, "ann")).Refusal);
        Assert.Null((await Cloud.Pool(network).Plug(new PlugVnic(two.Id, two.Mac, Cloud.Blue, "ann", port.Id))).Refusal);

        Assert.Null((await One(floating)).Fixed);
        AttachVnic attach = new(InstanceId.New(), Cloud.Blue, "vm", HostName.Parse("node1"), 0, "ann");
        Assert.Empty((await Cloud.Vnic(two.Id).Attach(attach)).Value.FloatingIps);
        Assert.Null((await Cloud.Vnic(two.Id).Detach(attach.Instance, 1, "ann")).Refusal);
        // What is over is taken back without anybody asking, and it was free to be used before.
        FloatingIpView other = (await Allocate(Cloud.Blue)).Value;
        Assert.Null((await Associate(other, two)).Refusal);
        await Poll.Until(
            async () => (await Cloud.Query.History(null, floating.Address.ToString(), null, new Page()))[0]
                is { What: "floating IP disassociated", Actor: "pool" },
            "the association is taken back");
        Assert.Null((await Pool.Release(floating.Id, Cloud.Blue, "ann")).Refusal);
        await Cloud.AssertSound();
    }

    [Fact]
    public async Task A_deleted_card_leaves_no_association_behind()
    {
        NetworkId network = await MakeNetwork();
        await Add("203.0.113.0/29");
        FloatingIpView floating = (await Allocate(Cloud.Blue)).Value;
        VnicView card = await Card(network, Cloud.Blue);
        Assert.Null((await Associate(floating, card)).Refusal);
        Assert.Null((await Cloud.Vnic(card.Id).Delete(Cloud.Blue, "ann")).Refusal);
        Assert.Equal((null, null), ((await One(floating)).Vnic, (await One(floating)).Port));
        await Cloud.AssertSound();
    }

    [Fact]
    [Trait("seed", "R22")]
    public async Task A_host_is_told_and_a_terminated_instance_keeps_none()
    {
        NetworkId network = await MakeNetwork();
        await Add("203.0.113.0/29");
        TestHost host = await TestHost.Start(Cloud);
        VnicView card = await Card(network, Cloud.Blue);
        InstanceView instance = await Cloud.MakeActive(host, card.Id);
        FloatingIpView floating = (await Allocate(Cloud.Blue)).Value;

        Assert.Equal(instance.Id, (await Associate(floating, card)).Value.Instance);
        await host.Until(() => Task.FromResult(Told(host, card)?.SequenceEqual([floating.Address]) == true), "the host is told of it");
        await Pool.Disassociate(floating.Id, Cloud.Blue, "ann");
        await host.Until(() => Task.FromResult(Told(host, card)?.Any() == false), "and of its end");

        // The card was the project's before, and is afterwards; the floating IP is for the instance.
        await Associate(floating, card);
        Assert.Null((await Cloud.Instance(instance.Id).Delete(Cloud.Blue, "ann")).Refusal);
        Assert.NotNull((await One(floating)).Fixed);
        await host.Until(async () => await Cloud.StatusOf(instance.Id) is null, "the host has confirmed it");
        Assert.Null((await One(floating)).Fixed);
        Assert.Equal(Cloud.Blue, (await One(floating)).Project);
        Assert.NotEmpty((await Cloud.Vnic(card.Id).Describe()).Value.Ports);
        await Cloud.AssertSound();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_cut_off_is_done_or_not_done_and_may_be_repeated(bool acknowledgementLost)
    {
        NetworkId network = await MakeNetwork();
        await Add("203.0.113.0/29");
        VnicView one = await Card(network, Cloud.Blue), two = await Card(network, Cloud.Blue);
        var key = new RequestKey("once", "body");
        Assert.True(await Cloud.CutOff(1, () => Allocate(Cloud.Blue, key), acknowledgementLost));
        Assert.Equal(acknowledgementLost ? 1 : 0, (await All()).Count(f => f.Project is not null));
        FloatingIpView floating = (await Allocate(Cloud.Blue, key)).Value;
        Assert.Single(await All(), f => f.Project is not null);

        Assert.Null((await Associate(floating, one)).Refusal);
        Assert.True(await Cloud.CutOff(1, () => Associate(floating, two), acknowledgementLost));
        await Cloud.Restart();
        Assert.Equal(acknowledgementLost ? two.Id : one.Id, (await One(floating)).Vnic);
        Assert.Equal(two.Id, (await Associate(floating, two)).Value.Vnic);
        await Cloud.AssertSound();
    }

    private static ProjectId Other(FloatingIpView floating) => floating.Project == Cloud.Blue ? Cloud.Red : Cloud.Blue;

    private static IEnumerable<Ip4Address>? Told(TestHost host, VnicView card) =>
        host.Has.GetValueOrDefault(card.Id)?.Binding.FloatingIps.Select(f => f.Address);

    private Task<Outcome<int>> Add(string range) => Pool.AddRange(new AddFloatingRange(Cidr4.Parse(range), null, "op"));

    private Task<Outcome<FloatingIpView>> Allocate(ProjectId project, RequestKey? key = null) =>
        Pool.Allocate(new AllocateFloatingIp(project, "ann", key));

    private Task<Outcome<FloatingIpView>> Associate(FloatingIpView floating, VnicView card) =>
        Pool.Associate(new AssociateFloatingIp(floating.Id, Cloud.Blue, card.Id, null, "ann"));

    private Task<IReadOnlyList<FloatingIpView>> All() => Cloud.Query.FloatingIps(new FloatingIpFilter(), new Page());

    private async Task<FloatingIpView> One(FloatingIpView floating) =>
        Assert.Single(await Cloud.Query.FloatingIps(new FloatingIpFilter { Address = floating.Address }, new Page()));

    private async Task<NetworkId> MakeNetwork() => (await Cloud.Range(Cloud.Flat).Create(new CreateNetworks(
        Cloud.Flat, "op", null, [Cloud.NewNetwork("10.0.0.0/24") with { Nat = true }]))).Value[0].Id;

    private async Task<VnicView> Card(NetworkId network, ProjectId project) =>
        (await Cloud.Pool(network).CreateVnic(new CreateVnic(VnicId.New(), project, "ann"))).Value;
}

public sealed class SqliteFloatingIpTests : FloatingIpTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresFloatingIpTests : FloatingIpTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
