using Microsoft.AspNetCore.Routing.Patterns;
using NovaOrleans.Api.Routes;

namespace NovaOrleans.Api.NetworkServices;

/// <summary>
/// The routes of one network service, each below <c>/{version}/{name}/</c> (seed S100 to S103). The service says what
/// comes after the prefix and cannot leave it; the prefix, the project's check and the formats are the core's.
/// </summary>
public sealed class NetworkServiceRouteMap(INetworkService service) : INetworkRoutes
{
    /// <summary>The route parameter of <c>tenants/{…}</c>, Quantum 1.0's way to name the project.</summary>
    public const string TenantParameter = "tenant";

    /// <summary>The API's versions, newest first. All serve the same routes; 1.1 is the style of both (S62).</summary>
    public static IReadOnlyList<string> Versions { get; } = ["v1.1", "v1.0"];

    private static readonly string[] OwnWords = ["extensions", "tenants"];

    private readonly List<ApiRoute> _routes = [];
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    public INetworkService Service { get; } = service;

    public IReadOnlyList<ApiRoute> Routes => _routes;

    /// <summary>The first words of the service's patterns, as <c>networks</c>: its collections, in order.</summary>
    public IReadOnlyList<string> Collections { get; private set; } = [];

    /// <summary>Adds one route in every version.</summary>
    /// <exception cref="ArgumentException">The pattern is none, tries to leave the prefix, or is taken
    /// already; or the role is none.</exception>
    public void Map(HttpMethod method, string pattern, Role least, ApiHandler handler, RouteDescription description)
    {
        Access access = ApiRoute.AccessOf(least);
        if (access == Access.None)
        {
            throw Wrong(pattern, "a route says which role it needs: reader, member or admin");
        }

        RoutePattern parsed = Checked(pattern);
        if (!_taken.Add($"{method} {Shape(parsed)}"))
        {
            throw Wrong(pattern, $"{method} is mapped there already");
        }

        if (parsed.PathSegments[0].Parts is [RoutePatternLiteralPart word] && !Collections.Contains(word.Content))
        {
            Collections = [.. Collections, word.Content];
        }

        foreach (string version in Versions)
        {
            string prefix = $"/{version}/{Service.Name}";
            var route = new ApiRoute(method, $"{prefix}/{pattern}", access, handler, description)
            {
                Service = Service,
            };
            _routes.Add(route);
            _routes.Add(route with
            {
                Pattern = $"{prefix}/tenants/{{{TenantParameter}}}/{pattern}",
                IsAlias = true,
            });
        }
    }

    private RoutePattern Checked(string pattern)
    {
        if (string.IsNullOrEmpty(pattern) || pattern.AsSpan().IndexOfAny("~\\%#") >= 0 || pattern.Contains("//")
            || pattern[0] == '/' || pattern[^1] == '/' || pattern.Any(char.IsWhiteSpace))
        {
            throw Wrong(pattern, "it is a relative path without '~', '\\', '%', '#', white space or empty parts");
        }

        RoutePattern parsed;
        try
        {
            parsed = RoutePatternFactory.Parse(pattern);
        }
        catch (RoutePatternException e)
        {
            throw Wrong(pattern, e.Message);
        }

        foreach (RoutePatternPathSegment segment in parsed.PathSegments)
        {
            if (segment.Parts is [RoutePatternLiteralPart { Content: "." or ".." }])
            {
                throw Wrong(pattern, "it would leave the prefix, which is the core's");
            }
        }

        if (parsed.PathSegments[0].Parts is [RoutePatternLiteralPart first] && OwnWords.Contains(first.Content))
        {
            throw Wrong(pattern, $"'{first.Content}' is the core's own word there");
        }

        return parsed.GetParameter(TenantParameter) is null
            ? parsed
            : throw Wrong(pattern, $"the parameter '{TenantParameter}' is the core's own");
    }

    /// <summary>
    /// The pattern without its parameters' names: what decides whether two patterns match the same path.
    /// </summary>
    private static string Shape(RoutePattern pattern) => string.Join('/', pattern.PathSegments.Select(s =>
        string.Concat(s.Parts.Select(p => p is RoutePatternLiteralPart literal ? literal.Content : "{}"))));

    private ArgumentException Wrong(string pattern, string why) =>
        new($"Network service {Service.Path} cannot map '{pattern}': {why}.", nameof(pattern));
}
