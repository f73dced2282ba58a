using System.Collections.Concurrent;
using NovaOrleans.Projects;

namespace NovaOrleans.Ledger;

/// <summary>
/// Holds and frees on PostgreSQL: everything that waits goes out as one message, one implicit transaction, one commit
/// and one round trip. The lane has a connection of its own, so that a slow piece of general work delays no hold, and another one for a
/// crowd.
/// </summary>
internal sealed partial class PostgresHoldLane : IHoldLane
{
    private readonly PostgresDatabase _database;
    private readonly ILedgerFaults _faults;
    private readonly QuotaDefaults _quotas;

    /// <summary>
    /// The projects that were found to have a quota of fixed IPs. One that has none any more is counted for nothing.
    /// </summary>
    private readonly ConcurrentDictionary<ProjectId, bool> _limited = [];

    private readonly BatchLoop<HotOperation> _loop;
    private readonly Writer _writer;
    private readonly Writer _helper;

    public PostgresHoldLane(PostgresDatabase database, ILedgerFaults faults, QuotaDefaults quotas)
    {
        (_database, _faults, _quotas) = (database, faults, quotas);
        (_writer, _helper) = (new Writer(this), new Writer(this));
        _loop = new BatchLoop<HotOperation>("holds", static o => o.Rows, [_writer.CommitBatch], _helper.CommitBatch);
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
        await _writer.Close();
        await _helper.Close();
    }

    private void Add(HotOperation waiting)
    {
        if (!_loop.TryAdd(waiting))
        {
            waiting.Fail(new OperatingFaultException("the ledger is closed", mayRetry: true));
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

    private static bool Fail(IReadOnlyList<HotOperation> batch, OperatingFaultException fault)
    {
        foreach (HotOperation operation in batch)
        {
            operation.Fail(fault);
        }

        return true;
    }
}
