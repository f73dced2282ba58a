namespace NovaOrleans.Ledger;

/// <summary>The hot lane of the pool grains: see <see cref="ILedger.Hold"/> and <see cref="ILedger.Free"/>.</summary>
internal interface IHoldLane : IAsyncDisposable
{
    Task<HoldOutcome> Hold(HoldOperation operation);

    Task<FreeOutcome> Free(FreeOperation operation);
}
