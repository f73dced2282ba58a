using System.ComponentModel;
using System.Diagnostics;

namespace NovaOrleans.Agent.Host;

/// <summary>What a tool answered.</summary>
public sealed record ToolResult(int ExitCode, string Output, string Error)
{
    public bool Good => ExitCode == 0;

    /// <summary>The tool's own words in one line, without blank lines.</summary>
    public string Words => string.Join("; ", Lines(Error));

    /// <summary>Its lines, trimmed, without the empty ones.</summary>
    public static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>
/// The only place that starts a process: a program and a list of arguments, never a shell's line; a time limit, after
/// which it is ended; what it wrote to standard error is part of any complaint.
/// </summary>
public sealed class ProcessRunner(TimeSpan limit)
{
    public static readonly TimeSpan UsualLimit = TimeSpan.FromSeconds(20);

    public ProcessRunner()
        : this(UsualLimit)
    {
    }

    /// <summary>How many were started so far: a phase costs one, not one an object.</summary>
    public long Started => Interlocked.Read(ref _started);

    private long _started;

    /// <param name="program">Found on the PATH.</param>
    /// <param name="arguments">One by one, as the program gets them.</param>
    /// <param name="input">What it reads; null for nothing.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="space">
    /// The network namespace that it is born in. <c>ip netns exec</c> would be a process more, with a mount namespace to make:
    /// 10 ms against less than one.
    /// </param>
    public async Task<ToolResult> Run(
        string program, IReadOnlyList<string> arguments, string? input, CancellationToken stop, string? space = null)
    {
        using Process process = NetworkSpaces.Run(space, () => Start(program, arguments));
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
        ends.CancelAfter(limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(ends.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(ends.Token);
            await Feed(process, input, ends.Token);
            await process.WaitForExitAsync(ends.Token);
            return new ToolResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            stop.ThrowIfCancellationRequested();
            throw new OperatingFaultException($"{program} did not end within {limit.TotalSeconds:0} s", mayRetry: true);
        }
    }

    private Process Start(string program, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            Interlocked.Increment(ref _started);
            return Process.Start(start) ?? throw new InvalidOperationException($"{program} was not started");
        }
        catch (Win32Exception e)
        {
            throw new OperatingFaultException($"{program} cannot be started on this host", mayRetry: false, e);
        }
    }

    private static async Task Feed(Process process, string? input, CancellationToken stop)
    {
        try
        {
            if (input is not null)
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), stop);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The tool ended before it read all of it: its exit code and words say why.
        }
    }
}
