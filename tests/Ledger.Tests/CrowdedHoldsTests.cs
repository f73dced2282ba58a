using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Ledger;

/// <summary>PostgreSQL's lane of holds has a second connection for a crowd: here the first one stands still.</summary>
public sealed class CrowdedHoldsTests : IAsyncLifetime
{
    private const int Many = 200;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_while = TimeSpan.FromMilliseconds(300);

    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TestLedger _test = null!;
    private NetworkId _network;
    private int _position;

    public async Task InitializeAsync()
    {
        _test = await TestLedger.Postgres();
        _network = await new TestNetwork("10.0.0.0/16").Make(_test.Ledger);
    }

    public async Task DisposeAsync()
    {
        _goOn.TrySetResult();
        await _test.DisposeAsync();
    }

    [Fact]
    public async Task A_crowd_is_not_kept_by_a_batch_that_stands_still_and_fewer_wait_for_it()
    {
        Task<HoldAllOutcome> first = await StandingStill();
        Task<HoldAllOutcome> few = Hold(Many);
        await Task.Delay(s_while);
        Assert.False(few.IsCompleted);

        Task<HoldAllOutcome> more = Hold(Many);
        Assert.Equal((Many, Many), (Held(await few.WaitAsync(s_limit)), Held(await more.WaitAsync(s_limit))));
        Assert.False(first.IsCompleted);

        _goOn.SetResult();
        Assert.Equal(1, Held(await first.WaitAsync(s_limit)));
        HoldAllOutcome[] crowd = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Hold(Many)));
        Assert.All(crowd, h => Assert.Equal(Many, Held(h)));
        Assert.Equal(1 + (22 * Many), await _test.Ledger.Read(s => s.QueryOne(
            "select count(distinct address) as n from fixed_ips", r => r.Int("n"))));
    }

    /// <summary>What the two find in each other's way is refused as by one: here a card that both are to make.</summary>
    [Fact]
    public async Task The_same_card_in_both_is_made_once()
    {
        VnicId card = VnicId.New();
        Task<HoldAllOutcome> first = await StandingStill(card);
        Task<HoldAllOutcome> crowd = Hold(Many), again = Hold(Many, card);
        Assert.Equal(Many, Held(await crowd.WaitAsync(s_limit)));
        Assert.Equal(Many, Held(await again.WaitAsync(s_limit)));

        _goOn.SetResult();
        Assert.Equal(HoldResult.Repeated, (await first.WaitAsync(s_limit)).Why?.Result);
    }

    /// <summary>A hold whose batch is sent only when the test says so; the one thereafter is not kept.</summary>
    private async Task<Task<HoldAllOutcome>> StandingStill(VnicId? card = null)
    {
        TaskCompletionSource stands = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _test.Faults.Before = _ => stands.TrySetResult() ? _goOn.Task.WaitAsync(s_limit) : Task.CompletedTask;
        Task<HoldAllOutcome> first = Hold(1, card);
        await stands.Task.WaitAsync(s_limit);
        return first;
    }

    private static int Held(HoldAllOutcome outcome) => outcome.Why is null ? outcome.Held.Count : 0;

    private Task<HoldAllOutcome> Hold(int cards, VnicId? card = null) => _test.Ledger.HoldAll(
    [
        .. Enumerable.Range(0, cards).Select(i =>
        {
            int position = Interlocked.Increment(ref _position);
            VnicId id = i == 0 && card is { } given ? given : VnicId.New();
            return new HoldOperation(
                _network, 1, PortId.New(), ProjectId.Parse("blue"), "ann", Ip4Address.Parse("10.0.0.0") + (uint)position, position,
                null, null, new NewCard(id, TestNetwork.Service, MacAddress.Random(Random.Shared), null));
        }),
    ]);
}
