using System.Diagnostics;
using System.Text.Json;

namespace NovaOrleans.Benchmarks.Agents;

/// <summary>This program again, as a load of many agents.</summary>
internal sealed class AgentsProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    private readonly Process _process;

    private AgentsProcess(Process process) => _process = process;

    public static AgentsProcess Start(string database, string network, int from, int count)
    {
        ProcessStartInfo start = new(
            Environment.ProcessPath!, [typeof(AgentsProcess).Assembly.Location, "agents-load", network, $"{from}", $"{count}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // They share its connections, which they need when they look for gateways.
        start.Environment[AgentsLoad.DatabaseVariable] =
            database.Replace("Maximum Pool Size=40", "Maximum Pool Size=4", StringComparison.Ordinal);
        // Memory is measured, and agents run with this collector.
        start.Environment["DOTNET_gcServer"] = "0";
        return new AgentsProcess(Process.Start(start)!);
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
        return JsonSerializer.Deserialize<T>(line)!;
    }

    public async ValueTask DisposeAsync()
    {
        // There is nothing to end in order: the cluster goes with it.
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
