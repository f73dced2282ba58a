namespace NovaOrleans.Audits;

public sealed partial class AuditGrain
{
    [LoggerMessage(LogLevel.Information, "an audit of {Vnics} VNICs took {Seconds:0.0} s and found {Count} faults")]
    private partial void LogDone(long vnics, double seconds, int count);
}
