using System.Diagnostics.Metrics;

namespace NovaOrleans.Hosting;

/// <summary>
/// Figures of the cloud as a whole, which one silo gives for all, beside what each silo counts itself. Gauges have nothing to say
/// until they were first filled, and where another silo fills its own.
/// </summary>
internal static class CloudMeter
{
    public const string Name = "NovaOrleans.Cloud";

    private static readonly Meter s_meter = new(Name);

    private static readonly Counter<long> s_stale = s_meter.CreateCounter<long>(
        "nova_stale_reports", description: "Reports and results of hosts that were ignored, for an old epoch or generation.");

    private static volatile Figures? s_figures;

    static CloudMeter()
    {
        Gauge("nova_hosts", "Compute hosts, by status.", f => f.Hosts);
        Gauge("nova_host_differences", "Steps between a host and what it should be, as it last said.", f => f.Differences);
        Gauge("nova_addresses", "Addresses that are not free, by state.", f => f.Addresses);
        Gauge("nova_pool_used", "Addresses of a pool that are not free; of the 200 fullest pools.", f => f.PoolsUsed);
        Gauge("nova_pool_size", "Addresses that a pool may hand out; of the same pools.", f => f.PoolsSize);
        Gauge("nova_audit_findings", "What the last audit found, by kind: 0 in a sound cloud.", f => f.Audit);
        Gauge("nova_drift", "Bindings that their host could not make true, as it last reported.", f => f.Drift);
        Gauge("nova_audit_age_seconds", "How long ago the last audit was.", f => f.AuditAge());
    }

    public static void Ignored(int reports)
    {
        if (reports > 0)
        {
            s_stale.Add(reports);
        }
    }

    /// <summary>Null where another silo gives them.</summary>
    public static void Fill(Figures? figures) => s_figures = figures;

    private static void Gauge(string name, string description, Func<Figures, IEnumerable<Measurement<long>>> values) =>
        s_meter.CreateObservableGauge(name, () => s_figures is { } figures ? values(figures) : [], description: description);

    /// <summary>What was last read; empty what was not read yet.</summary>
    public sealed record Figures
    {
        public IReadOnlyList<Measurement<long>> Hosts { get; init; } = [];
        public IReadOnlyList<Measurement<long>> Differences { get; init; } = [];
        public IReadOnlyList<Measurement<long>> Addresses { get; init; } = [];
        public IReadOnlyList<Measurement<long>> PoolsUsed { get; init; } = [];
        public IReadOnlyList<Measurement<long>> PoolsSize { get; init; } = [];
        public IReadOnlyList<Measurement<long>> Audit { get; init; } = [];
        public IReadOnlyList<Measurement<long>> Drift { get; init; } = [];
        public Func<IEnumerable<Measurement<long>>> AuditAge { get; init; } = () => [];
    }
}
