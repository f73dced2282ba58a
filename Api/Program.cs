using NovaOrleans.Api;
using NovaOrleans.Api.Callers.Keystone;
using NovaOrleans.Api.Operations;
using NovaOrleans.Connections;
using NovaOrleans.Hosting;
using NovaOrleans.NetworkServices.Loading;

// The facade as a process of its own: HTTP in front, an Orleans client behind. It listens where --urls says. Settings
// come from the command line or, as the database's connection string with its password should, from NOVA_… in the
// environment.
if (Usage.IsAskedFor(args))
{
    Console.WriteLine(Usage.Text);
    return 0;
}

if (KeystoneOptions.IsPasswordIn(args))
{
    throw new InvalidOperationException(KeystoneOptions.PasswordFault);
}

WebApplicationBuilder builder = WebApplication.CreateBuilder([.. args, HostArguments.NoReload]);
builder.Configuration.AddEnvironmentVariables("NOVA_").AddCommandLine(args);
IConfiguration settings = builder.Configuration;

List<string> faults = [];
OperationsOptions operations = OperationsOptions.From(settings, faults);
if (faults.Count > 0)
{
    await Console.Error.WriteLineAsync(string.Join('\n', faults));
    return 2;
}

builder.Services.AddSystemd();
builder.Logging.AddNovaLogs(operations);
builder.Services.AddNovaOperations(operations, "nova-api").AddSingleton<IReadiness, ClusterReadiness>();
string database = settings["database"] ?? throw new InvalidOperationException(
    "Setting database is missing: the cluster's PostgreSQL, as NOVA_DATABASE or --database without a password.");
(CertificateFiles? certificates, string? missing) = CertificateFiles.From(settings);
if (missing is not null)
{
    throw new InvalidOperationException(missing);
}

builder.Host.UseOrleansClient(client => client.CarriesTraces(operations).UseNovaClustering(
    database, settings["cluster_id"] ?? "nova", settings["service_id"] ?? "nova").UseClusterCertificates(certificates));

NetworkServiceLocations locations = NetworkServiceLocations.From(settings);
builder.Services.AddNetworkServices(NetworkServiceLoader.Load(locations), locations.DefaultService);
builder.Services.AddNovaApi(NovaApiOptions.From(settings));

await builder.Build().MapNovaApi().RunAsync();
return 0;
