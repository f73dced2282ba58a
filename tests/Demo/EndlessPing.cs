using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace NovaOrleans.Demo;

/// <summary>A ping every 10 ms that goes on until it is asked for its sum.</summary>
internal sealed partial class EndlessPing : IDisposable
{
    private readonly Process _process;

    private EndlessPing(Process process) => _process = process;

    public static EndlessPing Start(Guest from, Guest to)
    {
        string[] arguments = ["netns", "exec", from.Space, "ping", "-n", "-q", "-i", "0.01", "-w", "60", to.Address];
        var start = new ProcessStartInfo("ip", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        return new EndlessPing(Process.Start(start) ?? throw new DemoFault("ping does not start"));
    }

    /// <summary>How many were sent and how many came back.</summary>
    public async Task<(int Sent, int Received)> Sum()
    {
        _ = Native.Kill(_process.Id, Native.Interrupt);
        string output = await _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync();
        Match sum = Summary().Match(output);
        return sum.Success
            ? (Number(sum.Groups[1]), Number(sum.Groups[2]))
            : throw new DemoFault($"ping said: {output}{await _process.StandardError.ReadToEndAsync()}");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("([0-9]+) packets transmitted, ([0-9]+) received")]
    private static partial Regex Summary();
}
