namespace NovaOrleans.Ledger;

/// <summary>A hold or a free that waits for its batch.</summary>
internal abstract class HotOperation
{
    public bool Repeated { get; set; }

    /// <summary>How much of a batch it is.</summary>
    public virtual int Rows => 1;

    public abstract void Fail(Exception fault);

    /// <summary>Answers an operation that did not come back; false where nothing explains it.</summary>
    public abstract Task<bool> Refuse(LedgerSession session);
}

internal sealed class WaitingHold(IReadOnlyList<HoldOperation> operations) : HotOperation
{
    /// <summary>The general lane is to count.</summary>
    public static readonly HoldAllOutcome Counted = HoldAllOutcome.None(0, new HoldOutcome(HoldResult.Counted));

    private readonly TaskCompletionSource<HoldAllOutcome> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<HoldOperation> Operations => operations;

    /// <summary>All are of one project.</summary>
    public ProjectId Project => operations[0].Project;

    /// <summary>Whether the project's quota of fixed IPs is to be locked, and what it has counted, before these are added.</summary>
    public bool IsCounted { get; set; }

    public override int Rows => operations.Count;
    public Task<HoldAllOutcome> Answered => _answer.Task;

    /// <summary>What came back of each; null until then, and for a refused one.</summary>
    public HoldOutcome?[] Outcomes { get; } = new HoldOutcome?[operations.Count];

    public bool IsMade => !Outcomes.Contains(null);

    /// <summary>Whether some came back and some did not.</summary>
    public bool IsPart => !IsMade && Outcomes.Any(o => o is not null);

    public void Answer() => _answer.TrySetResult(new HoldAllOutcome(Outcomes!));

    /// <summary>Answers what the hold comes to elsewhere.</summary>
    public async Task AnswerAs(Task<HoldAllOutcome> hold)
    {
        try
        {
            _answer.TrySetResult(await hold);
        }
        catch (Exception e)
        {
            _answer.TrySetException(e);
        }
    }

    public void Refuse(HoldOutcome why) => _answer.TrySetResult(HoldAllOutcome.None(0, why));

    public override void Fail(Exception fault) => _answer.TrySetException(fault);

    public override async Task<bool> Refuse(LedgerSession session)
    {
        HoldAllOutcome? none = await HoldDiagnosis.OfHolds(session, operations);
        if (none is { Why.Result: HoldResult.Counted } && !IsCounted)
        {
            // Nobody knew that there is a quota: once more, then, and counted.
            IsCounted = true;
            if (!Repeated)
            {
                return false;
            }
        }

        // There may have been no room: the general lane says how many there are.
        none ??= IsCounted ? Counted : null;
        return none is not null && _answer.TrySetResult(none);
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
