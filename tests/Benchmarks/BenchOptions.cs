using System.Globalization;

namespace NovaOrleans.Benchmarks;

/// <summary>
/// Seconds of each measurement, how many agents there are where agents are measured, and how the figures are printed: a table for people at a terminal, a JSON line a figure for
/// whatever reads a file or pipe.
/// </summary>
public sealed record BenchOptions(bool Json, int Seconds, int Rounds, int Agents)
{
    public static BenchOptions Parse(string[] arguments)
    {
        bool quick = arguments.Contains("--quick");
        return new BenchOptions(
            arguments.Contains("--json") || Console.IsOutputRedirected,
            Number(arguments, "--seconds") ?? (quick ? 3 : 10),
            Rounds: quick ? 3 : 5,
            Number(arguments, "--agents") ?? (quick ? 120 : 1200));
    }

    private static int? Number(string[] arguments, string option)
    {
        int at = Array.IndexOf(arguments, option);
        return at >= 0 ? int.Parse(arguments[at + 1], CultureInfo.InvariantCulture) : null;
    }
}
