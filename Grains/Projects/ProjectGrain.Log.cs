namespace NovaOrleans.Projects;

public sealed partial class ProjectGrain
{
    [LoggerMessage(LogLevel.Information, "project {Project}: created by {Actor}")]
    private partial void LogCreated(ProjectId project, string actor);

    [LoggerMessage(LogLevel.Information, "project {Project}: uses {Service} now, set by {Actor}")]
    private partial void LogAssociated(ProjectId project, ServicePath service, string actor);

    [LoggerMessage(LogLevel.Information, "project {Project}: quotas {Limits}, set by {Actor}")]
    private partial void LogQuotas(ProjectId project, string limits, string actor);

    [LoggerMessage(LogLevel.Information, "project {Project}: deleted by {Actor}")]
    private partial void LogDeleted(ProjectId project, string actor);
}
