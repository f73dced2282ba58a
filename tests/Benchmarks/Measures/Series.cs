namespace NovaOrleans.Benchmarks.Measures;

/// <summary>What was measured under each name, round after round; a figure is the median of its rounds.</summary>
internal sealed class Series
{
    private readonly Dictionary<string, List<Measured>> _rounds = [];

    public IEnumerable<string> Names => _rounds.Keys;

    public void Add(string name, Measured measured)
    {
        if (!_rounds.TryGetValue(name, out List<Measured>? rounds))
        {
            _rounds[name] = rounds = [];
        }

        rounds.Add(measured);
    }

    public double Rate(string name) => Of(name, m => m.Load.Rate);

    public double P50(string name) => Of(name, m => m.Load.P50);

    public double ProcessorMs(string name) => Of(name, m => m.ProcessorMsEach);

    public double Of(string name, Func<Measured, double> value) => Quantiles.Median(_rounds[name].Select(value));

    /// <summary>Latency and cost of one operation, cost beside the baseline's where there is one.</summary>
    /// <param name="figures">Where to.</param>
    /// <param name="title">What the figures' names begin with.</param>
    /// <param name="name">What was measured.</param>
    /// <param name="baseline">What else was measured, as its baseline.</param>
    /// <param name="promised">Of which of them something is promised.</param>
    public void AddCosts(Figures figures, string title, string name, string? baseline = null, Promised promised = default)
    {
        double? Beside(Func<Measured, double> value) => baseline is null ? null : Of(baseline, value);
        figures.Add($"{title} p50", P50(name), "ms", promised.P50 is null ? null : Beside(m => m.Load.P50), promised.P50);
        figures.Add($"{title} p99", Of(name, m => m.Load.P99), "ms");
        figures.Add($"{title} processor", ProcessorMs(name), "ms/op", Beside(m => m.ProcessorMsEach), promised.Processor);
        if (_rounds[name].TrueForAll(m => m.Work.Wal is not null))
        {
            figures.Add($"{title} database", Of(name, m => m.DatabaseMsEach), "ms/op", Beside(m => m.DatabaseMsEach));
            figures.Add($"{title} wal", Of(name, WalBytes), "B/op", Beside(WalBytes));
            figures.Add($"{title} fsyncs", Of(name, Flushes), "1/op", Beside(Flushes));
        }
    }

    private static double WalBytes(Measured measured) => measured.WalBytesEach ?? double.NaN;

    private static double Flushes(Measured measured) => measured.FlushesEach ?? double.NaN;
}

/// <summary>What is promised of a load's costs, if anything.</summary>
internal readonly record struct Promised(Target? P50, Target? Processor);
