using System.Diagnostics;
using NovaOrleans.Testing;

namespace NovaOrleans.AgentTests;

/// <summary>An iperf3 server in a guest, for one client.</summary>
internal sealed class Iperf : IDisposable
{
    private readonly Process _process;

    private Iperf(Process process) => _process = process;

    public static async Task<Iperf> Serve(string space)
    {
        ProcessStartInfo start = new("ip", ["netns", "exec", space, "iperf3", "-s", "-1"]) { RedirectStandardOutput = true };
        Iperf server = new(Process.Start(start) ?? throw new InvalidOperationException("iperf3 does not start"));
        await Poll.Until(
            async () => (await Netns.Exec(space, "ss", "-ltn")).Contains(":5201 ", StringComparison.Ordinal), "iperf3 listens");
        return server;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
