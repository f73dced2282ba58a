namespace NovaOrleans.Api.Callers;

/// <summary>Says who a request comes from. The only place that reads credentials.</summary>
public interface ICallers
{
    /// <summary>
    /// Refused as <c>Unauthorized</c> without a known token, and as malformed where the project's name is none.
    /// </summary>
    ValueTask<Outcome<Caller>> Identify(HttpContext context);
}

/// <summary>
/// A known caller. <paramref name="Named"/> says that the request named the project itself; without it an admin stands
/// above the projects, and <paramref name="Project"/>, if any, is only where new objects go.
/// </summary>
public readonly record struct Caller(bool IsAdmin, ProjectId? Project, bool Named);
