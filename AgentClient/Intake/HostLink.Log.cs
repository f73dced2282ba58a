namespace NovaOrleans.Agent;

public sealed partial class HostLink
{
    [LoggerMessage(Level = LogLevel.Information, Message = "host {Host}: session {Epoch} is open")]
    private partial void LogSession(HostName host, long epoch);

    [LoggerMessage(Level = LogLevel.Warning, Message = "host {Host}: the session is over, a new one is opened: {Refusal}")]
    private partial void LogRefused(HostName host, Refusal refusal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "host {Host}: renewal failed {Failures} times in a row: {Reason}")]
    private partial void LogUnreachable(HostName host, int failures, string reason);
}
