using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NovaOrleans.Api;
using NovaOrleans.Hosting;
using NovaOrleans.Ledger;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Projects;
using Orleans.Serialization;
using Orleans.TestingHost;

namespace NovaOrleans.Conformance;

/// <summary>
/// The product around one plug-in: a silo with the real grains over an SQLite file and a facade on a real port. One a process:
/// Orleans would find the grains of a plug-in that was loaded for a second one twice.
/// </summary>
internal sealed class TrialServer : IAsyncDisposable
{
    public const string Token = "a-token-for-this-trial";
    private static readonly TimeSpan s_sweep = TimeSpan.FromMilliseconds(200);

    private readonly PlugIn _plugIn;
    private readonly TestLedger _ledger;
    private InProcessTestCluster? _cluster;
    private WebApplication? _app;

    private TrialServer(PlugIn plugIn, TestLedger ledger) => (_plugIn, _ledger) = (plugIn, ledger);

    public LedgerFaultSwitch Faults => _ledger.Faults;
    public ErrorLog Errors { get; } = new();
    public INetworkService Service { get; private set; } = null!;
    public IClusterClient Client => _cluster!.Client;
    public NetworkServiceManager Services => _app!.Services.GetRequiredService<NetworkServiceManager>();
    public Uri Address => new(_app!.Urls.First());
    public ILedgerQueryGrain Query => Client.GetGrain<ILedgerQueryGrain>(0);

    /// <summary>With the rows of a server that was there before, where <paramref name="rows"/> is the folder with them.</summary>
    public static async Task<TrialServer> Start(PlugIn plugIn, LoadedNetworkServices loaded, string? rows)
    {
        var server = new TrialServer(plugIn, await (rows is null ? TestLedger.Sqlite() : TestLedger.SqliteIn(rows)));
        try
        {
            await server.Start(loaded);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>How many cards there are, and how many ports: what somebody has, with a VNIC or without.</summary>
    public async Task<(long Cards, long Ports)> Amounts() => (
        await Count("select count(*) as n from ethernet_cards where not deleted"),
        await Count("select count(*) as n from fixed_ips where not deleted and phase in (1, 2, 6)"));

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        await _ledger.DisposeAsync();
        Errors.Dispose();
    }

    private Task<long> Count(string sql) => _ledger.Ledger.Read(s => s.QueryOne(sql, r => r.Long("n")));

    private async Task Start(LoadedNetworkServices loaded)
    {
        Service = loaded.Services[0];
        var cluster = new InProcessTestClusterBuilder(1);
        // They would be in the folder where the kit is run.
        cluster.Options.ConfigureFileLogging = false;
        cluster.ConfigureSiloHost((_, host) => host.Configuration.AddInMemoryCollection(Settings()));
        cluster.ConfigureClient(client => client.Services.AddSerializer(types =>
        {
            // In the product facade and client are one container.
            foreach (Assembly assembly in loaded.Assemblies)
            {
                types.AddAssembly(assembly);
            }
        }));
        cluster.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(new SweeperOptions { Every = s_sweep, After = TimeSpan.Zero });
            _ledger.AddTo(silo.Services).AddNovaGrains().AddNetworkServices(loaded, _plugIn.Path)
                .AddLedgerGrainStorage(SettingsStorage.Name);
        });
        _cluster = cluster.Build();
        await _cluster.DeployAsync();
        WebApplicationBuilder facade = WebApplication.CreateSlimBuilder();
        facade.WebHost.UseUrls("http://127.0.0.1:0");
        facade.Logging.ClearProviders().AddProvider(Errors);
        facade.Configuration.AddInMemoryCollection(Settings());
        facade.Services.AddSingleton<IGrainFactory>(_cluster.Client);
        facade.Services.AddNetworkServices(loaded, _plugIn.Path);
        facade.Services.AddNovaApi(new NovaApiOptions { AdminToken = Token, DefaultProject = null });
        _app = facade.Build().MapNovaApi();
        await _app.StartAsync();
    }

    private Dictionary<string, string?> Settings() => _plugIn.Script.Settings.ToDictionary(
        s => $"NetworkServices:{_plugIn.Path.ShortName}:{s.Key}", s => (string?)s.Value);
}
