namespace NovaOrleans.SecurityGroups;

public sealed partial class SecurityGroupsGrain
{
    [LoggerMessage(LogLevel.Information, "security groups of {Project}: {What}, by {Actor}")]
    private partial void LogChanged(ProjectId project, string what, string actor);
}
