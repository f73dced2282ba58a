namespace NovaOrleans.Queries;

/// <summary>
/// Each invariant is broken by hand, in the rows, and the audit names what is broken; before and after there is nothing to be found.
/// </summary>
public abstract class AuditTests : CloudTests
{
    private NetworkId _network;
    private VnicView _card = null!;
    private InstanceView _instance = null!;

    [Fact]
    public async Task A_sound_cloud_has_no_finding_and_every_number_is_0()
    {
        await Populate();
        AuditView audit = await Cloud.Query.Audit();
        Assert.Empty(audit.Findings);
        Assert.Equal((1, 2, 2), (audit.Networks, audit.Vnics, audit.HeldAddresses));
        Assert.Equal(
            (0, 0, 0, 0, 0, 0),
            (audit.DuplicateAddresses, audit.Leaks, audit.OrphanBindings, audit.WrongStates, audit.Misplaced, audit.Drift));
    }

    [Fact]
    public async Task An_address_that_two_have_is_named()
    {
        await Populate();
        string address = $"{_card.Ports[0].Address}";
        await Broken(
            a => a.DuplicateAddresses, $"address {address} of network {_network} is held 2 times",
            "drop index fixed_ips_position",
            $"""
            insert into fixed_ips (uuid, network_uuid, address, position, phase, project_id)
            select '{Guid.NewGuid()}', network_uuid, address, position, 1, project_id from fixed_ips where vnic_id = '{_card.Id}'
            """);
    }

    [Fact]
    public async Task A_MAC_that_two_have_is_named()
    {
        await Populate();
        await Broken(
            a => a.DuplicateAddresses, $"2 VNICs have the MAC {_card.Mac}",
            "drop index ethernet_cards_mac", $"update ethernet_cards set mac_address = '{_card.Mac}'");
    }

    [Fact]
    public async Task An_address_of_a_VNIC_that_is_gone_is_a_leak()
    {
        await Populate();
        await Broken(
            a => a.Leaks, $"is held by VNIC {_card.Id}, which does not live",
            $"update ethernet_cards set deleted = {{true}} where uuid = '{_card.Id}'");
    }

    [Fact]
    public async Task A_VNIC_of_an_instance_that_is_gone_is_a_leak()
    {
        await Populate();
        await Broken(
            a => a.Leaks, $"is attached to instance {_instance.Id}, which does not live or have it",
            $"update instances set deleted = {{true}} where uuid = '{_instance.Id}'");
    }

    [Theory]
    [InlineData("phase = 9", "is in a state that there is not")]
    [InlineData("phase = 4", "is allocated, rests or is reserved, and yet has a VNIC")]
    [InlineData("phase = 1", "is allocated, rests or is reserved, and yet has a VNIC")]
    [InlineData("phase = 3, vnic_id = null", "rests without end")]
    [InlineData("quarantined_until = {now+60}", "is to rest, and does not")]
    [InlineData("position = null", "has an address without position, or a position without")]
    public async Task A_row_that_contradicts_its_state_is_named(string change, string why)
    {
        await Populate();
        await Broken(a => a.WrongStates, why, $"update fixed_ips set {change} where vnic_id = '{_card.Id}'");
    }

    [Theory]
    [InlineData("update networks set deleted = {true}", "is in use, and its network is not there")]
    [InlineData("delete from pools", "is in use, and no pool has it")]
    public async Task An_address_in_use_of_a_network_that_is_gone_is_named(string change, string why)
    {
        await Populate();
        await Broken(a => a.WrongStates, why, change);
    }

    [Fact]
    public async Task A_binding_that_a_host_reports_and_the_VNIC_does_not_name_is_named()
    {
        await Populate();
        VnicId vnic = _instance.Vnics[0];
        await Broken(
            a => a.OrphanBindings, $"host node1 reports VNIC {vnic} at generation 1, which is not attached there",
            $"update ethernet_cards set host = 'node2' where uuid = '{vnic}'");
    }

    [Fact]
    public async Task An_attached_VNIC_that_its_host_was_told_nothing_of_is_named()
    {
        await Populate();
        VnicId vnic = _instance.Vnics[0];
        await Broken(
            a => a.Misplaced, $"VNIC {vnic} is attached on host node1 at generation 1, which is told nothing of it",
            $"update ethernet_cards set updated_at = {{now-120}} where uuid = '{vnic}'", "delete from host_bindings");
    }

    [Fact]
    public async Task An_address_that_a_host_reports_and_the_VNIC_does_not_hold_is_named()
    {
        await Populate();
        VnicId vnic = _instance.Vnics[0];
        string address = $"{(await Cloud.Vnic(vnic).Describe()).Value.Ports[0].Address}";
        await Broken(
            a => a.Misplaced, $"host node1 reports VNIC {vnic} with {address}, which that VNIC does not hold",
            $"update fixed_ips set address = '10.0.0.99', position = 99 where vnic_id = '{vnic}'");
    }

    [Fact]
    public async Task What_a_host_could_not_make_true_is_drift_and_no_finding()
    {
        await Populate();
        await Change("update host_bindings set outcome = 1");
        AuditView audit = await Cloud.Query.Audit();
        Assert.Equal((1, 0), (audit.Drift, audit.Findings.Count));
    }

    /// <summary>A card that no instance has, and one of an instance that its host has confirmed.</summary>
    private async Task Populate()
    {
        _network = await Cloud.MakeNetwork();
        _card = (await Cloud.Pool(_network).CreateVnic(new CreateVnic(VnicId.New(), Cloud.Blue, "ann"))).Value;
        VnicView other = (await Cloud.Pool(_network).CreateVnic(new CreateVnic(VnicId.New(), Cloud.Blue, "ann"))).Value;
        _instance = await Cloud.MakeActive(await TestHost.Start(Cloud), other.Id);
        await Cloud.AssertSound();
    }

    private async Task Broken(Func<AuditView, long> count, string finding, params string[] changes)
    {
        foreach (string change in changes)
        {
            await Change(change);
        }

        AuditView audit = await Cloud.Query.Audit();
        Assert.Equal(1, count(audit));
        Assert.Single(audit.Findings, f => f.Contains(finding, StringComparison.Ordinal));
    }

    private Task Change(string sql) => Cloud.Ledger.Commit(async s =>
    {
        await s.Execute(sql);
        return Outcome.Done;
    });
}

public sealed class SqliteAuditTests : AuditTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresAuditTests : AuditTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
