namespace NovaOrleans.Benchmarks.Measures;

/// <summary>What a load did: how much, how fast, and quantiles of one request in milliseconds.</summary>
public sealed record LoadReport(double Operations, double Seconds, double P50, double P99)
{
    public double Rate => Operations / Seconds;

    /// <summary>Of requests that do many operations each; times stay those of a request.</summary>
    public LoadReport Each(int operations) => this with { Operations = Operations * operations };
}
