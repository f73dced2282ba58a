using NovaOrleans.Api.Routes;

namespace NovaOrleans.Api.NetworkServices;

/// <summary>
/// What the route map itself answers for each network service: its root and its extensions (rows R27).
/// </summary>
internal static class ServiceRoutes
{
    /// <summary>
    /// The one collection of Quantum 1.0's core; whatever else a service serves is an extension of it.
    /// </summary>
    private const string CoreCollection = "networks";

    public static IEnumerable<ApiRoute> Of(NetworkServiceRouteMap map)
    {
        foreach (string version in NetworkServiceRouteMap.Versions)
        {
            string prefix = $"/{version}/{map.Service.Name}";
            yield return Route($"{prefix}/", request => Root(request, map, prefix), "The service, and its collections");
            yield return Route($"{prefix}/extensions", _ => Extensions(map), "What the service has beyond Quantum 1.0");
        }

        ApiRoute Route(string pattern, Func<ApiRequest, ApiAnswer> answer, string summary) => new(
            HttpMethod.Get, pattern, Access.Caller, r => Task.FromResult(answer(r)), new RouteDescription(summary))
        {
            Service = map.Service,
        };
    }

    private static ApiAnswer Root(ApiRequest request, NetworkServiceRouteMap map, string prefix) => ApiAnswer.Ok(w =>
    {
        w.BeginRoot("network_service");
        w.Field("path", map.Service.Path.Value);
        w.Field("name", map.Service.Name);
        w.Field("version", map.Service.Version);
        w.BeginList("links", "link");
        foreach (string collection in map.Collections)
        {
            w.BeginItem();
            w.Field("rel", collection);
            w.Field("href", request.Href($"{prefix}/{collection}"));
            w.EndItem();
        }

        w.EndList();
        w.EndRoot();
    });

    private static ApiAnswer Extensions(NetworkServiceRouteMap map) => ApiAnswer.Ok(w =>
    {
        w.BeginList("extensions", "extension");
        foreach (string collection in map.Collections.Where(c => c != CoreCollection))
        {
            w.BeginItem();
            w.Field("alias", collection);
            w.Field("name", collection);
            w.Field("service", map.Service.Path.Value);
            w.Field("version", map.Service.Version);
            w.EndItem();
        }

        w.EndList();
    });
}
