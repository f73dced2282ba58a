namespace NovaOrleans.Api.Routes;

/// <summary>Who may come in by a route.</summary>
public enum Access
{
    /// <summary>Nobody said who: the route table takes no such route.</summary>
    None = 0,

    /// <summary>Anyone, without a token.</summary>
    Open,

    /// <summary>Whoever has a token; the request is for no project in particular.</summary>
    Caller,

    /// <summary>Whoever may see what the request's project has.</summary>
    Reader,

    /// <summary>Whoever may change what the request's project has.</summary>
    Member,

    /// <summary>Whoever may administer the cloud.</summary>
    Admin,
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

    /// <summary>The role that a caller must have; none where no token is asked for.</summary>
    public Role Least => Access switch
    {
        Access.Open => Role.None,
        Access.Caller or Access.Reader => Role.Reader,
        Access.Member => Role.Member,
        Access.Admin => Role.Admin,
        _ => throw new InvalidOperationException($"{this} does not say who may come in by it."),
    };

    /// <summary>Whether the request is for a project.</summary>
    public bool ForProject => Access is Access.Reader or Access.Member;

    /// <summary>The rule of a network service's route.</summary>
    public static Access AccessOf(Role least) => least switch
    {
        Role.Reader => Access.Reader,
        Role.Member => Access.Member,
        Role.Admin => Access.Admin,
        _ => Access.None,
    };

    public override string ToString() => $"{Method} {Pattern}";
}
