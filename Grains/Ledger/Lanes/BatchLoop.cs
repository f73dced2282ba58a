using System.Collections.Concurrent;
using System.Diagnostics;

namespace NovaOrleans.Ledger;

/// <summary>
/// A group commit's engine: a loop takes whatever waits, up to a limit, and hands it on as one batch. While a batch
/// commits, the next one gathers, so batches grow with the load by themselves. Each loop has a thread, which sleeps in the database's
/// socket while a batch commits: on the pool's threads an answer waited to be seen by one that polls, and then for one that had nothing
/// else to do.
/// </summary>
internal sealed class BatchLoop<T> : IAsyncDisposable
{
    public const int Largest = 512;

    private readonly BlockingCollection<T> _waiting = [];
    private readonly Task[] _ended;
    private readonly string _lane;
    private readonly Func<T, int> _rows;

    /// <param name="lane">Whose batches these are, in its figures.</param>
    /// <param name="rows">How much of a batch an operation is.</param>
    /// <param name="commits">
    /// A loop for each. It answers every operation of its batch, whatever happens; it must not throw.
    /// </param>
    public BatchLoop(string lane, Func<T, int> rows, params IReadOnlyList<Func<IReadOnlyList<T>, Task>> commits)
    {
        (_lane, _rows) = (lane, rows);
        _ended = [.. commits.Select(Start)];
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
        await Task.WhenAll(_ended);
    }

    private Task Start(Func<IReadOnlyList<T>, Task> commit)
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // The loop belongs to no caller: it must not carry the first one's request context for ever.
        new Thread(Loop) { Name = $"ledger {_lane}", IsBackground = true }.UnsafeStart();
        return ended.Task;

        void Loop()
        {
            Run(commit);
            ended.SetResult();
        }
    }

    private void Run(Func<IReadOnlyList<T>, Task> commit)
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
            commit(batch).GetAwaiter().GetResult();
            LedgerMeter.Committed(_lane, batch.Count, began);
            batch.Clear();
        }
    }
}
