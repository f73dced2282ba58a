namespace NovaOrleans.Audits;

public static class AuditRules
{
    /// <summary>One who does not come back so long is gone.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The audit that somebody who asks now may share: one that has not begun, so that it sees all that is there now.</summary>
    public static Task<AuditView>? ToShare(AuditState state) => state.LastHasBegun ? null : state.Last;

    /// <summary>The ids whose askers are gone.</summary>
    public static IReadOnlyList<Guid> Left(AuditState state, DateTimeOffset now) =>
        [.. state.ById.Where(a => now - a.Value.At > Patience).Select(a => a.Key)];
}
