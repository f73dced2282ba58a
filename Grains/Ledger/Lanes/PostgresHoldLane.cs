using System.Collections.Concurrent;
using NovaOrleans.Projects;
using Npgsql;

namespace NovaOrleans.Ledger;

/// <summary>
/// Holds and frees on PostgreSQL: everything that waits goes out as one message, one implicit transaction, one commit
/// and one round trip. The lane has a connection of its own, so that a slow piece of general work delays no hold.
/// </summary>
internal sealed class PostgresHoldLane : IHoldLane
{
    /// <summary>So many batches expect conflicts after one that met some: who repeats what is refused costs others little.</summary>
    private const int Wary = 64;

    private readonly PostgresDatabase _database;
    private readonly ILedgerFaults _faults;
    private readonly QuotaDefaults _quotas;

    /// <summary>
    /// The projects that were found to have a quota of fixed IPs. One that has none any more is counted for nothing.
    /// </summary>
    private readonly ConcurrentDictionary<ProjectId, bool> _limited = [];

    private readonly BatchLoop<HotOperation> _loop;
    private PostgresConnection? _writer;

    /// <summary>Batches that are still to expect conflicts, after one had some.</summary>
    private int _wary;

    public PostgresHoldLane(PostgresDatabase database, ILedgerFaults faults, QuotaDefaults quotas)
    {
        (_database, _faults, _quotas) = (database, faults, quotas);
        _loop = new BatchLoop<HotOperation>("holds", static o => o.Rows, CommitBatch);
    }

    public Task<HoldAllOutcome> Hold(IReadOnlyList<HoldOperation> operations)
    {
        WaitingHold waiting = new(operations);
        waiting.IsCounted = _quotas.Of(QuotaKind.FixedIps) >= 0 || _limited.ContainsKey(waiting.Project);
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
            if (!Send(holds, frees) && !last)
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
    /// The statements never change and their arrays' sizes say nothing about the rows they meet, so they are planned once: while a new
    /// database is empty, when to read all cards looks cheapest, and until it is analyzed. At 100,000 cards that was 10 ms of each batch
    /// that deleted some, so whole tables are not read here; every table has an index that these can go by.
    /// </summary>
    private async Task<PostgresConnection> OpenWriter()
    {
        PostgresConnection writer = (PostgresConnection)await _database.OpenWriter();
        await writer.Script("set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off");
        return writer;
    }

    /// <summary>Sends the batch and commits; false as <see cref="HoldMessage.Send"/>.</summary>
    private bool Send(List<WaitingHold> holds, List<WaitingFree> frees)
    {
        HoldMessage message = new(_writer!.Inner, holds, frees, _quotas.Of(QuotaKind.FixedIps));
        if (_wary == 0 && message.IsOfCards)
        {
            try
            {
                return message.Send(conflicts: false);
            }
            catch (PostgresException e) when (_database.Dialect.Translate(e) is LedgerConflictException)
            {
                message.Forget();
                _wary = Wary;
            }
        }

        _wary = Math.Max(0, _wary - 1);
        return message.Send(conflicts: true);
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
                    bool answered = await operation.Refuse(new LedgerSession(reader));
                    if (operation is WaitingHold { IsCounted: true } hold)
                    {
                        _limited.TryAdd(hold.Project, true);
                    }

                    if (!answered && !TriesAgain(operation))
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
