using NovaOrleans.Ledger;

namespace NovaOrleans.Api.Operations;

/// <summary>Of a facade alone: a silo answers, and has its ledger.</summary>
public sealed class ClusterReadiness(IGrainFactory grains) : IReadiness
{
    public string Name => "cluster";

    public async Task<string?> Missing(CancellationToken stop)
    {
        await grains.GetGrain<ILedgerQueryGrain>(0).Ping().WaitAsync(stop);
        return null;
    }
}
