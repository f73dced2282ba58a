namespace NovaOrleans.Hosts;

public sealed partial class SchedulerGrain
{
    [LoggerMessage(LogLevel.Warning, "no host for {Service}: {Reason}")]
    private partial void LogNone(ServicePath service, string reason);

    [LoggerMessage(LogLevel.Information, "host {Host}: {What}, by {Actor}")]
    private partial void LogSaid(HostName host, string what, string actor);
}
