namespace NovaOrleans.Agent;

public sealed partial class HostLink
{
    [LoggerMessage(LogLevel.Information, "host {Host}: session {Epoch} is open")]
    private partial void LogSession(HostName host, long epoch);

    [LoggerMessage(LogLevel.Warning, "host {Host}: the session is over, a new one is opened: {Refusal}")]
    private partial void LogRefused(HostName host, Refusal refusal);

    [LoggerMessage(LogLevel.Warning, "host {Host}: renewal failed {Failures} times in a row: {Reason}")]
    private partial void LogUnreachable(HostName host, int failures, string reason);
}
