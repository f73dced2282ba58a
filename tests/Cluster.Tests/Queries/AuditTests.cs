using NovaOrleans.Audits;

namespace NovaOrleans.Queries;

/// <summary>
/// Each invariant is broken by hand, in the rows, and the audit names what is broken. The break and the audit share a transaction
/// that is taken back, so that one cloud serves all.
/// </summary>
public abstract class AuditTests : CloudTests
{
    [Fact]
    public async Task Every_invariant_that_is_broken_by_hand_is_named_and_counted_and_a_sound_cloud_has_no_finding()
    {
        NetworkId network = await Cloud.MakeNetwork();
        VnicView card = (await Cloud.Pool(network).CreateVnic(new CreateVnic(VnicId.New(), Cloud.Blue, "ann"))).Value;
        VnicView other = (await Cloud.Pool(network).CreateVnic(new CreateVnic(VnicId.New(), Cloud.Blue, "ann"))).Value;
        InstanceView instance = await Cloud.MakeActive(await TestHost.Start(Cloud), other.Id);
        AuditView sound = await Cloud.Grains.Audit();
        Assert.Empty(sound.Findings);
        Assert.Equal((1, 2, 2), (sound.Networks, sound.Vnics, sound.HeldAddresses));
        Assert.Equal(
            (0, 0, 0, 0, 0, 0),
            (sound.DuplicateAddresses, sound.Leaks, sound.OrphanBindings, sound.WrongStates, sound.Misplaced, sound.Drift));

        foreach (Break one in Breaks(network, card, other, instance))
        {
            AuditView audit = await Broken(one.Changes);
            Assert.True(one.Count(audit) == 1, $"{one.Finding}: counted {one.Count(audit)} in {audit}");
            Assert.True(
                audit.Findings.Count(f => f.Contains(one.Finding, StringComparison.Ordinal)) == 1,
                $"'{one.Finding}' is not among: {string.Join("; ", audit.Findings)}");
        }

        AuditView drifted = await Broken("update host_bindings set outcome = 1");
        Assert.Equal((1, 0), (drifted.Drift, drifted.Findings.Count));
        await Cloud.AssertSound();
    }

    [Fact]
    public async Task Who_asks_while_an_audit_is_under_way_is_told_of_what_was_there_when_he_asked()
    {
        NetworkId network = await Cloud.MakeNetwork();
        AuditView[] audits = await Task.WhenAll(Enumerable.Range(1, 12).Select(async made =>
        {
            Assert.Null((await Cloud.Pool(network).CreateVnic(new CreateVnic(VnicId.New(), Cloud.Blue, "ann"))).Refusal);
            long before = await Cloud.Ledger.Read(s => s.QueryOne("select count(*) as n from ethernet_cards", r => r.Long("n")));
            AuditView audit = await Cloud.Grains.Audit();
            Assert.InRange(audit.Vnics, before, 12);
            return audit;
        }));
        Assert.All(audits, a => Assert.Empty(a.Findings));
    }

    private sealed record Break(Func<AuditView, long> Count, string Finding, params string[] Changes);

    private static IEnumerable<Break> Breaks(NetworkId network, VnicView card, VnicView other, InstanceView instance)
    {
        string address = $"{card.Ports[0].Address}", held = $"{other.Ports[0].Address}";
        string ofCard = $"where vnic_id = '{card.Id}'";
        yield return new(
            a => a.DuplicateAddresses, $"address {address} of network {network} is held 2 times",
            "drop index fixed_ips_position",
            $"""
            insert into fixed_ips (uuid, network_uuid, address, position, phase, project_id)
            select '{Guid.NewGuid()}', network_uuid, address, position, 1, project_id from fixed_ips {ofCard}
            """);
        yield return new(
            a => a.DuplicateAddresses, $"address fd00::1 of network {network} is held 2 times",
            "drop index fixed_ips_v6", "update fixed_ips set address_v6 = 'fd00::1'", "delete from host_bindings",
            "update ethernet_cards set updated_at = {now}");
        yield return new(
            a => a.DuplicateAddresses, $"2 VNICs have the MAC {card.Mac}",
            "drop index ethernet_cards_mac", $"update ethernet_cards set mac_address = '{card.Mac}'");
        yield return new(
            a => a.Leaks, $"is held by VNIC {card.Id}, which does not live",
            $"update ethernet_cards set deleted = {{true}} where uuid = '{card.Id}'");
        yield return new(a => a.Leaks, "is held by VNIC none, which does not live", $"update fixed_ips set vnic_id = null {ofCard}");
        yield return new(
            a => a.Leaks, $"VNIC {other.Id} is attached to instance {instance.Id}, which does not live or have it",
            $"update instances set deleted = {{true}} where uuid = '{instance.Id}'");
        // Its port went with it, and is in no row.
        yield return new(
            a => a.Findings.Count, $"floating IP 203.0.113.1 of project blue stands for port {card.Ports[0].Id}",
            $"""
            insert into floating_ips (uuid, address, pool, project_id, fixed_ip_uuid, vnic_id)
            values ('{Guid.NewGuid()}', '203.0.113.1', 'nova', 'blue', '{card.Ports[0].Id}', '{card.Id}')
            """,
            $"delete from fixed_ips {ofCard}",
            $"update ethernet_cards set deleted = {{true}}, deleted_at = {{now-400}} where uuid = '{card.Id}'");
        foreach ((string change, string why) in States)
        {
            yield return new(
                a => a.WrongStates, $"({address}) of network {network} {why}", $"update fixed_ips set {change} {ofCard}");
        }

        yield return new(
            a => a.WrongStates, "is in use, and its network is not there",
            $"update fixed_ips set network_uuid = '{Guid.NewGuid()}' {ofCard}");
        yield return new(
            a => a.WrongStates, "is in use, and no pool has it",
            "delete from pools", $"delete from fixed_ips where vnic_id = '{other.Id}'", "delete from host_bindings");
        yield return new(
            a => a.OrphanBindings, $"host node1 reports VNIC {other.Id} at generation 1, which is not attached there",
            $"update ethernet_cards set host = 'node2' where uuid = '{other.Id}'");
        yield return new(
            a => a.Misplaced, $"VNIC {other.Id} is attached on host node1 at generation 1, which is told nothing of it",
            $"update ethernet_cards set updated_at = {{now-120}} where uuid = '{other.Id}'", "delete from host_bindings");
        yield return new(
            a => a.Misplaced, $"host node1 reports VNIC {other.Id} with {held}, which that VNIC does not hold",
            $"update fixed_ips set address = '10.0.0.99', position = 99 where vnic_id = '{other.Id}'");
    }

    private static readonly (string Change, string Why)[] States =
    [
        ("phase = 9", "is in a state that there is not"),
        ("phase = 4", "is allocated, rests or is reserved, and yet has a VNIC"),
        ("phase = 1", "is allocated, rests or is reserved, and yet has a VNIC"),
        ("phase = 3, vnic_id = null", "rests without end"),
        ("quarantined_until = {now+60}", "is to rest, and does not"),
        ("position = null", "has an address without position, or a position without"),
    ];

    private async Task<AuditView> Broken(params string[] changes)
    {
        AuditView? audit = null;
        await Cloud.Ledger.Commit(async s =>
        {
            foreach (string change in changes)
            {
                await s.Execute(change);
            }

            audit = await AuditQueries.Audit(s, Cloud.Service<RecordText>());
            return new Refusal(RefusalCode.Conflict, "nothing of this is kept");
        });
        return audit!;
    }
}

public sealed class SqliteAuditTests : AuditTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresAuditTests : AuditTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();

    [Fact]
    public async Task An_audit_that_takes_long_is_asked_for_by_short_calls_until_it_is_there()
    {
        var held = new TaskCompletionSource();
        var locked = new TaskCompletionSource();
        Task<Outcome> holding = Cloud.Ledger.Commit(async s =>
        {
            await s.Execute("lock table networks in access exclusive mode");
            locked.TrySetResult();
            await held.Task;
            return Outcome.Done;
        });
        await locked.Task;
        var id = Guid.NewGuid();
        IAuditGrain audits = Cloud.Grains.GetGrain<IAuditGrain>(0);
        Assert.Null(await audits.Audit(id));
        held.SetResult();
        Assert.Null((await holding).Refusal);

        AuditView? audit = null;
        await Poll.Until(async () => (audit = await audits.Audit(id)) is not null, "the audit is at its end");
        Assert.Empty(audit!.Findings);
    }
}
