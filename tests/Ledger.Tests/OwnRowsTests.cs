using NovaOrleans.Outcomes;
using NovaOrleans.Testing;

namespace NovaOrleans.Ledger;

/// <summary>Work on rows of its own, which takes its steps together with its like, on both databases.</summary>
public abstract class OwnRowsTests : IAsyncLifetime
{
    private TestLedger _test = null!;

    private ILedger Ledger => _test.Ledger;

    protected abstract Task<TestLedger> Open();

    public async Task InitializeAsync() => _test = await Open();

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Between_two_statements_of_one_those_of_the_others_run()
    {
        List<string> steps = [];
        TaskCompletionSource begun = new(), go = new();
        Task<Outcome> before = Ledger.Commit(async _ =>
        {
            begun.SetResult();
            await go.Task;
            return Outcome.Done;
        });
        await begun.Task;
        Task<Outcome<int>[]> all = Together(3, async (s, i) =>
        {
            await Insert(s, $"{i}");
            steps.Add($"{i} in");
            await Insert(s, $"{i}b");
            steps.Add($"{i} done");
            return i;
        });
        go.SetResult();
        await before;
        Assert.Equal([0, 1, 2], (await all).Select(o => o.Value));
        Assert.Equal(["0 in", "1 in", "2 in", "0 done", "1 done", "2 done"], steps);
    }

    [Fact]
    public async Task Each_has_the_answers_to_its_own_statements()
    {
        Outcome<int>[] outcomes = await Together(200, async (s, i) =>
        {
            for (int n = 0; n < i % 4; n++)
            {
                Assert.Equal(1, await Insert(s, $"{i} {n}"));
            }

            Assert.Equal(i % 4, await s.Execute(
                "update ethernet_cards set name = @name where mac_address like @mac", ("name", $"{i}"), ("mac", $"{i} %")));
            return (await s.Query("select mac_address from ethernet_cards where name = @name", r => r.Text("mac_address"), ("name", $"{i}")))
                .Count;
        });
        Assert.Equal(Enumerable.Range(0, 200).Select(i => i % 4), outcomes.Select(o => o.Value));
        Assert.Equal(300, await Count());
    }

    [Fact]
    public async Task Statements_may_be_begun_before_they_are_awaited_and_run_in_their_order()
    {
        Outcome<int>[] outcomes = await Together(20, async (s, i) =>
        {
            Task<int> inserted = Insert(s, $"{i}");
            Task<int> renamed = s.Execute("update ethernet_cards set name = 'x' where mac_address = @mac", ("mac", $"{i}"));
            Task<string?> read = s.QueryOne(
                "select name from ethernet_cards where mac_address = @mac", r => r.TextOrNull("name"), ("mac", $"{i}"));
            await Task.WhenAll(inserted, renamed, read);
            return await inserted + await renamed + (await read == "x" ? 1 : 0);
        });
        Assert.All(outcomes, o => Assert.Equal(3, o.Value));
    }

    [Fact]
    public async Task One_that_is_refused_takes_only_its_own_writes_back()
    {
        Outcome<int>[] outcomes = await Together(100, async (s, i) =>
        {
            await Insert(s, $"{i}");
            await Insert(s, $"{i}b");
            return i == 50 ? new Refusal(RefusalCode.Conflict, "not this one") : (Outcome<int>)i;
        });
        Assert.Equal(50, Array.FindIndex(outcomes, o => o.Refused));
        Assert.Equal(2 * 99, await Count());
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("is refused by the database")]
    [InlineData("meets a conflict")]
    public async Task One_that_fails_fails_alone(string how)
    {
        Task<Outcome<int>>[] work = [.. Enumerable.Range(0, 100).Select(i => Ledger.CommitOwn(async s =>
        {
            await Insert(s, $"{i}");
            await (i != 50 ? Insert(s, $"{i}b") : how switch
            {
                "throws" => throw new FormatException("poison"),
                "meets a conflict" => Insert(s, "50"),
                _ => s.Execute("insert into no_such_table values (1)"),
            });
            return (Outcome<int>)i;
        }))];
        Exception fault = await Assert.ThrowsAnyAsync<Exception>(() => work[50]);
        Assert.Equal(
            how switch
            {
                "throws" => typeof(FormatException),
                "meets a conflict" => typeof(LedgerConflictException),
                _ => typeof(OperatingFaultException),
            },
            fault.GetType());
        await Task.WhenAll(work.Where((_, i) => i != 50));
        Assert.Equal(2 * 99, await Count());
    }

    private Task<Outcome<int>[]> Together(int count, Func<LedgerSession, int, Task<Outcome<int>>> work) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Ledger.CommitOwn(s => work(s, i))));

    private static Task<int> Insert(LedgerSession s, string mac) => s.Execute(
        "insert into ethernet_cards (uuid, service, project_id, mac_address) values (@id, 'a.b', 'p', @mac)",
        ("id", Guid.CreateVersion7()), ("mac", mac));

    private Task<long> Count() => Ledger.Read(s =>
        s.QueryOne("select count(*) as n from ethernet_cards where not deleted", r => r.Long("n")));
}

public sealed class SqliteOwnRowsTests : OwnRowsTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresOwnRowsTests : OwnRowsTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
