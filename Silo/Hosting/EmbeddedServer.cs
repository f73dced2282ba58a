using NovaOrleans.Api;
using NovaOrleans.Hosting;
using NovaOrleans.Ledger;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Projects;
using NovaOrleans.Vocabulary;
using Orleans.Configuration;

namespace NovaOrleans.Silo.Hosting;

/// <summary>Silo and API in one process on the loopback address, and this machine's agent as its child.</summary>
public static class EmbeddedServer
{
    private static readonly ProjectId s_demo = ProjectId.Parse("demo");

    public static async Task Run(SiloOptions options, IConfiguration configuration)
    {
        await LedgerSetup.Sync(options);
        await using WebApplication app = Build(options, configuration);
        await app.StartAsync();
        await app.Services.GetRequiredService<IGrainFactory>()
            .GetGrain<IProjectGrain>(s_demo.Value).Create("Demo", "admin");
        Welcome.Print(options, app.Services.GetRequiredService<NetworkServiceManager>());
        await app.WaitForShutdownAsync();
    }

    private static WebApplication Build(SiloOptions options, IConfiguration configuration)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.UseUrls(options.Urls);
        builder.Logging.ClearProviders().AddSimpleConsole(o =>
            (o.SingleLine, o.TimestampFormat) = (true, "HH:mm:ss "));
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("NovaOrleans", LogLevel.Information)
            // It counts from the machine's start, and so warns once at every start of a silo.
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);

        // Before Orleans is configured: it fixes its types then.
        NetworkServiceLocations locations = NetworkServiceLocations.From(configuration);
        LoadedNetworkServices loaded = NetworkServiceLoader.Load(locations);
        builder.Services.AddNetworkServices(loaded, locations.DefaultService);
        builder.Services.AddNovaGrains();
        builder.Services.AddNovaApi(new NovaApiOptions
        {
            AdminToken = AdminToken.ReadOrCreate(options.TokenFile),
            DefaultProject = s_demo,
        });
        builder.Services.AddSingleton(options);
        builder.Services.AddHostedService<AgentProcess>();
        AddLedger(builder.Services, options);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(options.SiloPort, options.GatewayPort, serviceId: "nova", clusterId: "nova")
            .Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(5))
            .Configure<ClientMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(5)));

        WebApplication app = builder.Build();
        app.MapNovaApi();
        return app;
    }

    private static void AddLedger(IServiceCollection services, SiloOptions options)
    {
        if (options.Database is { } connection)
        {
            services.AddPostgresLedger(connection);
        }
        else
        {
            services.AddSqliteLedger(options.LedgerFile);
        }

        services.AddLedgerGrainStorage(SettingsStorage.Name);
    }
}
