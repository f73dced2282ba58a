using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Hosts;

/// <summary>What iperf3 brings from one guest to another: one TCP stream, and the smallest of UDP.</summary>
internal static class Traffic
{
    public static async Task<(double GigabitsPerSecond, double PacketsPerSecond)> Measure(
        string from, string to, string address, int seconds)
    {
        double bits = await Run(from, to, [address, "-t", Text(seconds)], end => end.GetProperty("sum_received").GetProperty("bits_per_second"));
        double packets = await Run(
            from, to, [address, "-t", Text(seconds), "-u", "-b", "0", "-l", "64"],
            end => end.GetProperty("sum").GetProperty("packets"), end => end.GetProperty("sum").GetProperty("lost_packets"));
        return (bits / 1e9, packets / seconds);
    }

    private static async Task<double> Run(
        string from, string to, string[] arguments, Func<JsonElement, JsonElement> value, Func<JsonElement, JsonElement>? less = null)
    {
        using Process server = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", to, "iperf3", "-s", "-1"])
        {
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("iperf3 does not start");
        await Poll.Until(
            async () => (await Netns.Exec(to, "ss", "-ltn")).Contains(":5201 ", StringComparison.Ordinal), "iperf3 listens");
        using JsonDocument report = JsonDocument.Parse(await Netns.Exec(from, "iperf3", ["-J", "-c", .. arguments]));
        if (!server.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            server.Kill();
        }

        JsonElement end = report.RootElement.GetProperty("end");
        return value(end).GetDouble() - (less?.Invoke(end).GetDouble() ?? 0);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
