namespace NovaOrleans.Api.Routes;

/// <summary>Who may come in by a route.</summary>
public enum Access
{
    /// <summary>Anyone, without a token.</summary>
    Open = 0,

    /// <summary>Whoever has a token; the request is for no project in particular.</summary>
    Caller,

    /// <summary>Whoever may administer the cloud.</summary>
    Admin,

    /// <summary>Whoever has a token and names a project.</summary>
    Project,
}

/// <summary>
/// One verb and pattern with all that the facade knows of it: what the endpoints, the checks and the OpenAPI document
/// are made from. A route without <see cref="Service"/> is the core's own.
/// </summary>
public sealed record ApiRoute(
    HttpMethod Method, string Pattern, Access Access, ApiHandler Handler, RouteDescription Description)
{
    public INetworkService? Service { get; init; }

    /// <summary>Another spelling of a route that is listed already.</summary>
    public bool IsAlias { get; init; }

    public override string ToString() => $"{Method} {Pattern}";
}
