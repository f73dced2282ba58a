namespace NovaOrleans.Hosts;

public sealed partial class SchedulerGrain
{
    [LoggerMessage(LogLevel.Warning, "no host for {Service}: {Reason}")]
    private partial void LogNone(ServicePath service, string reason);
}
