using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace NovaOrleans.Testing;

/// <summary>A ping every 10 ms from a namespace, which goes on until it is asked what it saw.</summary>
public sealed partial class PingStream : IDisposable
{
    private readonly ConcurrentDictionary<int, bool> _answered = new();
    private readonly Process _process;

    private PingStream(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) =>
        {
            if (Answer().Match(line.Data ?? "") is { Success: true } answer)
            {
                _answered[int.Parse(answer.Groups[1].ValueSpan, CultureInfo.InvariantCulture)] = true;
            }
        };
        process.BeginOutputReadLine();
    }

    public int Answered => _answered.Count;

    public static PingStream Start(string space, string address)
    {
        string[] arguments = ["netns", "exec", space, "ping", "-n", "-i", "0.01", "-w", "300", address];
        ProcessStartInfo start = new("ip", arguments) { RedirectStandardOutput = true };
        return new PingStream(Process.Start(start) ?? throw new InvalidOperationException("ping does not start"));
    }

    /// <summary>How many were answered, and which before the last answer were not.</summary>
    public async Task<(int Answered, IReadOnlyList<int> Lost)> Stop()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        int last = _answered.Keys.DefaultIfEmpty().Max();
        return (_answered.Count, [.. Enumerable.Range(1, last).Where(n => !_answered.ContainsKey(n))]);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    [GeneratedRegex("icmp_seq=([0-9]+) ttl")]
    private static partial Regex Answer();
}
