namespace NovaOrleans.Tokens;

public sealed partial class TokenGrain
{
    [LoggerMessage(LogLevel.Information, "token {Name} ({Id}) of role {Role} for project {Project} made by {Actor}")]
    private partial void LogCreated(string name, Guid id, Role role, string project, string actor);

    [LoggerMessage(LogLevel.Information, "token {Id} revoked by {Actor}")]
    private partial void LogRevoked(Guid id, string actor);
}
