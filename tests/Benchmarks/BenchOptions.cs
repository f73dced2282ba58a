using System.Diagnostics;
using System.Globalization;

namespace NovaOrleans.Benchmarks;

/// <summary>
/// What every verb is told: seconds of each measurement, how many rounds, and how figures are printed: a table for people at a
/// terminal, a JSON line a figure for whatever reads a file or pipe.
/// </summary>
public sealed record BenchOptions(bool Json, bool Quick, int Seconds, int Rounds)
{
    /// <summary>
    /// How often every load is put on a server, as long as it is measured, before the first figure is taken. Code, statements and
    /// connections are warm then: of what a server does in its first half minute half is to compile, and the last of it is compiled when
    /// each load has been there twice.
    /// </summary>
    public const int WarmingRounds = 2;

    private static readonly Stopwatch s_run = Stopwatch.StartNew();

    /// <summary>Agents where agents are measured; null is as many as the verb has.</summary>
    public int? Agents { get; init; }

    /// <summary>Binds a second, where they are measured.</summary>
    public int Rate { get; init; } = 500;

    /// <summary>Whether HTTP is measured of facade and silo as two processes with TLS, too.</summary>
    public bool Split { get; init; }

    /// <summary>A table although the output is a pipe: of the program that runs all verbs at a terminal.</summary>
    public const string Table = "--table";

    public static BenchOptions Parse(string[] arguments)
    {
        bool quick = arguments.Contains("--quick");
        return new BenchOptions(
            arguments.Contains("--json") || (Console.IsOutputRedirected && !arguments.Contains(Table)),
            quick,
            Number(arguments, "--seconds") ?? (quick ? 2 : 10),
            Number(arguments, "--rounds") ?? (quick ? 3 : 5))
        {
            Agents = Number(arguments, "--agents"),
            Rate = Number(arguments, "--rate") ?? 500,
            Split = arguments.Contains("--split"),
        };
    }

    /// <summary>Says what is being done, and after how many seconds of the run; figures alone go to the output.</summary>
    public static void Say(string line) => Console.Error.WriteLine($"{s_run.Elapsed.TotalSeconds,6:F1} s  {line}");

    private static int? Number(string[] arguments, string option)
    {
        int at = Array.IndexOf(arguments, option);
        return at < 0 ? null
            : int.TryParse(arguments.ElementAtOrDefault(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n > 0
                ? n
                : throw new InvalidOperationException($"{option} needs a whole number above 0");
    }
}
