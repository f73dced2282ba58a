namespace NovaOrleans.Ledger;

/// <summary>
/// The rows of the cloud, on PostgreSQL or SQLite. Operations of many grains share one transaction and one commit, and
/// each has its own outcome. Nothing is acknowledged before its commit. A driver's exceptions never leave the ledger:
/// what can happen is an outcome, a <see cref="LedgerConflictException"/> or an <see cref="OperatingFaultException"/>.
/// </summary>
public interface ILedger
{
    /// <summary>
    /// Runs <paramref name="work"/> in the next shared transaction and completes after its commit. The work is all or
    /// nothing: a refused outcome, a conflict or an exception takes its own writes back and disturbs nobody else's.
    /// It runs outside the caller's turn and may run twice (a batch that failed is tried again one by one), so it
    /// touches its session and values that it was given, and nothing else. Statements that need no answer of each other may be
    /// begun before they are awaited: they go in one message, in their order.
    /// </summary>
    /// <exception cref="LedgerConflictException">
    /// A unique index refused a row, and the work did not catch it.
    /// </exception>
    /// <exception cref="OperatingFaultException">
    /// The database did not take it. Where the fault may be retried, the outcome can be unknown: repeat idempotently.
    /// </exception>
    Task<Outcome<T>> Commit<T>(Func<LedgerSession, Task<Outcome<T>>> work);

    /// <inheritdoc cref="Commit{T}"/>
    Task<Outcome> Commit(Func<LedgerSession, Task<Outcome>> work);

    /// <summary>
    /// As <see cref="Commit{T}"/>, for work that begins all its statements before it awaits one, and that refuses where
    /// <see cref="LedgerSession.Must"/> says no, and only there. So the commit goes with the statements in one message, which is half of
    /// what a small write waits for; that of many such works is one.
    /// </summary>
    Task<Outcome<T>> CommitAtOnce<T>(Func<LedgerSession, Task<Outcome<T>>> work);

    /// <summary>
    /// Reads. Each statement sees every write that was acknowledged before it; statements do not share a snapshot. Those that
    /// are begun before they are awaited go in one message.
    /// </summary>
    Task<T> Read<T>(Func<LedgerSession, Task<T>> work);

    /// <summary>Holds an address, with its card or as a port alone, and tells history; for the pool grain.</summary>
    Task<HoldOutcome> Hold(HoldOperation operation);

    /// <summary>Holds all or none, of one activation of a pool and for one project; at least one.</summary>
    Task<HoldAllOutcome> HoldAll(IReadOnlyList<HoldOperation> operations);

    /// <summary>Deletes a card and frees its addresses of one network; for the pool grain.</summary>
    Task<FreeOutcome> Free(FreeOperation operation);

    /// <summary>Has connections opened, and each lane gone until its statements are prepared; writes nothing.</summary>
    Task WarmUp();
}
