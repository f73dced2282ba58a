using NovaOrleans.Outcomes;
using NovaOrleans.Projects;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Ledger;

/// <summary>
/// One batch in which something is refused that nobody expected: each of the others has its own outcome, and what is freed beside them is
/// freed once.
/// </summary>
public abstract class MixedHoldsTests : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TestLedger _test = null!;
    private NetworkId _network;
    private NetworkId _other;
    private int _position;
    private int _batches;

    protected abstract Task<TestLedger> Open();

    public async Task InitializeAsync()
    {
        _test = await Open();
        _network = await new TestNetwork("10.0.0.0/16").Make(_test.Ledger);
        _other = await new TestNetwork("10.0.0.0/16").Make(_test.Ledger);
    }

    public async Task DisposeAsync()
    {
        _goOn.TrySetResult();
        await _test.DisposeAsync();
    }

    [Fact]
    public async Task An_activation_that_was_overtaken_takes_nobody_with_it()
    {
        await StandStill();
        Task<HoldOutcome>[] holds = [Hold(_network), Hold(_network, epoch: 0), Hold(_other)];
        Assert.Equal([HoldResult.Held, HoldResult.Fenced, HoldResult.Held], await InOneBatch(holds));
    }

    [Fact]
    public async Task A_closed_pool_takes_nobody_with_it()
    {
        await _test.Ledger.Commit(async s =>
        {
            await s.Execute("update pools set open = @no where network_uuid = @id", ("no", false), ("id", _other.Value));
            return Outcome.Done;
        });
        await StandStill();
        Task<HoldOutcome>[] holds = [Hold(_network), Hold(_other), Hold(_network)];
        Assert.Equal([HoldResult.Held, HoldResult.Closed, HoldResult.Held], await InOneBatch(holds));
    }

    [Fact]
    public async Task A_project_that_has_a_limit_takes_nobody_with_it()
    {
        await _test.Ledger.Commit(async s =>
        {
            await QuotaRows.Set(s, ProjectId.Parse("small"), QuotaKind.FixedIps, 1);
            return Outcome.Done;
        });
        await StandStill();
        Task<HoldOutcome>[] holds = [Hold(_network), Hold(_network, project: "small"), Hold(_other, project: "small"), Hold(_other)];

        _goOn.SetResult();
        HoldResult[] results = [.. (await Task.WhenAll(holds).WaitAsync(s_limit)).Select(h => h.Result)];
        Assert.Equal((HoldResult.Held, HoldResult.Held), (results[0], results[3]));
        Assert.Equal([HoldResult.Held, HoldResult.OverQuota], results[1..3].Order());
    }

    [Fact]
    public async Task What_is_freed_beside_a_refused_hold_is_freed_once()
    {
        VnicId card = VnicId.New(), kept = VnicId.New();
        await Hold(_network, card: card);
        await Hold(_network, card: kept);
        await StandStill();
        Task<FreeOutcome>[] frees = [Free(card), Free(card), Free(kept, version: 7)];
        Assert.Equal([HoldResult.Fenced, HoldResult.Held], await InOneBatch(Hold(_network, epoch: 0), Hold(_network)));
        Assert.Equal(
            [FreeResult.Freed, FreeResult.Gone, FreeResult.Stale],
            (await Task.WhenAll(frees).WaitAsync(s_limit)).Select(f => f.Result));
        Assert.Equal(1, await _test.Ledger.Read(s => s.QueryOne(
            "select count(*) as n from history where what = 'address released'", r => r.Int("n"))));
    }

    /// <summary>A hold whose batch is sent only when the test says so, so that all thereafter are one batch.</summary>
    private async Task StandStill()
    {
        TaskCompletionSource stands = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _test.Faults.Before = _ =>
        {
            Interlocked.Increment(ref _batches);
            return stands.TrySetResult() ? _goOn.Task.WaitAsync(s_limit) : Task.CompletedTask;
        };
        _ = Hold(_network);
        await stands.Task.WaitAsync(s_limit);
    }

    /// <summary>What came of them, of which none was tried again in a batch of its own or of others.</summary>
    private async Task<IEnumerable<HoldResult>> InOneBatch(params Task<HoldOutcome>[] holds)
    {
        _goOn.SetResult();
        HoldOutcome[] outcomes = await Task.WhenAll(holds).WaitAsync(s_limit);
        Assert.Equal(2, _batches);
        return outcomes.Select(h => h.Result);
    }

    private Task<FreeOutcome> Free(VnicId card, long version = 1) =>
        _test.Ledger.Free(new FreeOperation(_network, 1, card, version, "ann"));

    private Task<HoldOutcome> Hold(NetworkId network, long epoch = 1, string project = "blue", VnicId? card = null)
    {
        int position = Interlocked.Increment(ref _position);
        return _test.Ledger.Hold(new HoldOperation(
            network, epoch, PortId.New(), ProjectId.Parse(project), "ann", Ip4Address.Parse("10.0.0.0") + (uint)position, position,
            null, null, new NewCard(card ?? VnicId.New(), TestNetwork.Service, MacAddress.Random(Random.Shared), null)));
    }
}

public sealed class SqliteMixedHoldsTests : MixedHoldsTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresMixedHoldsTests : MixedHoldsTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
