using System.Globalization;

namespace NovaOrleans.Benchmarks.Measures;

/// <summary>What a process has in memory, in bytes.</summary>
internal static class ResidentMemory
{
    public static double OfThis => Of("self");

    public static double Of(int process) => Of(process.ToString(CultureInfo.InvariantCulture));

    private static double Of(string process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024.0 * double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }
}
