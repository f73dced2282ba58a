using NovaOrleans.Hosts;
using NovaOrleans.Queries;

namespace NovaOrleans.Audits;

/// <summary>See <see cref="IAuditGrain"/>.</summary>
public sealed partial class AuditGrain(ILedger ledger, RecordText text, TimeProvider time, ILogger<AuditGrain> logger)
    : Grain, IAuditGrain
{
    /// <summary>Less than half of what a call may take.</summary>
    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(2);

    private readonly AuditState _state = new();

    public async Task<AuditView?> Audit(Guid id)
    {
        foreach (Guid left in AuditRules.Left(_state, time.GetUtcNow()))
        {
            _state.ById.Remove(left);
        }

        Task<AuditView> audit = _state.ById.TryGetValue(id, out AuditState.Asked? asked) ? asked.Answer : Join();
        _state.ById[id] = new AuditState.Asked(audit, time.GetUtcNow());
        await Task.WhenAny(audit, Task.Delay(s_wait, time));
        if (!audit.IsCompleted)
        {
            return null;
        }

        _state.ById.Remove(id);
        return await audit;
    }

    private Task<AuditView> Join()
    {
        if (AuditRules.ToShare(_state) is { } next)
        {
            return next;
        }

        _state.LastHasBegun = false;
        return _state.Last = After(_state.Last);
    }

    private async Task<AuditView> After(Task<AuditView>? before)
    {
        await (before ?? Task.CompletedTask).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.ForceYielding);
        _state.LastHasBegun = true;
        long began = time.GetTimestamp();
        // Beside the grain's turns: SQLite reads without letting go of its thread, and those who wait are to be answered.
        AuditView audit = await Task.Run(() => ledger.Read(s => AuditQueries.Audit(s, text)));
        LogDone(audit.Vnics, time.GetElapsedTime(began).TotalSeconds, audit.Findings.Count);
        return audit;
    }
}
