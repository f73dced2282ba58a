using Microsoft.Extensions.Options;
using NovaOrleans.Projects;
using Npgsql;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace NovaOrleans.Silo.Hosting;

/// <summary>A silo among others: membership and settings on the PostgreSQL database that also holds the ledger.</summary>
public static class ClusterSetup
{
    private const string Invariant = "Npgsql";

    /// <summary>
    /// Joins the cluster under a stable endpoint: a silo that comes back on the address and ports of its predecessor
    /// declares that one dead at once; on others it would first have to find out. The schema must be there
    /// (<c>db sync</c>).
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="connectionString">The database; Orleans gets a small pool of its own in it.</param>
    /// <param name="clusterId">Whose members find each other.</param>
    /// <param name="serviceId">Whose settings these are; they outlive a cluster id.</param>
    /// <param name="endpoints">Where the other silos and the clients reach this one.</param>
    public static ISiloBuilder UseNovaClustering(
        this ISiloBuilder silo, string connectionString, string clusterId, string serviceId, SiloEndpoints endpoints)
    {
        string own = OwnPool(connectionString);
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (clusterId, serviceId))
            .ConfigureEndpoints(endpoints.Address, endpoints.SiloPort, endpoints.GatewayPort)
            .UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = (Invariant, own))
            .Configure<ClusterMembershipOptions>(FailOver)
            .AddIncomingGrainCallFilter<DatabaseFaults>()
            .AddNovaSettings(own)
            .Services.AddSingleton<IFatalErrorHandler, FatalEnd>();
        return silo;
    }

    /// <summary>
    /// A dead silo is voted out in about 3 s and its grains answer elsewhere within 8. Faster probes have cost a healthy
    /// silo its life on a busy machine. Nobody votes against a silo that said anything within the longest time of a probe times the
    /// probes it may miss: at Orleans' own four times <see cref="ClusterMembershipOptions.ProbeTimeout"/> a frozen silo, whose
    /// connections stay, held its grains for 24 s. When it goes on, it reads that it was given up within the refresh's 5 s, also
    /// where the word that the others sent it is lost.
    /// </summary>
    private static void FailOver(ClusterMembershipOptions options)
    {
        options.ProbeTimeout = TimeSpan.FromSeconds(2);
        options.MaxProbeTimeout = TimeSpan.FromSeconds(2);
        options.NumMissedProbesLimit = 3;
        options.NumVotesForDeathDeclaration = 2;
        options.TableRefreshTimeout = TimeSpan.FromSeconds(5);
    }

    /// <summary>Grain state in Orleans' binary form: a third of the provider's own JSON, and it reads what it wrote.</summary>
    private static ISiloBuilder AddNovaSettings(this ISiloBuilder silo, string connectionString)
    {
        silo.Services.AddOptions<AdoNetGrainStorageOptions>(SettingsStorage.Name).Configure<Serializer>((o, serializer) =>
        {
            (o.Invariant, o.ConnectionString) = (Invariant, connectionString);
            o.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        });
        return silo.AddAdoNetGrainStorage(SettingsStorage.Name, (Action<OptionsBuilder<AdoNetGrainStorageOptions>>?)null);
    }

    /// <summary>Apart from the ledger's connections, so that a busy ledger never keeps a silo from saying that it lives.</summary>
    private static string OwnPool(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "novaorleans-orleans",
            MaxPoolSize = 6,
        }.ConnectionString;
}
