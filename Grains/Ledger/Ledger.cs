using System.Diagnostics;
using NovaOrleans.Pools;
using NovaOrleans.Projects;

namespace NovaOrleans.Ledger;

/// <summary>The ledger of one silo: a general lane, one of small writes, a hot lane and readers over one database.</summary>
internal sealed class Ledger : ILedger, IAsyncDisposable
{
    private readonly LedgerDatabase _database;
    private readonly WorkLane _work;
    private readonly AtOnceLane? _atOnce;
    private readonly IHoldLane _holds;
    private readonly QuotaDefaults _quotas;

    public Ledger(LedgerDatabase database, ILedgerFaults faults, QuotaDefaults quotas)
    {
        (_database, _quotas) = (database, quotas);
        _work = new WorkLane(database, faults);
        _atOnce = database.OpenAtOnceLane(_work, faults);
        _holds = database.OpenHoldLane(_work, faults, quotas);
    }

    public Task<Outcome<T>> Commit<T>(Func<LedgerSession, Task<Outcome<T>>> work) =>
        Traced(() => _work.Add(work, static outcome => !outcome.Refused));

    public Task<Outcome> Commit(Func<LedgerSession, Task<Outcome>> work) =>
        Traced(() => _work.Add(work, static outcome => !outcome.Refused));

    public Task<Outcome<T>> CommitAtOnce<T>(Func<LedgerSession, Task<Outcome<T>>> work) =>
        Traced(() => _atOnce is { } lane
            ? lane.Add(work, static outcome => !outcome.Refused) : _work.Add(work, static outcome => !outcome.Refused));

    public async Task<T> Read<T>(Func<LedgerSession, Task<T>> work)
    {
        try
        {
            return await ReadOnce(work);
        }
        catch (LedgerFault fault)
        {
            if (!fault.Lost && !fault.Again)
            {
                throw fault.ToOperatingFault();
            }

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

    public async Task<HoldOutcome> Hold(HoldOperation operation) => (await HoldAll([operation])).Only;

    public async Task<HoldAllOutcome> HoldAll(IReadOnlyList<HoldOperation> operations)
    {
        HoldAllOutcome outcome = await Traced(() => HoldOnce(operations));
        LedgerMeter.Asked(outcome.Why?.Result ?? HoldResult.Held);
        return outcome;
    }

    public Task<FreeOutcome> Free(FreeOperation operation) => Traced(() => _holds.Free(operation));

    public async Task WarmUp()
    {
        // Of no network: refused as such.
        NetworkId none = new(Guid.Empty);
        NewCard card = new(new VnicId(Guid.Empty), ServicePath.Parse("no.service"), MacAddress.Parse("02:00:00:00:00:00"), null);
        HoldOperation hold = new(none, 0, new PortId(Guid.Empty), ProjectId.Parse("none"), "", null, null, null, null, card);

        // A statement is prepared at its second use.
        for (int use = 1; use <= 2; use++)
        {
            await _work.Add(s => PoolRows.RaiseEpoch(s, none), static pool => pool is not null);
            await CommitAtOnce<bool>(async s => await s.Must("select 1 as one"));
            await _holds.Hold([hold]);
            await _holds.Free(new FreeOperation(none, 0, card.Id, 0, ""));
            await Read(s => PoolReading.Read(s, none, 0, open: false));
        }
    }

    /// <summary>A span of the caller's trace from the hand-over to the acknowledgement, where traces are kept.</summary>
    private static Task<T> Traced<T>(Func<Task<T>> commit) =>
        LedgerMeter.Traces.HasListeners() ? InSpan(commit) : commit();

    private static async Task<T> InSpan<T>(Func<Task<T>> commit)
    {
        using Activity? span = LedgerMeter.Traces.StartActivity("ledger commit");
        return await commit();
    }

    private async Task<HoldAllOutcome> HoldOnce(IReadOnlyList<HoldOperation> operations)
    {
        HoldAllOutcome outcome = await _holds.Hold(operations);
        return outcome.Why is { Result: HoldResult.Counted }
            ? await SqliteHoldLane.HoldCounted(_work, operations, _quotas) : outcome;
    }

    public async ValueTask DisposeAsync()
    {
        await _holds.DisposeAsync();
        await (_atOnce?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _work.DisposeAsync();
    }

    private async Task<T> ReadOnce<T>(Func<LedgerSession, Task<T>> work)
    {
        LedgerConnection reader = await _database.RentReader();
        try
        {
            StatementRounds rounds = new(reader);
            return await rounds.Until(work(new LedgerSession(rounds)));
        }
        finally
        {
            await _database.ReturnReader(reader);
        }
    }
}
