using Npgsql;

namespace NovaOrleans.Ledger;

/// <summary>
/// Holds and frees on PostgreSQL: everything that waits goes out as one message, one implicit transaction, one commit
/// and one round trip. The lane has a connection of its own, so that a slow piece of general work delays no hold.
/// </summary>
internal sealed class PostgresHoldLane : IHoldLane
{
    private readonly PostgresDatabase _database;
    private readonly ILedgerFaults _faults;
    private readonly BatchLoop<HotOperation> _loop;
    private PostgresConnection? _writer;

    public PostgresHoldLane(PostgresDatabase database, ILedgerFaults faults)
    {
        (_database, _faults) = (database, faults);
        _loop = new BatchLoop<HotOperation>("holds", static o => o.Rows, CommitBatch);
    }

    public Task<HoldAllOutcome> Hold(IReadOnlyList<HoldOperation> operations)
    {
        WaitingHold waiting = new(operations);
        Add(waiting);
        return waiting.Answered;
    }

    public Task<FreeOutcome> Free(FreeOperation operation)
    {
        WaitingFree waiting = new(operation);
        Add(waiting);
        return waiting.Answered;
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        await CloseWriter();
    }

    private void Add(HotOperation waiting)
    {
        if (!_loop.TryAdd(waiting))
        {
            waiting.Fail(new OperatingFaultException("the ledger is closed", mayRetry: true));
        }
    }

    private async Task CommitBatch(IReadOnlyList<HotOperation> batch)
    {
        try
        {
            if (!await Attempt(batch, last: batch.Count == 1))
            {
                foreach (HotOperation operation in batch)
                {
                    await Attempt([operation], last: true);
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Fail(batch, new OperatingFaultException("the ledger's writer failed", mayRetry: true, e));
            await CloseWriter();
        }
    }

    /// <summary>One transaction. False: it, or one that is all or none, refused the batch as a whole, and nothing was applied.</summary>
    private async Task<bool> Attempt(IReadOnlyList<HotOperation> batch, bool last)
    {
        List<WaitingHold> holds = [.. batch.OfType<WaitingHold>()];
        List<WaitingFree> frees = [.. batch.OfType<WaitingFree>()];
        try
        {
            _writer ??= await OpenWriter();
            await _faults.BeforeCommit(batch.Count);
        }
        catch (Exception e) when (e is LedgerFault or OperatingFaultException or NpgsqlException)
        {
            await CloseWriter();
            OperatingFaultException fault =
                e as OperatingFaultException ?? new("the ledger has no writer", mayRetry: true, e);
            return last && Fail(batch, fault);
        }

        try
        {
            if (!await Send(holds, frees) && !last)
            {
                return false;
            }

            await _faults.AfterCommit(batch.Count);
        }
        catch (PostgresException e) when (_database.Dialect.Translate(e) is LedgerConflictException conflict)
        {
            return last && Conflict(batch[0], conflict);
        }
        catch (PostgresException e)
        {
            var fault = (LedgerFault)_database.Dialect.Translate(e);
            return last && ((fault.Again && TriesAgain(batch[0])) || Fail(batch, fault.ToOperatingFault()));
        }
        catch (Exception e) when (e is NpgsqlException or IOException or OperatingFaultException)
        {
            await CloseWriter();
            return Fail(
                batch,
                new OperatingFaultException("it is not known whether the commit was applied", mayRetry: true, e));
        }

        Answer(holds, frees);
        return true;
    }

    /// <summary>
    /// The statements never change and their arrays' sizes say nothing about the rows they meet, so they are planned once.
    /// </summary>
    private async Task<PostgresConnection> OpenWriter()
    {
        PostgresConnection writer = (PostgresConnection)await _database.OpenWriter();
        await writer.Script("set plan_cache_mode = force_generic_plan; set jit = off");
        return writer;
    }

    /// <summary>
    /// Sends it and commits. False: of holds that are all or none some came back and some did not, so nothing was applied.
    /// </summary>
    private async Task<bool> Send(List<WaitingHold> holds, List<WaitingFree> frees)
    {
        if (holds.TrueForAll(h => h.Rows == 1))
        {
            // The commit is in the message: once its answer is read, the rows are durable.
            await SendMessage(holds, frees);
            return true;
        }

        await using NpgsqlTransaction transaction = await _writer!.Inner.BeginTransactionAsync();
        await SendMessage(holds, frees);
        if (holds.TrueForAll(h => h.Rows == 1 || h.IsMade))
        {
            transaction.Commit();
            return true;
        }

        await transaction.RollbackAsync();
        holds.ForEach(h => Array.Clear(h.Outcomes));
        frees.ForEach(f => f.Freed = null);
        return false;
    }

    private async Task SendMessage(List<WaitingHold> holds, List<WaitingFree> frees)
    {
        // One id twice in a batch is the second one's repeat: left out here, it is explained when the first is there.
        Dictionary<Guid, HeldRow> rows = new(holds.Count);
        foreach (WaitingHold hold in holds)
        {
            for (int i = 0; i < hold.Rows; i++)
            {
                HeldRow row = new(hold, i);
                rows.TryAdd(row.Id, row);
            }
        }

        await using NpgsqlBatch message = new(_writer!.Inner);
        if (frees.Count > 0)
        {
            message.BatchCommands.Add(PostgresHoldParameters.LockCards(frees));
            message.BatchCommands.Add(PostgresHoldParameters.Free(frees));
        }

        if (holds.Count > 0)
        {
            message.BatchCommands.Add(PostgresHoldParameters.Hold([.. rows.Values.Select(r => r.Operation)]));
        }

        await using NpgsqlDataReader reader = message.ExecuteReader();
        if (frees.Count > 0)
        {
            reader.NextResult();
            PostgresHoldParameters.ReadFreed(reader, frees);
            reader.NextResult();
        }

        if (holds.Count > 0)
        {
            PostgresHoldParameters.ReadHeld(reader, rows);
            reader.NextResult();
        }
    }

    private void Answer(List<WaitingHold> holds, List<WaitingFree> frees)
    {
        List<HotOperation> refused = [];
        foreach (WaitingHold hold in holds)
        {
            if (hold.IsMade)
            {
                hold.Answer();
            }
            else
            {
                refused.Add(hold);
            }
        }

        foreach (WaitingFree free in frees)
        {
            if (free.Freed is null)
            {
                refused.Add(free);
            }
            else
            {
                free.Answer();
            }
        }

        if (refused.Count > 0)
        {
            _ = Task.Run(() => Refuse(refused));
        }
    }

    /// <summary>
    /// Explains refusals, beside the writer. What refused one may be gone by now: then it is tried once more.
    /// </summary>
    private async Task Refuse(List<HotOperation> refused)
    {
        try
        {
            LedgerConnection reader = await _database.RentReader();
            try
            {
                foreach (HotOperation operation in refused)
                {
                    if (!await operation.Refuse(new LedgerSession(reader)) && !TriesAgain(operation))
                    {
                        operation.Fail(
                            new OperatingFaultException("refused for no reason that remains", mayRetry: true));
                    }
                }
            }
            finally
            {
                await _database.ReturnReader(reader);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Fail(refused, new OperatingFaultException("the ledger could not say why it refused", mayRetry: true, e));
        }
    }

    /// <summary>Once more, and no oftener: what refused it may be gone, or it lost a deadlock, to a migration say.</summary>
    private bool TriesAgain(HotOperation operation)
    {
        if (operation.Repeated)
        {
            return false;
        }

        operation.Repeated = true;
        Add(operation);
        return true;
    }

    private static bool Conflict(HotOperation operation, LedgerConflictException conflict)
    {
        if (operation is WaitingHold hold && SqliteHoldLane.OfConflict(conflict) is { } refused)
        {
            hold.Refuse(refused);
            return true;
        }

        return Fail([operation], SqliteHoldLane.AddressConflict(conflict));
    }

    private static bool Fail(IReadOnlyList<HotOperation> batch, OperatingFaultException fault)
    {
        foreach (HotOperation operation in batch)
        {
            operation.Fail(fault);
        }

        return true;
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
