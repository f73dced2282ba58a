using NovaOrleans.Api;
using NovaOrleans.Api.Operations;
using NovaOrleans.Connections;
using NovaOrleans.Hosting;
using NovaOrleans.NetworkServices.Loading;

// The facade as a process of its own: HTTP in front, an Orleans client behind. It listens where --urls says. Settings
// come from the command line or, as the database's connection string with its password should, from NOVA_… in the
// environment.
if (CommandLine.AsksForHelp(args))
{
    Console.WriteLine(Usage.Text);
    return 0;
}

CommandLine line = CommandLine.Read(args, Usage.Text);
string[] given = [.. line.Settings];
WebApplicationBuilder builder = WebApplication.CreateBuilder([.. given, HostArguments.NoReload]);
builder.Configuration.AddEnvironmentVariables("NOVA_").AddCommandLine(given);
IConfiguration settings = builder.Configuration;

List<string> faults = [.. line.Faults];
faults.AddRange(line.Words.Select(w => $"'{w}' is no verb here: the facade has none, it serves. --help lists its options."));
OperationsOptions operations = OperationsOptions.From(settings, faults);
(CertificateFiles? certificates, string? half) = CertificateFiles.From(settings);
faults.AddRange(half is null ? [] : [half]);
if (settings["database"] is not { } database)
{
    faults.Add("--database is missing: the cluster's PostgreSQL, as NOVA_DATABASE or as an option without a password.");
    database = "";
}
else if (ConnectionStrings.FaultOf(database) is { } wrong)
{
    faults.Add(wrong);
}

foreach (string doubt in CommandLine.Doubts(Environment.GetEnvironmentVariables().Keys.Cast<string>(), Usage.Text))
{
    await Console.Error.WriteLineAsync(doubt);
}

if (faults.Count > 0)
{
    await Console.Error.WriteLineAsync(string.Join('\n', faults));
    return 2;
}

try
{
    builder.Services.AddSystemd();
    builder.Logging.AddNovaLogs(operations);
    builder.Services.AddNovaOperations(operations, "nova-api").AddSingleton<IReadiness, ClusterReadiness>();
    builder.Host.UseOrleansClient(client => client.CarriesTraces(operations).UseNovaClustering(
        database, settings["cluster_id"] ?? "nova", settings["service_id"] ?? "nova").UseClusterCertificates(certificates));

    NetworkServiceLocations locations = NetworkServiceLocations.From(settings);
    builder.Services.AddNetworkServices(NetworkServiceLoader.Load(locations), locations.DefaultService);
    builder.Services.AddNovaApi(NovaApiOptions.From(settings));

    await builder.Build().MapNovaApi().RunAsync();
    return 0;
}
catch (Exception e) when (e is OperatingFaultException or FormatException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
