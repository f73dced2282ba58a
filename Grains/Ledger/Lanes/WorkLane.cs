namespace NovaOrleans.Ledger;

/// <summary>
/// The general lane: pieces of work in one transaction. About always all of them are kept, so they are first run as they are;
/// where one is not, all are taken back and run again, each in a savepoint of its own, so that it is taken back alone. A batch
/// that fails as a whole, and may not have been applied, is tried again one by one.
/// </summary>
internal sealed class WorkLane : IAsyncDisposable
{
    private readonly LedgerDatabase _database;
    private readonly ILedgerFaults _faults;
    private readonly BatchLoop<LedgerWork> _loop;
    private LedgerConnection? _writer;

    public WorkLane(LedgerDatabase database, ILedgerFaults faults)
    {
        (_database, _faults) = (database, faults);
        _loop = new BatchLoop<LedgerWork>("work", static _ => 1, [CommitBatch]);
    }

    /// <param name="work">A piece of work.</param>
    /// <param name="keeps">Whether what came of it is to be written.</param>
    public Task<T> Add<T>(Func<LedgerSession, Task<T>> work, Func<T, bool> keeps)
    {
        LedgerWork<T> item = new(work, keeps);
        Add(item);
        return item.Answered;
    }

    public void Add(LedgerWork item)
    {
        if (!_loop.TryAdd(item))
        {
            item.Fail(new OperatingFaultException("the ledger is closed", mayRetry: true));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        await CloseWriter();
    }

    private async Task CommitBatch(IReadOnlyList<LedgerWork> batch)
    {
        try
        {
            if (batch.Count > 1 && await Together(batch))
            {
                return;
            }

            foreach (LedgerWork item in await Attempt(batch, last: false))
            {
                await Attempt([item], last: true);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A bug of the lane itself must not end the loop, and nobody may wait for ever.
            foreach (LedgerWork item in batch)
            {
                item.Fail(new OperatingFaultException("the ledger's writer failed", mayRetry: true, e));
            }

            await CloseWriter();
        }
    }

    /// <summary>
    /// One transaction without savepoints, which cost SQLite a copy of every page and PostgreSQL a transaction of its own. False:
    /// one was not kept, so nothing is applied and nobody has an answer.
    /// </summary>
    private async Task<bool> Together(IReadOnlyList<LedgerWork> batch)
    {
        try
        {
            _writer ??= await _database.OpenWriter();
            await _writer.Begin();
            if (!await RunAll(batch))
            {
                await _writer.Rollback();
                return false;
            }

            await _faults.BeforeCommit(batch.Count);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whose fault it was, the next attempt finds out.
            await TakeBack();
            return false;
        }

        if (await Commit(batch.Count) is { } unknown)
        {
            Failed(batch, unknown);
            return true;
        }

        foreach (LedgerWork item in batch)
        {
            item.Answer();
        }

        return true;
    }

    /// <summary>Until one is not to be kept.</summary>
    private async Task<bool> RunAll(IReadOnlyList<LedgerWork> batch)
    {
        StatementRounds rounds = new(_writer!);
        foreach (LedgerWork item in batch)
        {
            if (!await rounds.Until(item.Run(new LedgerSession(rounds))))
            {
                return false;
            }
        }

        return true;
    }

    private async Task TakeBack()
    {
        try
        {
            if (_writer is { Usable: true })
            {
                await _writer.Rollback();
                return;
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The connection broke: the database takes back what it had.
        }

        await CloseWriter();
    }

    /// <summary>One transaction. Answers what it can and returns what may be run again.</summary>
    private async Task<IReadOnlyList<LedgerWork>> Attempt(IReadOnlyList<LedgerWork> batch, bool last)
    {
        List<LedgerWork> kept = new(batch.Count), again = [];
        List<(LedgerWork Item, Exception? Fault)> ended = [];
        try
        {
            _writer ??= await _database.OpenWriter();
            await _writer.Begin();
            foreach (LedgerWork item in batch)
            {
                await RunOne(item, alone: batch.Count == 1, kept, again, ended);
            }

            await (kept.Count > 0 ? _faults.BeforeCommit(kept.Count).AsTask() : _writer.Rollback());
        }
        catch (Exception e)
        {
            await CloseWriter();
            return last ? Failed(batch, Unapplied(e)) : [.. batch];
        }

        if (kept.Count > 0 && await Commit(kept.Count) is { } unknown)
        {
            // A refusal may rest on a neighbour's row of the same batch, so nobody has an answer.
            return Failed(batch, unknown);
        }

        foreach (LedgerWork item in kept)
        {
            item.Answer();
        }

        foreach ((LedgerWork item, Exception? fault) in ended)
        {
            Answer(item, fault);
        }

        return last ? Failed(again, new OperatingFaultException("the work met others twice", mayRetry: true)) : again;
    }

    /// <summary>Runs one piece in its savepoint. A lost connection is thrown on, since it ends them all.</summary>
    private async Task RunOne(
        LedgerWork item,
        bool alone,
        List<LedgerWork> kept,
        List<LedgerWork> again,
        List<(LedgerWork Item, Exception? Fault)> ended)
    {
        StatementRounds rounds = new(_writer!);
        LedgerSession session = new(rounds);
        await (alone ? Task.CompletedTask : _writer!.Savepoint());
        Exception? failure = null;
        try
        {
            if (await rounds.Until(item.Run(session)))
            {
                kept.Add(item);
                await (alone ? Task.CompletedTask : _writer!.ReleaseSavepoint());
                return;
            }
        }
        catch (Exception e) when (session.Broken is not LedgerFault { Lost: true } && _writer!.Usable)
        {
            failure = e;
        }

        if (session.Broken is LedgerFault { Lost: true } lost)
        {
            throw lost;
        }

        await (alone ? Task.CompletedTask : _writer!.RollbackToSavepoint());
        if (session.Broken is LedgerFault { Again: true })
        {
            again.Add(item);
        }
        else
        {
            ended.Add((item, failure is LedgerFault fault ? fault.ToOperatingFault() : failure));
        }
    }

    /// <summary>Commits; or says why nobody knows whether the commit was applied.</summary>
    private async Task<OperatingFaultException?> Commit(int operations)
    {
        try
        {
            await _writer!.Commit();
            await _faults.AfterCommit(operations);
            return null;
        }
        catch (Exception e)
        {
            await CloseWriter();
            return new OperatingFaultException("it is not known whether the commit was applied", mayRetry: true, e);
        }
    }

    private OperatingFaultException Unapplied(Exception e) => e switch
    {
        LedgerFault fault => fault.ToOperatingFault(),
        System.Data.Common.DbException db when _database.Dialect.Translate(db) is LedgerFault fault =>
            fault.ToOperatingFault(),
        OperatingFaultException fault => fault,
        _ => new OperatingFaultException("the ledger's transaction failed", mayRetry: true, e),
    };

    private static LedgerWork[] Failed(IReadOnlyList<LedgerWork> items, OperatingFaultException fault)
    {
        foreach (LedgerWork item in items)
        {
            item.Fail(fault);
        }

        return [];
    }

    private static void Answer(LedgerWork item, Exception? fault)
    {
        if (fault is null)
        {
            item.Answer();
        }
        else
        {
            item.Fail(fault);
        }
    }

    private async Task CloseWriter()
    {
        if (_writer is { } broken)
        {
            _writer = null;
            await broken.DisposeAsync();
        }
    }
}
