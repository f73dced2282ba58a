using NovaOrleans.Api;
using NovaOrleans.NetworkServices.Loading;
using Orleans.Configuration;

// The facade as a process of its own: HTTP in front, an Orleans client behind. It listens where --urls says. Settings
// come from the command line or, as the database's connection string with its password should, from NOVA_… in the
// environment.
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Configuration.AddEnvironmentVariables("NOVA_").AddCommandLine(args);
IConfiguration settings = builder.Configuration;

builder.Host.UseOrleansClient(client => client
    .Configure<ClusterOptions>(cluster =>
    {
        cluster.ClusterId = settings["cluster_id"] ?? "nova";
        cluster.ServiceId = settings["service_id"] ?? "nova";
    })
    .UseAdoNetClustering(clustering =>
    {
        clustering.Invariant = "Npgsql";
        clustering.ConnectionString = settings["database"]
            ?? throw new InvalidOperationException("Setting database is missing: the cluster's PostgreSQL.");
    })
    .Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(5)));

NetworkServiceLocations locations = NetworkServiceLocations.From(settings);
builder.Services.AddNetworkServices(NetworkServiceLoader.Load(locations), locations.DefaultService);
builder.Services.AddNovaApi(NovaApiOptions.From(settings));

builder.Build().MapNovaApi().Run();
