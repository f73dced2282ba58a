using Microsoft.Extensions.DependencyInjection;
using NovaOrleans.Outcomes;
using NovaOrleans.Projects;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Ledger;

/// <summary>Holds where every project has a limit, its own or that of all.</summary>
public abstract class LimitedHoldsTests : IAsyncLifetime
{
    private TestLedger _test = null!;
    private ServiceProvider _services = null!;
    private NetworkId _network;
    private long _position;

    protected abstract Task<TestLedger> Open();

    protected ILedger Ledger => _services.GetRequiredService<ILedger>();

    public async Task InitializeAsync()
    {
        _test = await Open();
        _services = Silo();
        _network = await new TestNetwork("10.0.0.0/16").Make(Ledger);
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _test.DisposeAsync();
    }

    [Fact]
    public async Task A_project_without_a_limit_of_its_own_has_that_of_all_however_many_hold_at_once()
    {
        HoldAllOutcome[] held = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Hold("blue")));

        Assert.Equal(5, held.Count(h => h.Why is null));
        Assert.All(held, h => Assert.True(h.Why is null or { Result: HoldResult.OverQuota }, h.Why?.Result.ToString()));
        Assert.Equal("5", held.First(h => h.Why is not null).Why!.Quota!.Details!["used"]);
        Assert.Null((await Hold("red")).Why);
    }

    [Fact]
    public async Task Many_that_there_is_no_room_for_are_refused_together_and_take_nobody_with_them()
    {
        Task<HoldAllOutcome> six = Hold("blue", 6), four = Hold("blue", 4), other = Hold("red", 5);

        Assert.Equal(HoldResult.OverQuota, (await six).Why?.Result);
        Assert.Equal((4, 5), ((await four).Held.Count, (await other).Held.Count));
        Assert.Null((await Hold("blue")).Why);
        Assert.Equal(HoldResult.OverQuota, (await Hold("blue")).Why?.Result);
    }

    [Fact]
    public async Task A_limit_of_its_own_is_above_that_of_all_and_minus_one_is_none()
    {
        await Limit("blue", 7);
        await Limit("red", -1);

        HoldAllOutcome[] held = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Hold(i % 2 == 0 ? "blue" : "red")));

        Assert.Equal(7, held.Where((h, i) => i % 2 == 0).Count(h => h.Why is null));
        Assert.All(held.Where((h, i) => i % 2 == 1), h => Assert.Null(h.Why));
    }

    [Fact]
    public async Task What_is_given_back_may_be_had_again()
    {
        HoldOperation[] held = Cards("blue", 5);
        Assert.Null((await Ledger.HoldAll(held)).Why);
        Assert.Equal(HoldResult.OverQuota, (await Hold("blue")).Why?.Result);

        FreeOutcome freed = await Ledger.Free(new FreeOperation(_network, 1, held[3].Card!.Id, 1, "ann"));

        Assert.Equal(FreeResult.Freed, freed.Result);
        Assert.Null((await Hold("blue")).Why);
        Assert.Equal(HoldResult.OverQuota, (await Hold("blue")).Why?.Result);
    }

    [Fact]
    public async Task What_bounds_a_project_is_added_to_and_counted_where_it_leaves_no_room()
    {
        await Limit("blue", 1_000);
        // More than a refusal is remembered for: on PostgreSQL room is reserved then, and found by the same statement before.
        foreach (bool reserved in (bool[])[false, true])
        {
            await Repeat(reserved ? 70 : 1, () => Hold("blue"));
            long has = await Used("blue");
            Assert.Equal(has, await Bound("blue"));

            await KnowBound("blue", 990);
            Assert.Null((await Hold("blue", 3)).Why);
            Assert.Equal(993, await Bound("blue"));

            await KnowBound("blue", 998);
            Assert.Null((await Hold("blue", 3)).Why);
            Assert.Equal(has + 6, await Bound("blue"));
        }
    }

    [Theory]
    [InlineData(3, 0, true)]
    [InlineData(40, 60, true)]
    [InlineData(3_000, 9_000, true)]
    [InlineData(4_000, 9_000, false)]
    public async Task A_bound_is_good_for_an_hour(int counted, int set, bool good)
    {
        foreach (string project in (string[])["blue", "red"])
        {
            // The limit of all is red's.
            await (project == "blue" ? Limit(project, 5) : Task.CompletedTask);
            await Repeat(5, () => Hold(project));
            await GoneBy(project, counted, set, good);
        }
    }

    [Fact]
    public async Task A_limit_that_is_set_and_what_is_counted_elsewhere_end_a_bound()
    {
        await Repeat(5, () => Hold("blue"));
        await KnowBound("blue", 0);
        await Limit("blue", 5);
        Assert.Null(await Bound("blue"));
        Assert.Equal(HoldResult.OverQuota, (await Hold("blue")).Why?.Result);

        await KnowBound("blue", 0);
        QuotaDefaults none = new();
        await Ledger.Commit(async s => await QuotaRows.FixedIps(s, ProjectId.Parse("blue"), none, 0) ?? Outcome.Done);
        Assert.Null(await Bound("blue"));
    }

    /// <summary>
    /// Whether a bound that is too low is gone by: of a project that is at its limit, which was set so many seconds ago, counted so many
    /// seconds ago.
    /// </summary>
    protected async Task GoneBy(string project, int counted, int set, bool good)
    {
        for (int refused = 0; refused < 2; refused++)
        {
            await KnowBound(project, 0, counted, set);
            Assert.Equal(good ? null : HoldResult.OverQuota, (await Hold(project)).Why?.Result);
        }
    }

    protected static async Task Repeat(int times, Func<Task<HoldAllOutcome>> hold)
    {
        for (int i = 0; i < times; i++)
        {
            Assert.Null((await hold()).Why);
        }
    }

    protected Task<long> Used(string project) => Ledger.Read(s => s.QueryOne(
        "select count(*) as n from fixed_ips where project_id = @project and not deleted", r => r.Long("n"), ("project", project)));

    private Task<long?> Bound(string project) => Ledger.Read(s => s.QueryOne(
        "select bound from quotas where project_id = @project and resource = 'fixed_ips'",
        r => r.LongOrNull("bound"), ("project", project)));

    /// <summary>As if so many had been counted so many seconds ago, and the limit set before.</summary>
    private Task KnowBound(string project, long bound, int counted = 0, int set = 0) => Ledger.Commit(async session =>
    {
        int known = await session.Execute(
            """
            update quotas set bound = @bound, bounded_at = {now-@counted}, created_at = {now-@set},
                updated_at = case when updated_at is not null then {now-@set} end
             where project_id = @project and resource = 'fixed_ips'
            """,
            ("bound", bound), ("counted", counted), ("set", set), ("project", project));
        Assert.Equal(1, known);
        return Outcome.Done;
    });

    /// <summary>One more on the same rows, where each project may have five.</summary>
    protected ServiceProvider Silo()
    {
        QuotaDefaults five = new() { Set = new Dictionary<QuotaKind, long> { [QuotaKind.FixedIps] = 5 } };
        return _test.AddTo(new ServiceCollection()).AddSingleton(five).BuildServiceProvider();
    }

    protected Task Limit(string project, long limit) => Ledger.Commit(async session =>
    {
        await QuotaRows.Set(session, ProjectId.Parse(project), QuotaKind.FixedIps, limit);
        return Outcome.Done;
    });

    protected Task<HoldAllOutcome> Hold(string project, int cards = 1) => Ledger.HoldAll(Cards(project, cards));

    protected HoldOperation[] Cards(string project, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
        {
            long position = Interlocked.Increment(ref _position);
            return new HoldOperation(
                _network, 1, PortId.New(), ProjectId.Parse(project), "ann", Ip4Address.Parse("10.0.0.0") + (uint)position, position,
                null, null, new NewCard(VnicId.New(), TestNetwork.Service, MacAddress.Random(Random.Shared), null));
        }),
    ];
}

public sealed class SqliteLimitedHoldsTests : LimitedHoldsTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresLimitedHoldsTests : LimitedHoldsTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();

    [Theory]
    [InlineData(3, 5, true)]
    [InlineData(12, 15, false)]
    [InlineData(12, 30, true)]
    public async Task What_was_counted_as_a_limit_was_set_is_counted_again_ten_seconds_later(int counted, int set, bool good)
    {
        await Limit("blue", 5);
        await Repeat(5, () => Hold("blue"));
        await GoneBy("blue", counted, set, good);
    }

    [Fact]
    public async Task Silos_that_hold_at_once_keep_to_one_limit()
    {
        await Limit("blue", 40);
        await using ServiceProvider silo = Silo();
        ILedger[] ledgers = [Ledger, silo.GetRequiredService<ILedger>()];
        int held = 0;
        for (int wave = 0; wave < 8; wave++)
        {
            HoldAllOutcome[] outcomes = await Task.WhenAll(
                Enumerable.Range(0, 12).Select(i => ledgers[i % 2].HoldAll(Cards("blue", 1))));
            held += outcomes.Count(o => o.Why is null);
            Assert.Equal(Math.Min(40, 12 * (wave + 1)), held);
        }

        Assert.Equal(40, await Used("blue"));
    }
}
