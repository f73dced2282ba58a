using NovaOrleans.Api.NetworkServices;
using NovaOrleans.NetworkServices.Loading;

namespace NovaOrleans.Api.Routes;

/// <summary>
/// All routes: the core's, and each loaded network service's from its own route map, asked once at the start (seed S61,
/// S102). A service whose routes are wrong gets none, which is logged, and the others are served.
/// </summary>
public sealed partial class ApiRouteTable
{
    private readonly ILogger<ApiRouteTable> _log;

    public ApiRouteTable(IEnumerable<ICoreRoutes> core, NetworkServiceManager services, ILogger<ApiRouteTable> log)
    {
        _log = log;
        Routes = [.. core.SelectMany(c => c.Routes()), .. services.List().SelectMany(s => RoutesOf(s, services))];
        if (Routes.FirstOrDefault(r => r.Access == Access.None) is { } open)
        {
            throw new InvalidOperationException($"{open} does not say who may come in by it.");
        }
    }

    public IReadOnlyList<ApiRoute> Routes { get; }

    private IEnumerable<ApiRoute> RoutesOf(INetworkService service, NetworkServiceManager services)
    {
        var map = new NetworkServiceRouteMap(service);
        try
        {
            if (!services.OsApiService(service.Path).Try(out IOsApiService? door, out Refusal? refusal))
            {
                LogRefused(service.Path, refusal.Reason);
                return [];
            }

            door.MapRoutes(map);
        }
        catch (Exception e)
        {
            LogWrong(e, service.Path);
            return [];
        }

        return [.. map.Routes, .. ServiceRoutes.Of(map)];
    }

    [LoggerMessage(1, LogLevel.Error, "Network service {Service} is not served: {Reason}")]
    private partial void LogRefused(ServicePath service, string reason);

    [LoggerMessage(2, LogLevel.Error, "Network service {Service} is not served: its routes are wrong")]
    private partial void LogWrong(Exception exception, ServicePath service);
}
