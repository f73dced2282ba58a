namespace NovaOrleans.FloatingIps;

public sealed partial class FloatingIpPoolGrain
{
    [LoggerMessage(LogLevel.Information, "floating IP pool {Pool}: {What} {Subject}")]
    private partial void LogChanged(string pool, string what, string subject);

    [LoggerMessage(LogLevel.Information, "floating IP pool {Pool}: {Count} addresses stood for fixed IPs that are gone")]
    private partial void LogTidied(string pool, int count);
}
