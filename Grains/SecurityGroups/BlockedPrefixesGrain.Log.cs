namespace NovaOrleans.SecurityGroups;

public sealed partial class BlockedPrefixesGrain
{
    [LoggerMessage(LogLevel.Information, "{Cidr} is blocked for every guest, by {Actor}")]
    private partial void LogBlocked(string cidr, string actor);

    [LoggerMessage(LogLevel.Information, "{Cidr} is no longer blocked, by {Actor}")]
    private partial void LogUnblocked(string cidr, string actor);
}
