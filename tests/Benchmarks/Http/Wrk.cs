using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Http;

/// <summary>Creates of ethernet cards by wrk, a load generator in a process of its own.</summary>
internal sealed partial class Wrk(string url, string script)
{
    /// <summary>Answers per second, and quantiles in milliseconds.</summary>
    public sealed record Report(double Rate, double P50, double P99);

    /// <summary>Makes a /8 network to create cards in, so that no run fills it.</summary>
    public static async Task<Wrk> On(NovaServer server)
    {
        await server.Put("/v1.1/projects/demo/network_service", """{"network_service":"flat_dhcp"}""");
        NovaServer.Answer made = await server.Post(
            "/v1.1/flat_dhcp/networks", """{"network":{"label":"bench","cidr":"10.0.0.0/8"}}""");
        string script = Path.Combine(server.Folder, "create.lua");
        await File.WriteAllTextAsync(script, $"""
            wrk.method = "POST"
            wrk.body = '{JsonBody((string)made.Body!["network"]!["id"]!)}'
            wrk.headers["X-Auth-Token"] = "{server.Token}"
            wrk.headers["X-Project-Id"] = "demo"
            wrk.headers["Content-Type"] = "application/json"
            """);
        return new Wrk(new Uri(server.Address, "/v1.1/flat_dhcp/ethernet_cards").ToString(), script);
    }

    /// <exception cref="InvalidOperationException">An answer was no success: the figure would be of refusals.</exception>
    public async Task<Report> Measure(int connections, int seconds)
    {
        string said = await Run("-t1", $"-c{connections}", $"-d{seconds}s", "--latency", "-s", script, url);
        return said.Contains("Non-2xx", StringComparison.Ordinal)
            ? throw new InvalidOperationException($"not every create succeeded:\n{said}")
            : new Report(Number(Rate().Match(said).Groups[1]), Quantile(said, "50"), Quantile(said, "99"));
    }

    private static async Task<string> Run(params string[] arguments)
    {
        using Process wrk = Process.Start(new ProcessStartInfo("wrk", arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("wrk does not start");
        string said = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        return said;
    }

    private static string JsonBody(string network) => $$$"""{"ethernet_card":{"network_id":"{{{network}}}"}}""";

    private static double Quantile(string said, string percent)
    {
        Match match = Latency().Matches(said).First(m => m.Groups[1].Value == percent);
        double scale = match.Groups[3].Value switch
        {
            "us" => 0.001,
            "ms" => 1,
            _ => 1000,
        };
        return Number(match.Groups[2]) * scale;
    }

    private static double Number(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex Rate();

    [GeneratedRegex(@"(\d+)%\s+([\d.]+)(us|ms|s)")]
    private static partial Regex Latency();
}
