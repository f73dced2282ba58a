namespace NovaOrleans.Networks;

public sealed partial class NetworkGrain
{
    [LoggerMessage(LogLevel.Information, "network {Network}: {What}")]
    private partial void LogChanged(NetworkId network, string what);

    [LoggerMessage(LogLevel.Warning, "network {Network}: was closing when its silo ended; taking the deletion up again")]
    private partial void LogResumed(NetworkId network);

    [LoggerMessage(LogLevel.Warning, "network {Network}: its deletion will be tried again: {Reason}")]
    private partial void LogWaiting(NetworkId network, string reason);
}
