using System.Diagnostics;

namespace NovaOrleans.Demo;

/// <summary>A process of ours that keeps running, its output in a file.</summary>
internal sealed class Child : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Task _copying;

    public string Log { get; }

    public int Id => _process.Id;

    public bool Ended => _process.HasExited;

    private Child(Process process, string log)
    {
        _process = process;
        Log = log;
        _copying = Copy();
    }

    /// <summary>Starts a program that the build made, with the same runtime as this one.</summary>
    public static Child Start(string dll, string log, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [dll, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        Process process = Process.Start(start) ?? throw new DemoFault($"{dll} does not start");
        process.StandardInput.Close();
        return new Child(process, log);
    }

    /// <summary>As a crash would: it gets no chance to tidy up.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _copying;
    }

    public string Tail(int lines = 30) => File.Exists(Log) ? string.Join('\n', File.ReadLines(Log).TakeLast(lines)) : "";

    /// <summary>Asks it to end, and ends it if it does not within a while.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Native.Kill(_process.Id, Native.Terminate);
            using var limit = new CancellationTokenSource(Grace);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        await _copying;
        _process.Dispose();
    }

    private async Task Copy()
    {
        await using var file = new StreamWriter(new FileStream(Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite));
        file.AutoFlush = true;
        var gate = new SemaphoreSlim(1);
        await Task.WhenAll(Lines(_process.StandardOutput), Lines(_process.StandardError));

        async Task Lines(StreamReader from)
        {
            while (await from.ReadLineAsync() is { } line)
            {
                await gate.WaitAsync();
                await file.WriteLineAsync(line);
                gate.Release();
            }
        }
    }
}
