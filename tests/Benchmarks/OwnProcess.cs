using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NovaOrleans.Benchmarks;

/// <summary>This program again, as a load: it is told what to do a line at a time and answers each with one.</summary>
internal sealed class OwnProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    /// <summary>What was not measured is no number, and is said as such.</summary>
    private static readonly JsonSerializerOptions s_json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly Process _process;

    private OwnProcess(Process process) => _process = process;

    /// <param name="verb">One that people are not told of.</param>
    /// <param name="arguments">Its own.</param>
    /// <param name="environment">What it has beside ours.</param>
    public static OwnProcess Start(string verb, string[] arguments, params (string Name, string Value)[] environment)
    {
        // Started as `dotnet Program.dll`, or as the program's own file.
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [typeof(OwnProcess).Assembly.Location]
            : [];
        ProcessStartInfo start = new(Environment.ProcessPath!, [.. program, verb, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return new OwnProcess(Process.Start(start)!);
    }

    public async Task<T> Ask<T>(string order)
    {
        await _process.StandardInput.WriteLineAsync(order);
        return await Answer<T>();
    }

    public async Task<T> Answer<T>()
    {
        string line = await _process.StandardOutput.ReadLineAsync().WaitAsync(s_limit)
            ?? throw new InvalidOperationException("the load's process ended: its errors are above");
        return JsonSerializer.Deserialize<T>(line, s_json)!;
    }

    /// <summary>From within it: an answer.</summary>
    public static void Say<T>(T answer) => Console.WriteLine(JsonSerializer.Serialize(answer, s_json));

    public async ValueTask DisposeAsync()
    {
        // There is nothing to end in order: what it has made goes with the server.
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
