
namespace NovaOrleans.Instances;

public sealed partial class InstanceGrain
{
    [LoggerMessage(LogLevel.Information, "instance {Instance}: created for host {Host} with {Count} NICs")]
    private partial void LogCreated(InstanceId instance, HostName host, int count);

    [LoggerMessage(LogLevel.Information, "instance {Instance}: {What}, {Status}")]
    private partial void LogChanged(InstanceId instance, string what, InstanceStatus status);

    [LoggerMessage(LogLevel.Warning, "instance {Instance}: its create was refused and is undone: {Reason}")]
    private partial void LogUndone(InstanceId instance, string reason);

    [LoggerMessage(LogLevel.Information, "instance {Instance}: deleted")]
    private partial void LogDeleted(InstanceId instance);

    [LoggerMessage(LogLevel.Warning, "instance {Instance}: ignored a stale report: {Reason}")]
    private partial void LogStale(InstanceId instance, string reason);

    [LoggerMessage(LogLevel.Warning, "instance {Instance}: will try again: {Reason}")]
    private partial void LogWaiting(InstanceId instance, string reason);
}
