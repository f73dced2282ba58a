using Microsoft.Extensions.Logging;
using NovaOrleans.Agent;

namespace NovaOrleans.AgentTests;

/// <summary>What an operator reads when a host has a trouble that stays: it once, and what is new.</summary>
public sealed class RoundLogTests : IAsyncDisposable
{
    private readonly FakeBench _bench = new();
    private readonly SetClock _clock = new();
    private readonly Kept _kept = new();
    private readonly RoundLog _log;

    public RoundLogTests() => _log = new RoundLog(_clock, _kept);

    [Fact]
    public async Task A_trouble_that_stays_is_said_once_with_all_that_waits_for_it_and_again_when_it_is_over()
    {
        Sketch sketch = Uplinked(1, 2, 3);
        Assert.Equal(
            [
                "Warning: ! br1: this host has no link eth9 to be its uplink",
                "Warning: 3 steps wait for br1: this host has no link eth9 to be its uplink",
                $"Warning: 3 steps wait for guest:{sketch.Spec(1).Id} and 2 more: the network of its NIC 0 was not read back as desired",
            ],
            (await Round(sketch)).Where(IsTrouble));
        Assert.Empty(await Round(sketch));
        Assert.Empty(await Round(sketch));

        // One more guest is news, and waits like the others.
        IReadOnlyList<string> fourth = await Round(Uplinked(1, 2, 3, 4));
        Assert.DoesNotContain(fourth, IsTrouble);

        _clock.Pass(TimeSpan.FromMinutes(11));
        Assert.Equal(3, (await Round(sketch)).Count(IsTrouble));
        await _bench.AddUplink("eth9");
        Assert.Single(await Round(sketch), "Information: nothing is in the way any more");
        Assert.Empty(await Round(sketch));
    }

    [Fact]
    public void A_host_that_cannot_be_looked_at_is_said_once()
    {
        Assert.Single(Said(() => _log.Failed("nft is not there")));
        Assert.Empty(Said(() => _log.Failed("nft is not there")));
        Assert.Single(Said(() => _log.Failed("ip is not there")));
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private Sketch Uplinked(params int[] guests) =>
        new Sketch(_bench.Compute.AttachmentOf).With(1, guests).Over("eth9", 1);

    private static bool IsTrouble(string line) => line.StartsWith("Warning", StringComparison.Ordinal);

    private async Task<IReadOnlyList<string>> Round(Sketch sketch)
    {
        Verified verified = await _bench.Reconcile(sketch.Build());
        return Said(() => _log.Seen(new HostAssignment(Epoch: 1, Revision: 1), verified));
    }

    private List<string> Said(Action tell)
    {
        _kept.Lines.Clear();
        tell();
        return [.. _kept.Lines];
    }

    private sealed class Kept : ILogger<RoundLog>
    {
        public List<string> Lines { get; } = [];

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
