namespace NovaOrleans.Vnics;

public sealed partial class VnicGrain
{
    [LoggerMessage(LogLevel.Information, "VNIC {Vnic}: {What}, generation {Generation}")]
    private partial void LogChanged(VnicId vnic, string what, long generation);

    [LoggerMessage(LogLevel.Warning, "VNIC {Vnic}: ignored the end of generation {Stale}, it is at {Generation}")]
    private partial void LogStale(VnicId vnic, long stale, long generation);
}
