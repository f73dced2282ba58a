using NovaOrleans.Http;

namespace NovaOrleans.NetworkServices;

/// <summary>
/// Where a plug-in registers its routes, once at the facade's start. Patterns are relative (<c>networks/{id}</c>): the
/// prefix <c>/{version}/{name}/</c> is the route map's, and a pattern that tries to leave it throws (S103).
/// </summary>
public interface INetworkRoutes
{
    /// <summary>
    /// Maps one verb and pattern. The handler gets a request whose caller has the role <paramref name="least"/> at least and
    /// whose project was checked against this service (S153), and answers with a resource that is written as JSON or XML,
    /// whichever the caller asked for (S60). What an admin alone may do needs no project.
    /// </summary>
    void Map(HttpMethod method, string pattern, Role least, ApiHandler handler, RouteDescription description);
}

/// <summary>What the OpenAPI document says of a route.</summary>
public sealed record RouteDescription(string Summary, string? RequestExample = null)
{
    /// <summary>What the URL's query may have.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];
}
