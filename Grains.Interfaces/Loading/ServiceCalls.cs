namespace NovaOrleans.NetworkServices.Loading;

/// <summary>
/// Calls of one network service in one process. It is other people's code, so that each call runs on a thread of the pool that its
/// caller does not wait on, and has a limit of time: one that loops or hangs costs its own request an answer, and the process a
/// thread, which is made up for. After <see cref="MostOverdue"/> of them the service is not called until one ends.
/// </summary>
public sealed class ServiceCalls(ServicePath service, TimeProvider clock)
{
    /// <summary>Longer than any call of a grain may take, and shorter than a client waits.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public const int MostOverdue = 4;

    private static readonly Lock s_threads = new();

    private int _overdue;
    private Deadline? _deadline;

    /// <summary>How long one is waited for, and a twentieth more at most; tests wait less.</summary>
    public TimeSpan Within { get; init; } = Limit;

    /// <exception cref="OverdueException">It had not ended in time, or too many before it have not yet.</exception>
    public async Task<T> Run<T>(string what, Func<Task<T>> call)
    {
        if (Volatile.Read(ref _overdue) >= MostOverdue)
        {
            throw new OverdueException(
                $"network service {service} is not asked: {MostOverdue} calls of it have not ended; repeat when one has");
        }

        Task<T> running = Task.Run(call);
        try
        {
            return await running.WaitAsync(NextDeadline());
        }
        catch (OperationCanceledException) when (!running.IsCompleted)
        {
            Interlocked.Increment(ref _overdue);
            AddThreads(1);
            _ = running.ContinueWith(
                ended =>
                {
                    _ = ended.Exception;
                    AddThreads(-1);
                    Interlocked.Decrement(ref _overdue);
                },
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw new OverdueException(
                $"network service {service} had not ended '{what}' after {Within.TotalSeconds:0.#} s, and may or may not yet do it");
        }
    }

    /// <summary>
    /// Calls that begin close to each other end at the same time: a timer for each was a twentieth of what a create over HTTP cost.
    /// </summary>
    private CancellationToken NextDeadline()
    {
        TimeSpan close = Within / 20;
        Deadline? last = Volatile.Read(ref _deadline);
        if (last is null || clock.GetElapsedTime(last.Since) >= close)
        {
            last = new Deadline(clock.GetTimestamp(), new CancellationTokenSource(Within + close, clock).Token);
            Volatile.Write(ref _deadline, last);
        }

        return last.Token;
    }

    /// <summary>It may hold a thread of the pool, which would be slow to make another one for everybody else.</summary>
    private static void AddThreads(int count)
    {
        lock (s_threads)
        {
            ThreadPool.GetMinThreads(out int workers, out int ports);
            ThreadPool.SetMinThreads(workers + count, ports);
        }
    }

    /// <summary>As the other one, for steps at the start of a process, which wait.</summary>
    public static T AtStart<T>(Func<T> step) => AtStart(step, Limit);

    public static T AtStart<T>(Func<T> step, TimeSpan within)
    {
        Task<T> running = Task.Factory.StartNew(
            step, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        // Asks for the task, not its result, so that what it throws comes as it was thrown.
        return Task.WaitAny([running], within) == 0
            ? running.GetAwaiter().GetResult()
            : throw new TimeoutException($"it had not ended after {within.TotalSeconds:0.#} s");
    }

    private sealed record Deadline(long Since, CancellationToken Token);
}
