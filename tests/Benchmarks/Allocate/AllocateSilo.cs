using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NovaOrleans.Hosts;
using NovaOrleans.Projects;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Benchmarks.Allocate;

/// <summary>A silo over a ledger, one /8 network, and the load's process beside it.</summary>
internal sealed class AllocateSilo : IAsyncDisposable
{
    private readonly TestLedger _ledger;
    private readonly IHost _silo;
    private readonly Process _client;

    private AllocateSilo(TestLedger ledger, IHost silo, Process client) =>
        (_ledger, _silo, _client) = (ledger, silo, client);

    public static async Task<AllocateSilo> Start(TestLedger ledger)
    {
        NetworkId network = await new TestNetwork("10.0.0.0/8").Make(ledger.Ledger);
        (int siloPort, int gateway) = (FreePorts.One(), FreePorts.One());
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort, gateway);
            ledger.AddTo(silo.Services).AddSingleton<HostHints>().AddSingleton(new QuotaDefaults());
        });
        IHost host = builder.Build();
        await host.StartAsync();
        return new AllocateSilo(ledger, host, await StartClient(gateway, network));
    }

    public async Task<AllocateClient.Report> Measure(int outstanding, int seconds)
    {
        await _client.StandardInput.WriteLineAsync($"{outstanding} {seconds}");
        string line = await _client.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("the load's process ended: its errors are above");
        return JsonSerializer.Deserialize<AllocateClient.Report>(line)!;
    }

    public async ValueTask DisposeAsync()
    {
        _client.StandardInput.Close();
        await _client.WaitForExitAsync();
        await _silo.StopAsync();
        _silo.Dispose();
        await _ledger.DisposeAsync();
    }

    private static async Task<Process> StartClient(int gateway, NetworkId network)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [typeof(AllocateSilo).Assembly.Location]
            : [];
        foreach (string argument in (string[])[.. program, "allocate-client", $"{gateway}", $"{network}"])
        {
            start.ArgumentList.Add(argument);
        }

        Process client = Process.Start(start)!;
        return await client.StandardOutput.ReadLineAsync() == "ready"
            ? client
            : throw new InvalidOperationException("the load's process did not start: its errors are above");
    }
}
