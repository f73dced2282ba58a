using System.Globalization;

namespace NovaOrleans.Benchmarks;

/// <summary>
/// Seconds of each measurement, and how the figures are printed: a table for people at a terminal, a JSON line a figure for
/// whatever reads a file or pipe.
/// </summary>
public sealed record BenchOptions(bool Json, int Seconds, int Rounds)
{
    public static BenchOptions Parse(string[] arguments)
    {
        int at = Array.IndexOf(arguments, "--seconds");
        bool quick = arguments.Contains("--quick");
        int seconds = at >= 0 ? int.Parse(arguments[at + 1], CultureInfo.InvariantCulture) : quick ? 3 : 10;
        return new BenchOptions(arguments.Contains("--json") || Console.IsOutputRedirected, seconds, Rounds: quick ? 3 : 5);
    }
}
