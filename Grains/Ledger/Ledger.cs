using NovaOrleans.Projects;

namespace NovaOrleans.Ledger;

/// <summary>The ledger of one silo: a general lane, a hot lane and readers over one database.</summary>
internal sealed class Ledger : ILedger, IAsyncDisposable
{
    private readonly LedgerDatabase _database;
    private readonly WorkLane _work;
    private readonly IHoldLane _holds;
    private readonly QuotaDefaults _quotas;

    public Ledger(LedgerDatabase database, ILedgerFaults faults, QuotaDefaults quotas)
    {
        (_database, _quotas) = (database, quotas);
        _work = new WorkLane(database, faults);
        _holds = database.OpenHoldLane(_work, faults);
    }

    public Task<Outcome<T>> Commit<T>(Func<LedgerSession, Task<Outcome<T>>> work) =>
        _work.Add(work, static outcome => !outcome.Refused);

    public Task<Outcome> Commit(Func<LedgerSession, Task<Outcome>> work) =>
        _work.Add(work, static outcome => !outcome.Refused);

    public async Task<T> Read<T>(Func<LedgerSession, Task<T>> work)
    {
        try
        {
            return await ReadOnce(work);
        }
        catch (LedgerFault fault) when (fault.Lost || fault.Again)
        {
            // A pooled connection outlives its server; reading twice harms nobody.
        }

        try
        {
            return await ReadOnce(work);
        }
        catch (LedgerFault fault)
        {
            throw fault.ToOperatingFault();
        }
    }

    public async Task<HoldOutcome> Hold(HoldOperation operation)
    {
        if (_quotas.Of(QuotaKind.FixedIps) < 0
            && await _holds.Hold(operation) is { Result: not HoldResult.Counted } outcome)
        {
            return outcome;
        }

        return await SqliteHoldLane.HoldCounted(_work, operation, _quotas);
    }

    public Task<FreeOutcome> Free(FreeOperation operation) => _holds.Free(operation);

    public async ValueTask DisposeAsync()
    {
        await _holds.DisposeAsync();
        await _work.DisposeAsync();
    }

    private async Task<T> ReadOnce<T>(Func<LedgerSession, Task<T>> work)
    {
        LedgerConnection reader = await _database.RentReader();
        try
        {
            return await work(new LedgerSession(reader));
        }
        finally
        {
            await _database.ReturnReader(reader);
        }
    }
}
