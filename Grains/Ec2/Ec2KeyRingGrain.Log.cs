namespace NovaOrleans.Ec2;

public sealed partial class Ec2KeyRingGrain
{
    [LoggerMessage(LogLevel.Information, "project {Project}: EC2 key {AccessKey} made by {Actor}")]
    private partial void LogCreated(ProjectId project, string accessKey, string actor);

    [LoggerMessage(LogLevel.Information, "project {Project}: EC2 key {AccessKey} deleted by {Actor}")]
    private partial void LogDeleted(ProjectId project, string accessKey, string actor);
}
