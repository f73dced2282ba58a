namespace NovaOrleans.Hosts;

public sealed partial class HostGrain
{
    [LoggerMessage(LogLevel.Information, "host {Host}: session {Epoch} opened at revision {Revision}")]
    private partial void LogSession(HostName host, long epoch, long revision);

    [LoggerMessage(LogLevel.Debug, "host {Host}: told {Count} bindings of instance {Instance}, revision {Revision}")]
    private partial void LogBound(HostName host, int count, InstanceId instance, long revision);

    [LoggerMessage(LogLevel.Debug, "host {Host}: asked to take {Count} bindings of instance {Instance} away, revision {Revision}")]
    private partial void LogTornDown(HostName host, int count, InstanceId instance, long revision);

    [LoggerMessage(LogLevel.Warning, "host {Host}: fenced at epoch {Epoch}, {Count} bindings released")]
    private partial void LogFenced(HostName host, long epoch, int count);

    [LoggerMessage(LogLevel.Warning, "host {Host}: refused a call of epoch {Stale}, it is at {Epoch}")]
    private partial void LogStale(HostName host, long stale, long epoch);

    [LoggerMessage(LogLevel.Warning, "host {Host}: could not tell instance {Instance}, will again: {Reason}")]
    private partial void LogNotTold(HostName host, InstanceId instance, string reason);

    [LoggerMessage(LogLevel.Debug, "host {Host}: what instances were told is not in its rows yet: {Reason}")]
    private partial void LogNotKept(HostName host, string reason);

    [LoggerMessage(LogLevel.Debug, "host {Host}: the scheduler did not hear: {Reason}")]
    private partial void LogSchedulerDeaf(HostName host, string reason);

    [LoggerMessage(LogLevel.Information, "host {Host}: told {Bindings} bindings and {Facts} facts anew, revision {Revision}")]
    private partial void LogLooked(HostName host, int bindings, int facts, long revision);

    [LoggerMessage(LogLevel.Warning, "host {Host}: its rows could not be read again, will be: {Reason}")]
    private partial void LogNotLooked(HostName host, string reason);
}
