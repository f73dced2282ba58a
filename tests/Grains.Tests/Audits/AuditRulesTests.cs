using NovaOrleans.Ledger;

namespace NovaOrleans.Audits;

public sealed class AuditRulesTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Task<AuditView> s_audit = new TaskCompletionSource<AuditView>().Task;

    [Fact]
    public void Only_an_audit_that_has_looked_at_nothing_yet_is_shared()
    {
        Assert.Null(AuditRules.ToShare(new AuditState()));
        Assert.Same(s_audit, AuditRules.ToShare(new AuditState { Last = s_audit }));
        Assert.Null(AuditRules.ToShare(new AuditState { Last = s_audit, LastHasBegun = true }));
    }

    [Fact]
    public void Who_does_not_come_back_for_a_minute_is_forgotten()
    {
        (Guid gone, Guid there) = (Guid.NewGuid(), Guid.NewGuid());
        var state = new AuditState();
        state.ById[gone] = new AuditState.Asked(s_audit, s_now - AuditRules.Patience - TimeSpan.FromSeconds(1));
        state.ById[there] = new AuditState.Asked(s_audit, s_now - AuditRules.Patience);
        Assert.Equal([gone], AuditRules.Left(state, s_now));
    }
}
