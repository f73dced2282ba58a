using Npgsql;
using Orleans.Configuration;

namespace NovaOrleans.Api;

/// <summary>The facade as a client of a cluster: it finds gateways where the silos say that they are members.</summary>
public static class ClusterSetup
{
    /// <param name="client">The client.</param>
    /// <param name="connectionString">The cluster's PostgreSQL database; the client reads it and writes nothing.</param>
    /// <param name="clusterId">Whose members are asked.</param>
    /// <param name="serviceId">As the silos have it.</param>
    public static IClientBuilder UseNovaClustering(
        this IClientBuilder client, string connectionString, string clusterId, string serviceId)
    {
        var own = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "novaorleans-client",
            MaxPoolSize = 4,
        };
        return client
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (clusterId, serviceId))
            .UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = ("Npgsql", own.ConnectionString))
            // A dead silo's gateway is left at once (its connection breaks); a new silo's is found, and a frozen one's left, this soon.
            .Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2))
            .Configure<ClientMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(5));
    }
}
