using System.Diagnostics;
using System.Globalization;
using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Inner;

/// <summary>
/// The inner pieces alone, by BenchmarkDotNet: a program of its own, so that nobody else carries that library. It prints a line a
/// benchmark, which become figures here.
/// </summary>
internal static class InnerVerb
{
    public static async Task<int> Run(BenchOptions options)
    {
        ProcessStartInfo start = new("dotnet", [NovaProcess.ProgramOf("InnerBenchmarks"), .. options.Quick ? (string[])["--quick"] : []])
        {
            RedirectStandardOutput = true,
        };
        using Process inner = Process.Start(start)!;
        Figures figures = new(options.Json);
        while (await inner.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split('\t') is [var name, var nanoseconds, var bytes])
            {
                figures.Add($"inner {name}", double.Parse(nanoseconds, CultureInfo.InvariantCulture), "ns");
                figures.Add($"inner {name}, allocated", double.Parse(bytes, CultureInfo.InvariantCulture), "B");
            }
        }

        await inner.WaitForExitAsync();
        figures.AtMost("inner benchmarks that failed", inner.ExitCode, "", 0);
        return figures.Close();
    }
}
