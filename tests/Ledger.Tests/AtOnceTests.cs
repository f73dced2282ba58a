using NovaOrleans.Outcomes;
using NovaOrleans.Testing;

namespace NovaOrleans.Ledger;

/// <summary>Work whose commit goes with its statements, on both databases.</summary>
public abstract class AtOnceTests : IAsyncLifetime
{
    private TestLedger _test = null!;

    private ILedger Ledger => _test.Ledger;

    protected abstract Task<TestLedger> Open();

    public async Task InitializeAsync() => _test = await Open();

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Each_has_the_answers_to_its_own_statements()
    {
        Outcome<int>[] outcomes = await Together(200, async (s, i) =>
        {
            Task<int>[] inserted = [.. Enumerable.Range(0, i % 4).Select(n => Insert(s, $"{i} {n}"))];
            Task<int> renamed = s.Execute(
                "update ethernet_cards set name = @name where mac_address like @mac", ("name", $"{i}"), ("mac", $"{i} %"));
            Task<List<string>> read = s.Query(
                "select mac_address from ethernet_cards where name = @name", r => r.Text("mac_address"), ("name", $"{i}"));
            Assert.All(await Task.WhenAll(inserted), n => Assert.Equal(1, n));
            Assert.Equal(i % 4, await renamed);
            return (await read).Count;
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

    /// <summary>Whatever it sent with what had to be, before and after.</summary>
    [Fact]
    public async Task One_that_is_refused_takes_only_its_own_writes_back()
    {
        Outcome<int>[] outcomes = await Together(100, async (s, i) =>
        {
            Task<int> before = Insert(s, $"{i}");
            Task<bool> must = s.Must(
                "update ethernet_cards set name = 'y' where mac_address = @mac returning 1", ("mac", i == 50 ? "nobody" : $"{i}"));
            await Task.WhenAll(before, must, Insert(s, $"{i}b"));
            return await must ? i : new Refusal(RefusalCode.Conflict, "not this one");
        });
        Assert.Equal(50, Array.FindIndex(outcomes, o => o.Refused));
        Assert.Equal(99, outcomes.Count(o => !o.Refused));
        Assert.Equal(2 * 99, await Count());
    }

    [Fact]
    public async Task One_alone_is_refused_as_it_is_among_others()
    {
        Outcome<int> outcome = await Ledger.CommitAtOnce(async s =>
        {
            Task<int> inserted = Insert(s, "1");
            Task<bool> must = s.Must("select 1 from ethernet_cards where mac_address = 'nobody' {share}");
            await Task.WhenAll(inserted, must);
            return await must ? 1 : (Outcome<int>)new Refusal(RefusalCode.Conflict, "there is nobody");
        });
        Assert.Equal("there is nobody", outcome.Refusal!.Reason);
        Assert.Equal(0, await Count());
    }

    /// <summary>Its commit has been tried, and may be anybody's guess: whoever asks again finds the row.</summary>
    [Fact]
    public async Task One_whose_acknowledgement_is_lost_does_not_know_whether_it_was_applied()
    {
        _test.Faults.LoseNext();
        OperatingFaultException lost = await Assert.ThrowsAsync<OperatingFaultException>(
            () => Ledger.CommitAtOnce(async s => (Outcome<int>)await Insert(s, "1")));
        Assert.True(lost.MayRetry);
        Assert.Equal(1, await Count());
    }

    [Fact]
    public async Task One_that_the_database_takes_the_second_time_is_applied_once()
    {
        _test.Faults.RefuseNext(commits: 1);
        Outcome<int>[] outcomes = await Together(3, async (s, i) => await Insert(s, $"{i}"));
        Assert.All(outcomes, o => Assert.Equal(1, o.Value));
        Assert.Equal(3, await Count());
    }

    /// <summary>The commit would go with its statement, so none is sent of a batch in which one has failed already.</summary>
    [Fact]
    public async Task One_that_throws_once_it_has_sent_something_writes_nothing()
    {
        await Assert.ThrowsAsync<FormatException>(() => Ledger.CommitAtOnce<int>(s =>
        {
            _ = Insert(s, "1");
            return Task.FromException<Outcome<int>>(new FormatException("poison"));
        }));
        Assert.Equal(0, await Count());
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("is refused by the database")]
    [InlineData("meets a conflict")]
    public async Task One_that_fails_fails_alone(string how)
    {
        Task<Outcome<int>>[] work = [.. Enumerable.Range(0, 100).Select(i => Ledger.CommitAtOnce(async s =>
        {
            await Task.WhenAll(
                Insert(s, $"{i}"),
                i != 50 ? Insert(s, $"{i}b") : how switch
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
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Ledger.CommitAtOnce(s => work(s, i))));

    private static Task<int> Insert(LedgerSession s, string mac) => s.Execute(
        "insert into ethernet_cards (uuid, service, project_id, mac_address) values (@id, 'a.b', 'p', @mac)",
        ("id", Guid.CreateVersion7()), ("mac", mac));

    private Task<long> Count() => Ledger.Read(s =>
        s.QueryOne("select count(*) as n from ethernet_cards where not deleted", r => r.Long("n")));
}

public sealed class SqliteAtOnceTests : AtOnceTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresAtOnceTests : AtOnceTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
