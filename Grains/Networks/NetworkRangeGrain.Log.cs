namespace NovaOrleans.Networks;

public sealed partial class NetworkRangeGrain
{
    [LoggerMessage(LogLevel.Information, "{Service}: created {Count} networks, the first is '{Label}'")]
    private partial void LogCreated(ServicePath service, int count, string label);

    [LoggerMessage(LogLevel.Information, "{Service}: no network created: {Reason}")]
    private partial void LogRefused(ServicePath service, string reason);

    [LoggerMessage(LogLevel.Information, "{Service}: network {Network} now belongs to project {Project}")]
    private partial void LogTaken(ServicePath service, NetworkId network, ProjectId project);
}
