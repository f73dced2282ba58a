namespace NovaOrleans.Vnics;

/// <summary>Addresses that come to an attached VNIC and leave it, and ports that are cut: told to the host, and confirmed by it.</summary>
public abstract class FurtherAddressTests : CloudTests
{
    private TestHost _host = null!;
    private NetworkId _network;
    private VnicView _vnic = null!;
    private InstanceId _instance;

    [Fact]
    [Trait("seed", "S155")]
    public async Task A_further_address_is_told_to_the_host_and_active_when_it_has_confirmed_it()
    {
        await Launch();
        var command = new PlugVnic(_vnic.Id, _vnic.Mac, Cloud.Blue, "ann") { Further = PortId.New() };
        PortView added = (await Cloud.Pool(_network).Plug(command)).Value;
        Assert.Equal("10.0.0.3", added.Address.ToString());
        Assert.Equal(added.Id, (await Cloud.Pool(_network).Plug(command)).Value.Id);
        Assert.Equal(2, (await Cloud.Pool(_network).Describe()).Held);
        Assert.Equal(PortPhase.Held, await PhaseOf(added.Id));

        await Poll.Until(async () => (await Told()).Additional.SequenceEqual(["10.0.0.3"]), "the host is told");
        Assert.Equal("10.0.0.2", (await Told()).IpAddress.ToString());
        Assert.Equal(1, _host.Has[_vnic.Id].Binding.Generation);
        Assert.Null((await _host.Report()).Refusal);
        Assert.Equal(PortPhase.Active, await PhaseOf(added.Id));
        Assert.Equal(2, (await Cloud.Query.VnicsById([_vnic.Id]))[0].Ports.Count);
        await Cloud.AssertSound();
    }

    [Fact]
    [Trait("seed", "S155")]
    public async Task An_address_that_was_taken_away_is_free_only_after_the_host_has_let_it_go()
    {
        await Launch();
        PortView added = await Add();
        Assert.Null((await Cloud.Pool(_network).Withdraw(added.Id, "ann")).Refusal);
        Assert.Null((await Cloud.Pool(_network).Withdraw(added.Id, "ann")).Refusal);
        Assert.Equal(PortPhase.Releasing, await PhaseOf(added.Id));
        Refusal taken = (await Cloud.Pool(_network).CreatePort(
            new CreatePort(PortId.New(), Cloud.Blue, "ann", added.Address))).Refusal!;
        Assert.Equal(RefusalCode.AddressUnavailable, taken.Code);

        // Told, but not confirmed: the pool asks and waits, also after everything was started again.
        await Poll.Until(async () => (await Told()).Additional.Count == 0, "the host is told");
        await Cloud.Restart();
        await _host.OpenSession();
        await Poll.Until(async () => (await Told()).IpAddress is not null, "the host has its snapshot");
        Assert.Equal(PortPhase.Releasing, await PhaseOf(added.Id));

        await _host.Until(async () => await PhaseOf(added.Id) == PortPhase.Quarantined, "it rests");
        PoolView pool = await Cloud.Pool(_network).Describe();
        Assert.Equal((1L, 1L), (pool.Held, pool.Quarantined));
        Assert.Equal(
            ["address released", "address withdrawn", "address held"],
            (await Cloud.Query.History(_network, "10.0.0.3", null, new Page())).Select(h => h.What));
        await Cloud.AssertSound();
    }

    [Fact]
    public async Task The_only_address_goes_with_the_VNIC_and_not_before()
    {
        await Launch();
        Refusal refusal = (await Cloud.Pool(_network).Withdraw(_vnic.Ports[0].Id, "ann")).Refusal!;
        Assert.Equal(RefusalCode.PortInUse, refusal.Code);
        Assert.Contains("10.0.0.2 is the only one", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal(RefusalCode.PortNotFound, (await Cloud.Pool(_network).Withdraw(PortId.New(), "ann")).Refusal!.Code);
    }

    [Fact]
    public async Task A_VNIC_that_ends_takes_an_address_on_its_way_out_with_it()
    {
        await Launch();
        PortView added = await Add();
        await Cloud.Pool(_network).Withdraw(added.Id, "ann");
        await Cloud.Instance(_instance).Delete(null, "ann");
        await _host.Until(async () => await Cloud.StatusOf(_instance) is null or InstanceStatus.Deleted, "the instance is gone");
        await Cloud.UntilSettled();
        Assert.Null((await Cloud.Vnic(_vnic.Id).Delete(null, "ann")).Refusal);
        await Poll.Until(async () => await Cloud.Pool(_network).Describe() is { Held: 0, Quarantined: 2 }, "both rest");
        await Cloud.AssertSound();
    }

    [Fact]
    [Trait("seed", "R16")]
    public async Task A_port_that_is_down_takes_its_binding_down_until_it_is_active_again()
    {
        await Launch();
        Assert.False((await Cloud.Pool(_network).SetUp(_vnic.Ports[0].Id, up: false, "ann")).Value.Up);
        await Poll.Until(async () => await Told() is not null && !_host.Has[_vnic.Id].Binding.Up, "the host is told to cut it");
        await Cloud.Pool(_network).SetUp(_vnic.Ports[0].Id, up: false, "ann");
        Assert.True((await Cloud.Pool(_network).SetUp(_vnic.Ports[0].Id, up: true, "ann")).Value.Up);
        await Poll.Until(async () => await Told() is not null && _host.Has[_vnic.Id].Binding.Up, "the host is told to restore it");
        Assert.Equal(
            ["port active", "port down"],
            (await Cloud.Query.History(null, null, _vnic.Id, new Page())).Select(h => h.What)
                .Where(w => w.StartsWith("port", StringComparison.Ordinal)));
    }

    private async Task Launch()
    {
        _network = await Cloud.MakeNetwork();
        _vnic = (await Cloud.Pool(_network).CreateVnic(new CreateVnic(VnicId.New(), Cloud.Blue, "ann"))).Value;
        _host = await TestHost.Start(Cloud);
        _instance = (await Cloud.MakeActive(_host, _vnic.Id)).Id;
    }

    /// <summary>A further address, confirmed.</summary>
    private async Task<PortView> Add()
    {
        PortView added = (await Cloud.Pool(_network).Plug(
            new PlugVnic(_vnic.Id, _vnic.Mac, Cloud.Blue, "ann") { Further = PortId.New() })).Value;
        await _host.Until(async () => await PhaseOf(added.Id) == PortPhase.Active, "the host has confirmed it");
        return added;
    }

    /// <summary>What the host is told of the VNIC when it renews.</summary>
    private async Task<NetworkInfo> Told()
    {
        Assert.Null((await _host.Renew()).Refusal);
        return _host.Has[_vnic.Id].Binding.Info;
    }

    private async Task<PortPhase> PhaseOf(PortId port) => (await Cloud.Query.Port(_network, port)).Value.Phase;
}

public sealed class SqliteFurtherAddressTests : FurtherAddressTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresFurtherAddressTests : FurtherAddressTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
