namespace NovaOrleans.Agent;

public sealed partial class HostReporter
{
    /// <summary>With the request that asked for it: what is found by its id ends here. What failed is a warning, and says why.</summary>
    private void Narrate(BindingReport report, string? request)
    {
        LogLevel level = report.Outcome == BindingOutcome.Failed ? LogLevel.Warning : LogLevel.Information;
        string why = report.Fault is null ? "" : $", {report.Fault}";
        if (request is null)
        {
            LogReported(level, report.Vnic, report.Generation, report.Outcome, why);
        }
        else
        {
            LogReportedFor(level, request, report.Vnic, report.Generation, report.Outcome, why);
        }
    }

    [LoggerMessage("request {RequestId}: VNIC {Vnic} generation {Generation}: {Outcome}{Why}")]
    private partial void LogReportedFor(LogLevel level, string requestId, VnicId vnic, long generation, BindingOutcome outcome, string why);

    [LoggerMessage("VNIC {Vnic} generation {Generation}: {Outcome}{Why}")]
    private partial void LogReported(LogLevel level, VnicId vnic, long generation, BindingOutcome outcome, string why);

    [LoggerMessage(LogLevel.Warning, "the report was refused: {Refusal}")]
    private partial void LogRefused(Refusal refusal);

    [LoggerMessage(LogLevel.Warning, "the report did not reach the core and is repeated: {Reason}")]
    private partial void LogUnreachable(string reason);
}
