namespace NovaOrleans.Api.Callers;

/// <summary>Says who a request comes from. The only place that reads tokens.</summary>
public interface ICallers
{
    /// <summary>
    /// Refused as <c>Unauthorized</c> without a known token, as malformed where the project's name is none, and as unknown where
    /// it is another project than the token's.
    /// </summary>
    ValueTask<Outcome<Caller>> Identify(HttpContext context);
}

/// <summary>
/// A known caller. <paramref name="Named"/> says that the caller is held to the project: its token is the project's, or the
/// request named it. Else an admin stands above the projects, and <paramref name="Project"/>, if any, is only where new objects go.
/// </summary>
public readonly record struct Caller(TokenHolder Holder, ProjectId? Project, bool Named)
{
    public bool IsAdmin => Holder is { Role: Role.Admin };
}

/// <summary>
/// Whom a token stands for. <paramref name="Key"/> is the token's name where requests are counted; null where they are not.
/// Of a reader or member <paramref name="Project"/> is never null.
/// </summary>
public sealed record TokenHolder(string? Key, Role Role, ProjectId? Project, DateTimeOffset? ExpiresAt);
