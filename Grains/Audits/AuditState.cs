namespace NovaOrleans.Audits;

/// <summary>The audits that are under way or were not taken yet.</summary>
public sealed class AuditState
{
    /// <summary>What was asked for by an id, and when it was last asked for.</summary>
    public sealed record Asked(Task<AuditView> Answer, DateTimeOffset At);

    public Dictionary<Guid, Asked> ById { get; } = [];

    /// <summary>The last that was begun or is to be; null before the first.</summary>
    public Task<AuditView>? Last { get; set; }

    /// <summary>Whether <see cref="Last"/> has looked at a row: then it is too late to share it.</summary>
    public bool LastHasBegun { get; set; }
}
