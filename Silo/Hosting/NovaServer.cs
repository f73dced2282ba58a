using NovaOrleans.Api;
using NovaOrleans.Api.Operations;
using NovaOrleans.Hosting;
using NovaOrleans.Ledger;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Projects;
using NovaOrleans.Silo.Connections;
using NovaOrleans.Vocabulary;
using Orleans.Configuration;

namespace NovaOrleans.Silo.Hosting;

/// <summary>
/// The server process. Embedded: silo and API over one SQLite file on the loopback address, and this machine's agent as its
/// child. With a PostgreSQL database: a member of a cluster, with the API or without.
/// </summary>
public static class NovaServer
{
    private static readonly TimeSpan s_responseTimeout = TimeSpan.FromSeconds(5);
    private static readonly ProjectId s_demo = ProjectId.Parse("demo");

    public static async Task Run(SiloOptions options, IConfiguration configuration)
    {
        using DataFolder? own = options.Database is null ? DataFolder.Take(options.Data) : null;
        await LedgerSetup.Ready(options);
        using IHost host = Build(options, configuration);
        await Orphans.Check(host.Services, options);
        await host.StartAsync();
        if (options.Database is null)
        {
            await host.Services.GetRequiredService<IGrainFactory>()
                .GetGrain<IProjectGrain>(s_demo.Value).Create("Demo", "admin");
        }

        Welcome.Print(options, host.Services.GetRequiredService<NetworkServiceManager>());
        await host.WaitForShutdownAsync();
    }

    private static IHost Build(SiloOptions options, IConfiguration configuration)
    {
        if (options.Role == ServerRole.Silo)
        {
            HostApplicationBuilder silo = Host.CreateApplicationBuilder([HostArguments.NoReload]);
            AddSilo(silo, options, configuration);
            return silo.Build();
        }

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [HostArguments.NoReload] });
        builder.WebHost.UseUrls(options.Urls);
        AddSilo(builder, options, configuration);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddNovaApi(NovaApiOptions.From(
            configuration, AdminToken.ReadOrCreate(options.TokenFile), options.Database is null ? s_demo : null));
        WebApplication app = builder.Build();
        app.MapNovaApi();
        return app;
    }

    private static void AddSilo(IHostApplicationBuilder builder, SiloOptions options, IConfiguration configuration)
    {
        builder.Configuration.AddConfiguration(configuration);
        builder.AddSiloOperations(options);

        // Before Orleans is configured: it fixes its types then.
        NetworkServiceLocations locations = NetworkServiceLocations.From(configuration);
        LoadedNetworkServices loaded = NetworkServiceLoader.Load(locations);
        builder.Services.AddNetworkServices(loaded, locations.DefaultService);
        builder.Services.AddNovaGrains();
        builder.Services.AddSingleton(options.Quotas);
        builder.Services.AddSingleton(options);
        builder.Services.AddHostedService<AgentProcess>();
        builder.UseOrleans(silo => SiloDashboard.AddTo(Cluster(silo, options), options).CarriesTraces(options.Operations)
            .Configure<SiloMessagingOptions>(o => o.ResponseTimeout = s_responseTimeout)
            .Configure<ClientMessagingOptions>(o => o.ResponseTimeout = s_responseTimeout));
    }

    private static ISiloBuilder Cluster(ISiloBuilder silo, SiloOptions options)
    {
        if (options.Database is { } connection)
        {
            silo.Services.AddPostgresLedger(connection);
            return silo.UseNovaClustering(connection, options.ClusterId, options.ServiceId, options.Endpoints)
                .UseClusterCertificates(options.Certificates);
        }

        silo.Services.AddSqliteLedger(options.LedgerFile).AddLedgerGrainStorage(SettingsStorage.Name);
        return silo.UseLocalhostClustering(
            options.Endpoints.SiloPort, options.Endpoints.GatewayPort, null, options.ServiceId, options.ClusterId);
    }
}
