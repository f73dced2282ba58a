using System.Diagnostics;
using System.Text.Json;
using NovaOrleans.Benchmarks.Measures;

namespace NovaOrleans.Benchmarks.Http;

/// <summary>A load by wrk, a generator in a process of its own.</summary>
internal sealed class Wrk
{
    private readonly Uri _address;
    private readonly string _script;

    /// <param name="address">The server's.</param>
    /// <param name="folder">Where the script is kept.</param>
    /// <param name="name">Of the script.</param>
    /// <param name="script">See <see cref="WrkScript"/>.</param>
    public Wrk(Uri address, string folder, string name, string script)
    {
        _address = address;
        _script = Path.Combine(folder, $"{name}.lua");
        File.WriteAllText(_script, script);
    }

    /// <summary>Requests, or where they come as pairs these.</summary>
    /// <exception cref="InvalidOperationException">An answer was no success: the figure would be of refusals.</exception>
    public async Task<LoadReport> Measure(int connections, int seconds)
    {
        string said = await Run("-t1", $"-c{connections}", $"-d{seconds}s", "--timeout", "30s", "-s", _script, $"{_address}");
        string line = said.Split('\n').LastOrDefault(l => l.StartsWith('{'))
            ?? throw new InvalidOperationException($"wrk came to no end:\n{said}");
        return Read(line) ?? throw new InvalidOperationException($"not every request succeeded:\n{said}");
    }

    /// <summary>Null where a request failed.</summary>
    internal static LoadReport? Read(string line) => JsonSerializer.Deserialize<Said>(line)! is not { Failed: 0 } said ? null
        // Where nothing was answered in time nothing is known of the time.
        : said.Requests == 0 ? new LoadReport(0, said.Micros / 1e6, double.NaN, double.NaN)
        : new LoadReport(
            said.Pairs > 0 ? said.Pairs : said.Requests, said.Micros / 1e6, said.P50 / 1e3, said.P99 / 1e3);

    private static async Task<string> Run(params string[] arguments)
    {
        using Process wrk = Process.Start(new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("wrk does not start");
        string said = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        return said;
    }

    private sealed record Said(double Requests, double Pairs, double Micros, double P50, double P99, double Failed);
}
