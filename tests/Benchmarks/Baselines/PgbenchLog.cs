using System.Globalization;
using NovaOrleans.Benchmarks.Measures;

namespace NovaOrleans.Benchmarks.Baselines;

/// <summary>pgbench's own log: a line a transaction, whose third word is its microseconds.</summary>
public static class PgbenchLog
{
    public static LoadReport Read(IEnumerable<string> lines, double seconds)
    {
        double[] sorted = [.. lines.Select(l => long.Parse(l.Split(' ')[2], CultureInfo.InvariantCulture) / 1000.0).Order()];
        return new LoadReport(sorted.Length, seconds, Quantiles.At(sorted, 0.5), Quantiles.At(sorted, 0.99));
    }
}
