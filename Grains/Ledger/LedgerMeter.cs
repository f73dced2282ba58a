using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace NovaOrleans.Ledger;

/// <summary>The ledger's figures and traces, of all ledgers of the process. Where nobody listens they cost nothing.</summary>
internal static class LedgerMeter
{
    public const string Name = "NovaOrleans.Ledger";

    /// <summary>A caller's own wait for its commit, in the trace of its request.</summary>
    public static readonly ActivitySource Traces = new(Name);

    private static readonly Meter s_meter = new(Name);

    private static readonly Counter<long> s_allocations =
        s_meter.CreateCounter<long>("nova_allocations", description: "Addresses and ports that were asked for, by outcome.");

    private static readonly Histogram<long> s_operations = s_meter.CreateHistogram(
        "nova_commit_operations", description: "Operations that one commit was shared by, by lane.",
        advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] });

    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram(
        "nova_commit_duration", "s", "How long a commit took, its statements included, by lane.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
        });

    private static readonly Counter<long> s_faults =
        s_meter.CreateCounter<long>("nova_ledger_faults", description: "Commits and reads that the database did not take.");

    public static void Asked(HoldResult result) =>
        s_allocations.Add(1, new KeyValuePair<string, object?>("outcome", Word(result)));

    public static void Committed(string lane, int operations, long began)
    {
        if (s_operations.Enabled || s_duration.Enabled)
        {
            KeyValuePair<string, object?> tag = new("lane", lane);
            s_operations.Record(operations, tag);
            s_duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tag);
        }
    }

    public static void Failed() => s_faults.Add(1);

    /// <summary>Not <c>ToString</c>: that looks the name up at each call.</summary>
    private static string Word(HoldResult result) => result switch
    {
        HoldResult.Held => "held",
        HoldResult.Repeated => "repeated",
        HoldResult.Fenced => "fenced",
        HoldResult.Closed => "closed",
        HoldResult.MacTaken => "mac_taken",
        HoldResult.AddressV6Taken => "address_taken",
        HoldResult.OverQuota => "over_quota",
        _ => "other",
    };
}
