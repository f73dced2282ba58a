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

    private ILedger Ledger => _services.GetRequiredService<ILedger>();

    public async Task InitializeAsync()
    {
        _test = await Open();
        QuotaDefaults five = new() { Set = new Dictionary<QuotaKind, long> { [QuotaKind.FixedIps] = 5 } };
        _services = _test.AddTo(new ServiceCollection()).AddSingleton(five).BuildServiceProvider();
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

    private Task Limit(string project, long limit) => Ledger.Commit(async session =>
    {
        await QuotaRows.Set(session, ProjectId.Parse(project), QuotaKind.FixedIps, limit);
        return Outcome.Done;
    });

    private Task<HoldAllOutcome> Hold(string project, int cards = 1) => Ledger.HoldAll(
    [
        .. Enumerable.Range(0, cards).Select(_ =>
        {
            long position = Interlocked.Increment(ref _position);
            return new HoldOperation(
                _network, 1, PortId.New(), ProjectId.Parse(project), "ann", Ip4Address.Parse("10.0.0.0") + (uint)position, position,
                null, null, new NewCard(VnicId.New(), TestNetwork.Service, MacAddress.Random(Random.Shared), null));
        }),
    ]);
}

public sealed class SqliteLimitedHoldsTests : LimitedHoldsTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresLimitedHoldsTests : LimitedHoldsTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
