using NovaOrleans.Ledger;
using Orleans.Concurrency;

namespace NovaOrleans.Audits;

/// <summary>
/// Audits, one after the other, of which a large cloud's takes longer than a call may. Key 0; nothing of it is durable: an audit that
/// is lost with its silo is begun again by whoever asks for it.
/// </summary>
[Alias("nova.IAuditGrain")]
public interface IAuditGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// The audit that is asked for by this id, begun after the first call with it; null where it is not at its end within two seconds:
    /// the same call again goes on waiting. Who asks while one is under way shares the next with all who do.
    /// </summary>
    [Alias("Audit"), Repeatable, AlwaysInterleave]
    Task<AuditView?> Audit(Guid id);
}

/// <summary>How audits are asked for.</summary>
public static class AuditCall
{
    /// <summary>An audit of all that is there now, however long it takes.</summary>
    public static async Task<AuditView> Audit(this IGrainFactory grains, CancellationToken aborted = default)
    {
        var id = Guid.NewGuid();
        while (true)
        {
            if (await grains.GetGrain<IAuditGrain>(0).Audit(id) is { } audit)
            {
                return audit;
            }

            aborted.ThrowIfCancellationRequested();
        }
    }
}
