using System.Collections.Concurrent;
using System.Diagnostics;

namespace NovaOrleans.Ledger;

/// <summary>
/// A group commit's engine: one loop takes whatever waits, up to a limit, and hands it on as one batch. While a batch
/// commits, the next one gathers, so batches grow with the load by themselves. One loop and not two: two would share
/// what waits, and commit smaller batches more often. It has a thread, which sleeps in the database's socket while a batch commits: on
/// the pool's threads an answer waited to be seen by one that polls, and then for one that had nothing else to do.
/// </summary>
internal sealed class BatchLoop<T> : IAsyncDisposable
{
    public const int Largest = 512;

    private readonly BlockingCollection<T> _waiting = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _lane;
    private readonly Func<T, int> _rows;
    private readonly Func<IReadOnlyList<T>, Task> _commit;

    /// <param name="lane">Whose batches these are, in its figures.</param>
    /// <param name="rows">How much of a batch an operation is.</param>
    /// <param name="commit">Answers every operation of its batch, whatever happens; it must not throw.</param>
    public BatchLoop(string lane, Func<T, int> rows, Func<IReadOnlyList<T>, Task> commit)
    {
        (_lane, _rows, _commit) = (lane, rows, commit);
        // The loop belongs to no caller: it must not carry the first one's request context for ever.
        new Thread(Run) { Name = $"ledger {lane}", IsBackground = true }.UnsafeStart();
    }

    /// <summary>False once the loop is closed.</summary>
    public bool TryAdd(T operation)
    {
        try
        {
            _waiting.Add(operation);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.CompleteAdding();
        await _ended.Task;
    }

    private void Run()
    {
        List<T> batch = new(Largest);
        while (_waiting.TryTake(out T? operation, Timeout.Infinite))
        {
            int rows = 0;
            do
            {
                batch.Add(operation);
                rows += _rows(operation);
            }
            while (rows < Largest && _waiting.TryTake(out operation));

            long began = Stopwatch.GetTimestamp();
            _commit(batch).GetAwaiter().GetResult();
            LedgerMeter.Committed(_lane, batch.Count, began);
            batch.Clear();
        }

        _ended.SetResult();
    }
}
