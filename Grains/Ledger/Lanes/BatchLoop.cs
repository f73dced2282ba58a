using System.Collections.Concurrent;
using System.Diagnostics;

namespace NovaOrleans.Ledger;

/// <summary>
/// A group commit's engine: a loop takes whatever waits, up to a limit, and hands it on as one batch. While a batch
/// commits, the next one gathers, so batches grow with the load by themselves. Each loop has a thread, which sleeps while a
/// batch commits and is woken by the one that polls sockets: on the pool's threads an answer waited, when it was seen, for one that had
/// nothing else to do.
/// <para>
/// A helper's loop takes batches too, but only of a crowd: one database process runs a batch's statements on one processor, and in small
/// batches costs more than it overlaps (docs/decisions/0070-a-crowd-has-a-second-connection.md).
/// </para>
/// </summary>
internal sealed class BatchLoop<T> : IAsyncDisposable
{
    public const int Largest = 512;

    /// <summary>So many rows that wait are a crowd.</summary>
    public const int Crowd = Largest / 2;

    private readonly BlockingCollection<T> _waiting = [];

    /// <summary>Wakes the helper, where there is one.</summary>
    private readonly SemaphoreSlim? _crowded;

    private readonly Task[] _ended;
    private readonly string _lane;
    private readonly Func<T, int> _rows;
    private int _rowsWaiting;

    /// <param name="lane">Whose batches these are, in its figures.</param>
    /// <param name="rows">How much of a batch an operation is.</param>
    /// <param name="commits">
    /// A loop for each. It answers every operation of its batch, whatever happens; it must not throw.
    /// </param>
    /// <param name="helps">As <paramref name="commits"/>, of the helper.</param>
    public BatchLoop(
        string lane, Func<T, int> rows, IReadOnlyList<Func<IReadOnlyList<T>, Task>> commits, Func<IReadOnlyList<T>, Task>? helps = null)
    {
        (_lane, _rows) = (lane, rows);
        List<Task> ended = [.. commits.Select(c => Start(() => Run(c)))];
        if (helps is not null)
        {
            SemaphoreSlim crowded = _crowded = new SemaphoreSlim(0);
            ended.Add(Start(() => Help(helps, crowded)));
        }

        _ended = [.. ended];
    }

    /// <summary>False once the loop is closed.</summary>
    public bool TryAdd(T operation)
    {
        try
        {
            _waiting.Add(operation);
            // Counted when it can be taken: who is woken finds it.
            int rows = _rows(operation);
            int before = Interlocked.Add(ref _rowsWaiting, rows) - rows;
            if (before < Crowd && before + rows >= Crowd)
            {
                _crowded?.Release();
            }

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
        _crowded?.Release();
        await Task.WhenAll(_ended);
    }

    private Task Start(Action run)
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // The loop belongs to no caller: it must not carry the first one's request context for ever.
        new Thread(Loop) { Name = $"ledger {_lane}", IsBackground = true }.UnsafeStart();
        return ended.Task;

        void Loop()
        {
            run();
            ended.SetResult();
        }
    }

    private void Run(Func<IReadOnlyList<T>, Task> commit)
    {
        List<T> batch = new(Largest);
        while (_waiting.TryTake(out T? operation, Timeout.Infinite))
        {
            Commit(batch, operation, commit);
        }
    }

    private void Help(Func<IReadOnlyList<T>, Task> commit, SemaphoreSlim crowded)
    {
        List<T> batch = new(Largest);
        do
        {
            crowded.Wait();
            while (Volatile.Read(ref _rowsWaiting) >= Crowd && _waiting.TryTake(out T? operation))
            {
                Commit(batch, operation, commit);
            }
        }
        while (!_waiting.IsAddingCompleted);
    }

    /// <param name="batch">Empty, before and after.</param>
    /// <param name="first">What was taken; whatever waits comes with it.</param>
    /// <param name="commit">As it was given.</param>
    private void Commit(List<T> batch, T first, Func<IReadOnlyList<T>, Task> commit)
    {
        int rows = 0;
        T? operation = first;
        do
        {
            batch.Add(operation);
            rows += _rows(operation);
        }
        while (rows < Largest && _waiting.TryTake(out operation));

        if (Interlocked.Add(ref _rowsWaiting, -rows) >= Crowd)
        {
            // A crowd that grew while this one was counted as waiting has woken nobody.
            _crowded?.Release();
        }

        long began = Stopwatch.GetTimestamp();
        commit(batch).GetAwaiter().GetResult();
        LedgerMeter.Committed(_lane, batch.Count, began);
        batch.Clear();
    }
}
