using System.Diagnostics;
using System.Text;
using NovaOrleans.Silo.Hosting;
using Xunit.Abstractions;

namespace NovaOrleans.Membership;

/// <summary>The server program itself, as a process that can be killed without a word.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly ITestOutputHelper? _log;
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _data = Directory.CreateTempSubdirectory("nova-silo-").FullName;

    private SiloProcess(string database, ITestOutputHelper? log, IEnumerable<string> arguments)
    {
        _log = log;
        // As in artifacts/bin/Membership.Tests/debug: the other programs are beside this one.
        string here = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);
        string program = Path.Combine(here, "..", "..", "Silo", Path.GetFileName(here), "NovaOrleans.Silo.dll");
        ProcessStartInfo start = new("dotnet", [program, .. arguments, "--data", _data])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NOVA_DATABASE"] = database;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Read;
        _process.ErrorDataReceived += Read;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts a silo without API and waits until it says that it is up.</summary>
    /// <param name="database">Its PostgreSQL database.</param>
    /// <param name="endpoints">Its ports.</param>
    /// <param name="log">Where what it said goes in the end: a test that fails shows it.</param>
    public static async Task<SiloProcess> Start(string database, SiloEndpoints endpoints, ITestOutputHelper log)
    {
        SiloProcess silo = new(
            database,
            log,
            [
                "run", "--role", "silo", "--cluster_id", Member.Cluster, "--service_id", Member.Cluster,
                "--silo_port", $"{endpoints.SiloPort}", "--gateway_port", $"{endpoints.GatewayPort}",
            ]);
        await Task.WhenAny(silo._up.Task, silo._process.WaitForExitAsync()).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(silo._up.Task.IsCompleted, $"the silo ended instead of being up: {silo.Output}");
        return silo;
    }

    /// <summary>Runs a verb to its end and gives its exit code and everything it said.</summary>
    public static async Task<(int Exit, string Output)> Run(string database, params string[] arguments)
    {
        await using SiloProcess process = new(database, null, arguments);
        await process._process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (process._process.ExitCode, process.Output);
    }

    /// <summary>SIGKILL: it says good-bye to nobody.</summary>
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

        _log?.WriteLine($"process {_process.Id} said:\n{Output}");
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private void Read(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }

        if (line.Data?.StartsWith("NovaOrleans is up", StringComparison.Ordinal) == true)
        {
            _up.TrySetResult();
        }
    }
}
