namespace NovaOrleans.Ledger;

/// <summary>A hold or a free that waits for its batch.</summary>
internal abstract class HotOperation
{
    public bool Repeated { get; set; }

    public abstract void Fail(Exception fault);

    /// <summary>Answers an operation that did not come back; false where nothing explains it.</summary>
    public abstract Task<bool> Refuse(LedgerSession session);
}

internal sealed class WaitingHold(HoldOperation operation) : HotOperation
{
    private readonly TaskCompletionSource<HoldOutcome> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HoldOperation Operation => operation;

    /// <summary>Of the row that is to be: the card's, or the port's where it comes alone.</summary>
    public Guid Id => operation.Card?.Id.Value ?? operation.Port.Value;

    public Task<HoldOutcome> Answered => _answer.Task;

    /// <summary>What came back; null until then, and for a refused one.</summary>
    public HoldOutcome? Outcome { get; set; }

    public void Answer() => _answer.TrySetResult(Outcome!);

    public override void Fail(Exception fault) => _answer.TrySetException(fault);

    public override async Task<bool> Refuse(LedgerSession session)
    {
        Outcome = await HoldDiagnosis.OfHold(session, operation);
        return Outcome is not null && _answer.TrySetResult(Outcome);
    }
}

internal sealed class WaitingFree(FreeOperation operation) : HotOperation
{
    private readonly TaskCompletionSource<FreeOutcome> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FreeOperation Operation => operation;
    public Task<FreeOutcome> Answered => _answer.Task;

    /// <summary>What came back; null until then, and for a refused one.</summary>
    public List<FreedAddress>? Freed { get; set; }

    public void Answer() => _answer.TrySetResult(new FreeOutcome(FreeResult.Freed, Freed!));

    public override void Fail(Exception fault) => _answer.TrySetException(fault);

    public override async Task<bool> Refuse(LedgerSession session) =>
        await HoldDiagnosis.OfFree(session, operation) is { } outcome && _answer.TrySetResult(outcome);
}
