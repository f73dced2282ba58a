using System.Diagnostics;
using System.Threading.Channels;

namespace NovaOrleans.Ledger;

/// <summary>
/// A group commit's engine: one loop takes whatever waits, up to a limit, and hands it on as one batch. While a batch
/// commits, the next one gathers, so batches grow with the load by themselves. One loop and not two: two would share
/// what waits, and commit smaller batches more often.
/// </summary>
internal sealed class BatchLoop<T> : IAsyncDisposable
{
    public const int Largest = 512;

    private readonly Channel<T> _waiting =
        Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = true });

    private readonly string _lane;
    private readonly Func<T, int> _rows;
    private readonly Func<IReadOnlyList<T>, Task> _commit;
    private readonly Task _loop;

    /// <param name="lane">Whose batches these are, in its figures.</param>
    /// <param name="rows">How much of a batch an operation is.</param>
    /// <param name="commit">Answers every operation of its batch, whatever happens; it must not throw.</param>
    public BatchLoop(string lane, Func<T, int> rows, Func<IReadOnlyList<T>, Task> commit)
    {
        (_lane, _rows, _commit) = (lane, rows, commit);
        // The loop belongs to no caller: it must not carry the first one's request context for ever.
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _loop = Task.Run(Run);
        }
    }

    /// <summary>False once the loop is closed.</summary>
    public bool TryAdd(T operation) => _waiting.Writer.TryWrite(operation);

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
    }

    private async Task Run()
    {
        List<T> batch = new(Largest);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            for (int rows = 0; rows < Largest && _waiting.Reader.TryRead(out T? operation); rows += _rows(operation))
            {
                batch.Add(operation);
            }

            long began = Stopwatch.GetTimestamp();
            await _commit(batch);
            LedgerMeter.Committed(_lane, batch.Count, began);
            batch.Clear();
        }
    }
}
