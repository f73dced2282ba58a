using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace NovaOrleans.Http;

/// <summary>One verb of the API: reads a request, answers with a resource or a refusal.</summary>
public delegate Task<ApiAnswer> ApiHandler(ApiRequest request);

/// <summary>
/// What a handler sees of a request: who asks, the route's values, the query, and the body as fields, whichever of JSON
/// and XML it came in. <see cref="Context"/> is there for a service that has a format of its own (seed S59).
/// </summary>
public sealed class ApiRequest(HttpContext context, ProjectId project, bool isAdmin, BodyReader body, RequestKey? key)
{
    public HttpContext Context { get; } = context;

    /// <summary>The project that the request is for.</summary>
    public ProjectId Project { get; } = project;

    public bool IsAdmin { get; } = isAdmin;

    /// <summary>
    /// Whose objects the request sees: null for an admin who named no project, who sees every project's; else the
    /// project's own.
    /// </summary>
    public ProjectId? Scope { get; init; } = isAdmin ? null : project;

    /// <summary>The body's fields; an empty object where the request has none.</summary>
    public BodyReader Body { get; } = body;

    /// <summary>The caller's <c>Idempotency-Key</c> with the hash of this body; null where there is none.</summary>
    public RequestKey? Key { get; } = key;

    /// <summary>Who is written into the history: the project, or "admin".</summary>
    public string Actor => IsAdmin ? "admin" : Project.Value;

    public string Route(string name) => Context.GetRouteValue(name) as string ?? "";

    /// <summary>The absolute URL of a path on this server, for links.</summary>
    public string Href(string path) => $"{Context.Request.Scheme}://{Context.Request.Host}{path}";

    public string? Query(string name) => Context.Request.Query[name] is [{ } value, ..] ? value : null;
}
