using NovaOrleans.Outcomes;
using NovaOrleans.Testing;

namespace NovaOrleans.Ledger;

/// <summary>What the general lane promises, on both databases.</summary>
public abstract class LedgerTests : IAsyncLifetime
{
    private TestLedger _test = null!;

    protected ILedger Ledger => _test.Ledger;

    protected abstract Task<TestLedger> Open();

    public async Task InitializeAsync() => _test = await Open();

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task A_migration_is_applied_once_also_when_many_ask()
    {
        await using LedgerDatabase database = _test.OpenDatabase();
        IReadOnlyList<int>[] applied =
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LedgerMigrations.Apply(database)));
        Assert.All(applied, numbers => Assert.Empty(numbers));
        List<string> names = await Ledger.Read(s =>
            s.Query("select name from schema_migrations order by number", r => r.Text("name")));
        Assert.Equal(["0001_ledger.sql", "0002_views.sql"], names.Take(2));
        Assert.Equal(names, names.Distinct());
    }

    /// <summary>Whoever reads in the background catches operating faults, and would end its process at anything else.</summary>
    [Fact]
    public async Task A_read_that_the_database_refuses_is_an_operating_fault()
    {
        OperatingFaultException refused = await Assert.ThrowsAsync<OperatingFaultException>(
            () => Ledger.Read(s => s.Query("select 1 as one from nowhere", r => r.Int("one"))));
        Assert.False(refused.MayRetry);
    }

    [Fact]
    public async Task Values_of_every_kind_come_back_as_they_went()
    {
        Guid id = Guid.CreateVersion7();
        DateTimeOffset time = new(2026, 2, 3, 4, 5, 6, 789, TimeSpan.FromHours(2));
        Assert.False((await Ledger.Commit(async s =>
        {
            await s.Execute(
                """
                insert into instances (
                    uuid, project_id, service, name, status, version, metadata, created_at, updated_at, deleted)
                values (@id, @project, 'a.b', @name, @status, @version, '{}', @time, cast(@none as {time}), {false})
                """,
                ("id", id), ("project", "p"), ("name", "it's \"é\""), ("status", 3), ("version", long.MaxValue),
                ("time", time), ("none", null));
            return Outcome.Done;
        })).Refused);
        var row = await Ledger.Read(s => s.QueryOne(
            "select * from instances where uuid = @id and not deleted",
            r => (r.Uuid("uuid"), r.Text("name"), r.Int("status"), r.Long("version"), r.Time("created_at"),
                r.TimeOrNull("updated_at"), r.Flag("deleted"), r.TextOrNull("host")),
            ("id", id)));
        Assert.Equal((id, "it's \"é\"", 3, long.MaxValue, time.ToUniversalTime(), null, false, null), row);
    }

    [Fact]
    public async Task The_databases_clock_can_be_moved_in_a_statement()
    {
        (DateTimeOffset before, DateTimeOffset now, DateTimeOffset after) = await Ledger.Read(s => s.QueryOne(
            "select {now-@seconds} as a, {now} as b, {now+@seconds} as c",
            r => (Time(r, "a"), Time(r, "b"), Time(r, "c")), ("seconds", 30)));
        Assert.Equal(30, (now - before).TotalSeconds, 0.002);
        Assert.Equal(30, (after - now).TotalSeconds, 0.002);

        static DateTimeOffset Time(LedgerRow row, string column) => row.Time(column);
    }

    [Fact]
    public async Task A_read_sees_every_acknowledged_write()
    {
        for (int i = 0; i < 50; i++)
        {
            await Insert($"{i}");
            Assert.Equal(i + 1, await Count());
        }
    }

    [Fact]
    public async Task Refused_work_takes_only_its_own_writes_back()
    {
        Outcome[] outcomes = await Together(200, async (s, i) =>
        {
            await Insert(s, $"{i}");
            await Insert(s, $"{i}b");
            return i % 3 == 0 ? new Refusal(RefusalCode.Conflict, "not this one") : Outcome.Done;
        });
        Assert.Equal(67, outcomes.Count(o => o.Refused));
        Assert.Equal(2 * 133, await Count());
    }

    [Fact]
    public async Task Work_that_throws_fails_alone_with_its_own_exception()
    {
        Task<Outcome>[] work = [.. Enumerable.Range(0, 100).Select(i => Ledger.Commit(async s =>
        {
            await Insert(s, $"{i}");
            return i == 50 ? throw new FormatException("poison") : Outcome.Done;
        }))];
        await Assert.ThrowsAsync<FormatException>(() => work[50]);
        await Task.WhenAll(work.Where((_, i) => i != 50));
        Assert.Equal(99, await Count());
    }

    [Fact]
    public async Task A_statement_that_the_database_refuses_fails_alone_and_shows_no_driver()
    {
        Task<Outcome>[] work = [.. Enumerable.Range(0, 100).Select(i => Ledger.Commit(async s =>
        {
            await Insert(s, $"{i}");
            await (i == 50 ? s.Execute("insert into no_such_table values (1)") : Task.FromResult(0));
            return Outcome.Done;
        }))];
        OperatingFaultException fault = await Assert.ThrowsAsync<OperatingFaultException>(() => work[50]);
        Assert.False(fault.MayRetry);
        await Task.WhenAll(work.Where((_, i) => i != 50));
        Assert.Equal(99, await Count());
    }

    [Fact]
    public async Task A_conflict_names_the_index_and_disturbs_nobody()
    {
        await Insert("taken");
        Task<Outcome>[] work = [.. Enumerable.Range(0, 100).Select(i => Ledger.Commit(async s =>
        {
            await Insert(s, $"{i}");
            await Insert(s, i == 50 ? "taken" : $"{i}b");
            return Outcome.Done;
        }))];
        LedgerConflictException conflict = await Assert.ThrowsAsync<LedgerConflictException>(() => work[50]);
        Assert.Equal("ethernet_cards_mac", conflict.Constraint);
        await Task.WhenAll(work.Where((_, i) => i != 50));
        Assert.Equal(1 + (2 * 99), await Count());
    }

    [Fact]
    public async Task Unnamed_unique_columns_and_keys_are_named_alike_on_both_databases()
    {
        Guid id = Guid.CreateVersion7();
        Assert.Equal("ethernet_cards_uuid_key", await Conflict(s => Insert(s, $"{Guid.NewGuid()}", id)));
        Assert.Equal("ranges_pkey", await Conflict(s =>
            s.Execute("insert into ranges (service, epoch) values ('a.b', 1)")));

        async Task<string> Conflict(Func<LedgerSession, Task> insert) =>
            (await Assert.ThrowsAsync<LedgerConflictException>(() => Ledger.Commit(async s =>
            {
                await insert(s);
                await insert(s);
                return Outcome.Done;
            }))).Constraint;
    }

    [Fact]
    public async Task Work_may_turn_a_conflict_into_a_refusal_but_not_into_success()
    {
        await Insert("taken");
        Assert.True((await Ledger.Commit(s => Turned(s, new Refusal(RefusalCode.MacInUse, "taken")))).Refused);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Ledger.Commit(s => Turned(s, Outcome.Done)));
        Assert.Equal(1, await Count());

        async Task<Outcome> Turned(LedgerSession s, Outcome outcome)
        {
            await Insert(s, "free");
            try
            {
                await Insert(s, "taken");
            }
            catch (LedgerConflictException)
            {
                return outcome;
            }

            return Outcome.Done;
        }
    }

    [Fact]
    public async Task A_batch_that_fails_is_run_again_one_by_one()
    {
        _test.Faults.Before = operations => operations > 1
            ? throw new OperatingFaultException("the test refuses batches", mayRetry: true)
            : Task.CompletedTask;
        Outcome[] outcomes = await Together(100, async (s, i) =>
        {
            await Insert(s, $"{i}");
            return Outcome.Done;
        });
        Assert.DoesNotContain(outcomes, o => o.Refused);
        Assert.Equal(100, await Count());
    }

    [Fact]
    public async Task A_commit_that_never_succeeds_is_a_fault_that_may_be_retried()
    {
        _test.Faults.RefuseNext(commits: 2);
        OperatingFaultException fault = await Assert.ThrowsAsync<OperatingFaultException>(
            async () =>
            {
                await Insert("first");
                await Insert("second");
            });
        Assert.True(fault.MayRetry);
        _test.Faults.RefuseNext(0);
        Assert.Equal(0, await Count());
        await Insert("later");
        Assert.Equal(1, await Count());
    }

    [Fact]
    public async Task A_lost_acknowledgement_is_a_fault_and_is_never_run_twice()
    {
        _test.Faults.LoseNext();
        OperatingFaultException fault = await Assert.ThrowsAsync<OperatingFaultException>(() => Insert("mac"));
        Assert.True(fault.MayRetry);
        Assert.Equal(1, await Count());
        await Insert("later");
    }

    [Fact]
    public async Task Readers_are_not_disturbed_by_a_long_batch()
    {
        TaskCompletionSource inside = new(), go = new();
        Task<Outcome> slow = Ledger.Commit(async s =>
        {
            await Insert(s, "slow");
            inside.SetResult();
            await go.Task;
            return Outcome.Done;
        });
        await inside.Task;
        Assert.Equal(0, await Count());
        go.SetResult();
        await slow;
        Assert.Equal(1, await Count());
    }

    /// <summary>A statement's text is made once, with its parameters in the order in which they came: in another they would be other values.</summary>
    [Fact]
    public async Task The_same_statement_with_its_parameters_in_another_order_is_refused()
    {
        await Insert("a");
        await Rename(("mac", "a"), ("name", "b"));
        await Assert.ThrowsAnyAsync<Exception>(() => Rename(("name", "a"), ("mac", "a")));
        Assert.Equal("b", await Ledger.Read(s => s.QueryOne("select name from ethernet_cards", r => r.Text("name"))));

        Task Rename(params (string, object?)[] values) => Ledger.Commit(async s =>
        {
            await s.Execute("update ethernet_cards set name = @name where mac_address = @mac", values);
            return Outcome.Done;
        });
    }

    private Task<Outcome[]> Together(int count, Func<LedgerSession, int, Task<Outcome>> work) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Ledger.Commit(s => work(s, i))));

    private Task Insert(string mac) => Ledger.Commit(async s =>
    {
        await Insert(s, mac);
        return Outcome.Done;
    });

    private static Task<int> Insert(LedgerSession s, string mac, Guid? id = null) => s.Execute(
        "insert into ethernet_cards (uuid, service, project_id, mac_address) values (@id, 'a.b', 'p', @mac)",
        ("id", id ?? Guid.CreateVersion7()), ("mac", mac));

    private Task<long> Count() => Ledger.Read(s =>
        s.QueryOne("select count(*) as n from ethernet_cards where not deleted", r => r.Long("n")));
}

public sealed class SqliteLedgerTests : LedgerTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresLedgerTests : LedgerTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();

    [Fact]
    public async Task A_crowd_that_reads_shares_a_few_connections()
    {
        long[] open = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Ledger.Read(s => s.QueryOne(
            """
            select count(*) as n from pg_stat_activity, (select pg_sleep(0.01)) waited
             where datname = current_database() and application_name = 'novaorleans'
            """,
            r => r.Long("n")))));
        Assert.InRange(open.Max(), 2, 16);
    }
}
