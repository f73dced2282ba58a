using System.Collections.Concurrent;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Ledger;

/// <summary>
/// A database as an earlier version made it, migrated while a silo allocates on it: its connections, prepared statements and
/// transactions are older than the schema that they meet. The silo is played by the ledger itself, whose holds ask for nothing that
/// the old schema has not; the grains of today would.
/// </summary>
public abstract class MigrationTests
{
    /// <summary>The newest migration of the version before: what it had is what these tests begin with.</summary>
    public const int VersionBefore = 19;

    protected abstract Task<TestLedger> Open(int through);

    [Fact]
    public async Task A_schema_is_brought_up_to_date_while_an_old_silo_allocates_and_no_call_fails()
    {
        await using TestLedger test = await Open(VersionBefore);
        NetworkId network = await new TestNetwork("10.0.0.0/16").Make(test.Ledger);
        int position = 1;
        ConcurrentBag<(VnicId Id, string Address)> held = [];
        using CancellationTokenSource enough = new();
        Task[] clients = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                held.Add(await Hold(test.Ledger, network, Interlocked.Increment(ref position)));
            }
        }))];
        await Poll.Until(() => held.Count > 50, "the old silo is at work");

        await using (LedgerDatabase database = test.OpenDatabase())
        {
            Assert.NotEmpty(await LedgerMigrations.Apply(database));
            Assert.Empty(await LedgerMigrations.Missing(database));
        }

        int before = held.Count;
        await Poll.Until(() => held.Count > before + 50, "the old silo works on after the migration");
        await enough.CancelAsync();
        await Task.WhenAll(clients);
        List<(VnicId, string)> rows = await test.Ledger.Read(s => s.Query(
            "select vnic_id, address from fixed_ips where not deleted and phase = 2",
            r => (new VnicId(r.Uuid("vnic_id")), r.Text("address"))));
        Assert.Equal(held.OrderBy(h => h.Address), rows.OrderBy(r => r.Item2));
        Assert.Equal(held.Count, held.Select(h => h.Address).Distinct().Count());
    }

    [Fact]
    public async Task Rows_that_the_version_before_wrote_are_the_same_afterwards()
    {
        await using TestLedger old = await Open(VersionBefore);
        await new TestNetwork("10.1.0.0/24") { CidrV6 = "fd00:1::/64" }.Make(old.Ledger);
        List<string> before = await Networks(old);
        await using (LedgerDatabase database = old.OpenDatabase())
        {
            Assert.NotEmpty(await LedgerMigrations.Apply(database));
            Assert.Empty(await LedgerMigrations.Apply(database));
        }

        Assert.Equal(before, await Networks(old));
    }

    private static async Task<(VnicId, string)> Hold(ILedger ledger, NetworkId network, int position)
    {
        Ip4Address address = Ip4Address.Parse("10.0.0.0") + (uint)position;
        var card = new NewCard(VnicId.New(), TestNetwork.Service, MacAddress.Random(Random.Shared), null);
        HoldOutcome held = await ledger.Hold(new HoldOperation(
            network, 1, PortId.New(), ProjectId.Parse("blue"), "ann", address, position, null, null, card));
        Assert.Equal(HoldResult.Held, held.Result);
        return (card.Id, address.ToString());
    }

    private static Task<List<string>> Networks(TestLedger test) => test.Ledger.Read(s => s.Query(
        "select n.uuid, n.label, s.cidr, n.created_at from networks n join subnets s on s.network_uuid = n.uuid order by s.id",
        r => $"{r.Uuid("uuid")} {r.Text("label")} {r.Text("cidr")} {r.Time("created_at"):O}"));
}

public sealed class SqliteMigrationTests : MigrationTests
{
    protected override Task<TestLedger> Open(int through) => TestLedger.Sqlite(through);
}

public sealed class PostgresMigrationTests : MigrationTests
{
    protected override Task<TestLedger> Open(int through) => TestLedger.Postgres(through);
}
