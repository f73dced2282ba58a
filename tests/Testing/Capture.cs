using System.Collections.Concurrent;
using System.Diagnostics;

namespace NovaOrleans.Testing;

/// <summary>
/// What passes one link, as tcpdump prints it, a line a frame, with VLAN tags: the kernel takes them off before a raw
/// socket sees them.
/// </summary>
public sealed class Capture : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;
    private readonly TaskCompletionSource _listens = new();

    private Capture(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("listening on", StringComparison.Ordinal) == true)
            {
                _listens.TrySetResult();
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public IReadOnlyCollection<string> Lines => [.. _lines.Where(l => l.Length > 0)];

    /// <summary><paramref name="filter"/> as in pcap-filter(7), a word an argument.</summary>
    public static async Task<Capture> Start(string space, string link, params string[] filter)
    {
        ProcessStartInfo start = new("ip",
        [
            "netns", "exec", space, "tcpdump", "-Z", "root", "-l", "-n", "-e", "--immediate-mode", "-i", link, .. filter,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Capture capture = new(Process.Start(start) ?? throw new InvalidOperationException("tcpdump does not start"));
        await capture._listens.Task.WaitAsync(Poll.UsualLimit);
        return capture;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
