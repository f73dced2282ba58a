using System.Diagnostics;

namespace NovaOrleans.Testing;

/// <summary>One of our programs as a process of its own, from the build's output; its words are kept, and it ends with the test.</summary>
public sealed class NovaProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private NovaProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The build's output folder: the tests themselves are in <c>artifacts/bin/{project}/{configuration}</c>.</summary>
    public static string Artifacts { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", ".."));

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Where the build put a program, of the same configuration as this one.</summary>
    public static string ProgramOf(string project)
    {
        string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string name = project == "Manage" ? "nova-manage" : $"NovaOrleans.{project}";
        return Path.Combine(Artifacts, "bin", project, configuration, $"{name}.dll");
    }

    public static NovaProcess Start(string project, params string[] arguments)
    {
        string program = ProgramOf(project);
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new NovaProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start"));
    }

    /// <summary>What it printed by its end, which must come within the limit.</summary>
    public async Task<(int Exit, string Output, string Errors)> Ended(TimeSpan limit)
    {
        using var patience = new CancellationTokenSource(limit);
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, await _output, await _errors);
    }

    /// <summary><c>kill -9</c>: it gets no chance to tidy up.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Kill();
        }

        _process.Dispose();
    }
}
