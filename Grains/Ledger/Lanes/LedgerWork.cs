namespace NovaOrleans.Ledger;

/// <summary>A caller's piece of work and its answer, which is given after the commit and only once.</summary>
internal abstract class LedgerWork
{
    /// <summary>Runs the work; true keeps its writes. The outcome is remembered, not yet given.</summary>
    public abstract Task<bool> Run(LedgerSession session);

    /// <summary>Gives the outcome that was remembered.</summary>
    public abstract void Answer();

    public abstract void Fail(Exception fault);
}

internal sealed class LedgerWork<T>(Func<LedgerSession, Task<T>> work, Func<T, bool> keeps) : LedgerWork
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _outcome;

    public Task<T> Answered => _answer.Task;

    public override async Task<bool> Run(LedgerSession session)
    {
        _outcome = await work(session);
        bool keep = keeps(_outcome);
        return session.Broken is null || !keep
            ? keep
            : throw new InvalidOperationException(
                "work went on after a statement of it had failed; it can only end with a refusal", session.Broken);
    }

    public override void Answer() => _answer.TrySetResult(_outcome!);

    public override void Fail(Exception fault) => _answer.TrySetException(fault);
}
