using NovaOrleans.Outcomes;
using NovaOrleans.Testing;
using NovaOrleans.Vnics;
using NovaOrleans.Vocabulary;
using Xunit.Abstractions;

namespace NovaOrleans.Pools;

/// <summary>
/// Random operations, many at once, against a small pool with lost acknowledgements and takeovers; afterwards the rows,
/// the pool and what callers were told must agree. <c>NOVA_SEED</c> repeats a run.
/// </summary>
public abstract class PoolModelTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Rounds = 25, AtOnce = 24;
    private static readonly ProjectId Project = ProjectId.Parse("blue");
    private PoolCluster _cluster = null!;

    protected abstract Task<TestLedger> Open();

    public async Task InitializeAsync() => _cluster = await PoolCluster.Start(await Open());

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    [Trait("seed", "S11"), Trait("seed", "R33")]
    public async Task Random_operations_never_give_an_address_twice_lose_one_or_leak_one()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("NOVA_SEED"), out int given)
            ? given
            : Random.Shared.Next();
        output.WriteLine($"NOVA_SEED={seed}");
        Random random = new(seed);
        NetworkId network = await _cluster.Network("10.0.0.0/26");
        Dictionary<VnicId, CreateVnic> commands = [];
        Dictionary<VnicId, VnicView> alive = [];
        HashSet<VnicId> unsure = [];
        for (int round = 0; round < Rounds; round++)
        {
            await Disturb(random, network);
            List<Func<Task>> work = [];
            for (int i = 0; i < AtOnce; i++)
            {
                work.Add(Next(random, network, commands, alive, unsure));
            }

            await Task.WhenAll(work.Select(w => w()));
            await Settle(network, commands, alive, unsure);
            await Check(network, alive, $"seed {seed}, round {round}");
        }
    }

    private async Task Disturb(Random random, NetworkId network)
    {
        switch (random.Next(6))
        {
            case 0:
                _cluster.Test.Faults.LoseNext();
                break;
            case 1:
                _cluster.Test.Faults.RefuseNext(random.Next(1, 4));
                break;
            case 2:
                await Change("update pools set epoch = epoch + 1 where network_uuid = @n", ("n", network));
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// A create, a repeated create or a delete; decided before anything runs, so that the seed repeats it.
    /// </summary>
    private Func<Task> Next(
        Random random, NetworkId network, Dictionary<VnicId, CreateVnic> commands, Dictionary<VnicId, VnicView> alive,
        HashSet<VnicId> unsure)
    {
        VnicView? some = alive.Count > 0
            ? alive.Values.OrderBy(v => v.RowId).ElementAt(random.Next(alive.Count))
            : null;
        switch (random.Next(some is null ? 1 : 3))
        {
            case 1:
                alive.Remove(some!.Id);
                return () => Delete(network, some, alive, unsure);
            case 2:
                return () => Create(network, commands[some!.Id], alive, unsure);
            default:
                CreateVnic command = new(VnicId.New(), Project, "ann");
                commands[command.Vnic] = command;
                return () => Create(network, command, alive, unsure);
        }
    }

    private async Task Create(
        NetworkId network, CreateVnic command, Dictionary<VnicId, VnicView> alive, HashSet<VnicId> unsure)
    {
        try
        {
            Outcome<VnicView> made = await _cluster.Pool(network).CreateVnic(command);
            lock (alive)
            {
                if (made.Refused)
                {
                    Assert.Contains(
                        made.Refusal.Code, (RefusalCode[])[RefusalCode.NoMoreAddresses, RefusalCode.Conflict]);
                }
                else
                {
                    alive[command.Vnic] = made.Value;
                }
            }
        }
        catch (OperatingFaultException fault) when (fault.MayRetry)
        {
            lock (alive)
            {
                unsure.Add(command.Vnic);
            }
        }
    }

    private async Task Delete(
        NetworkId network, VnicView vnic, Dictionary<VnicId, VnicView> alive, HashSet<VnicId> unsure)
    {
        try
        {
            Outcome deleted = await _cluster.Pool(network).DeleteVnic(vnic.Id, vnic.Version, "ann");
            Assert.False(deleted.Refused);
            lock (alive)
            {
                alive.Remove(vnic.Id);
                unsure.Add(vnic.Id);
            }
        }
        catch (OperatingFaultException fault) when (fault.MayRetry)
        {
            lock (alive)
            {
                unsure.Add(vnic.Id);
            }
        }
    }

    /// <summary>What ended with a fault, or met its own deletion, is what its row says.</summary>
    private async Task Settle(
        NetworkId network, Dictionary<VnicId, CreateVnic> commands, Dictionary<VnicId, VnicView> alive,
        HashSet<VnicId> unsure)
    {
        _cluster.Test.Faults.RefuseNext(0);
        _cluster.Test.Faults.LoseNext(0);
        await Poll.Until(async () =>
        {
            // A takeover by hand is noticed by the next write only; this one changes nothing.
            try
            {
                await _cluster.Pool(network).Unreserve(Ip4Address.Parse("10.0.0.62"), "op");
                return true;
            }
            catch (OperatingFaultException)
            {
                return false;
            }
        }, "a pool that owns its rows");
        foreach (VnicId vnic in unsure)
        {
            VnicView? there = await _cluster.Ledger.Read(async s => await VnicRows.Load(s, vnic) is { } card
                ? card.ToView(await VnicRows.Ports(s, vnic))
                : null);
            if (there is null)
            {
                alive.Remove(vnic);
            }
            else
            {
                alive[vnic] = there;
                Assert.True(commands.ContainsKey(vnic));
            }
        }

        unsure.Clear();
    }

    private async Task Check(NetworkId network, Dictionary<VnicId, VnicView> alive, string where)
    {
        List<(Guid Vnic, string Address)> rows = await _cluster.Ledger.Read(s => s.Query(
            """
            select f.vnic_id, f.address from fixed_ips f join ethernet_cards c on c.uuid = f.vnic_id and not c.deleted
             where f.network_uuid = @n and f.phase = 2 and not f.deleted order by f.vnic_id
            """,
            r => (r.Uuid("vnic_id"), r.Text("address")), ("n", network)));
        Assert.True(rows.Select(r => r.Address).Distinct().Count() == rows.Count, $"an address is held twice: {where}");
        Assert.Equal(
            alive.Values.Select(v => $"{v.Id} {v.Ports[0].Address}").Order(),
            rows.Select(r => $"{r.Vnic} {r.Address}").Order());
        PoolView pool = await _cluster.Pool(network).Describe();
        Assert.True(pool.Held == rows.Count, $"the pool counts {pool.Held}, its rows {rows.Count}: {where}");
        Assert.Equal(0, await _cluster.Ledger.Read(s => s.QueryOne(
            """
            select count(*) as n from fixed_ips f where f.network_uuid = @n and f.phase = 2 and not f.deleted
               and not exists (select 1 from ethernet_cards c where c.uuid = f.vnic_id and not c.deleted)
            """,
            r => r.Long("n"), ("n", network))));
    }

    private Task Change(string sql, params (string Name, object? Value)[] parameters) =>
        _cluster.Ledger.Commit(async s =>
        {
            await s.Execute(sql, parameters);
            return Outcome.Done;
        });
}

public sealed class SqlitePoolModelTests(ITestOutputHelper output) : PoolModelTests(output)
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresPoolModelTests(ITestOutputHelper output) : PoolModelTests(output)
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
