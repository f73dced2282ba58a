using NovaOrleans.Api.Routes;

namespace NovaOrleans.Api.Requests;

internal sealed partial class ApiEndpoint
{
    [LoggerMessage(1, LogLevel.Warning, "{Route} could not be answered: {Reason}")]
    private partial void LogUnavailable(ApiRoute route, string reason);

    [LoggerMessage(3, LogLevel.Debug, "{Route}")]
    private partial void LogAsked(ApiRoute route);

    [LoggerMessage(2, LogLevel.Error, "{Route} failed with a bug, request {RequestId}")]
    private partial void LogBug(Exception exception, ApiRoute route, string requestId);
}
