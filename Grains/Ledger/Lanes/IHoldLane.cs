namespace NovaOrleans.Ledger;

/// <summary>The hot lane of the pool grains: see <see cref="ILedger.HoldAll"/> and <see cref="ILedger.Free"/>.</summary>
internal interface IHoldLane : IAsyncDisposable
{
    Task<HoldAllOutcome> Hold(IReadOnlyList<HoldOperation> operations);

    Task<FreeOutcome> Free(FreeOperation operation);
}
