using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NovaOrleans.Api;
using NovaOrleans.Ledger;
using NovaOrleans.Silo.Hosting;
using NovaOrleans.Testing;

namespace NovaOrleans.Membership;

/// <summary>Members and clients of a cluster of the test's own, in this process, over a database of its own.</summary>
internal static class Member
{
    public const string Cluster = "nova-test";

    public static async Task<string> Database()
    {
        string connection = await (await PostgresCluster.Instance).CreateDatabase();
        await using LedgerDatabase database = LedgerDatabase.Postgres(connection);
        await LedgerMigrations.Apply(database);
        return connection;
    }

    /// <summary>A silo that is not started yet.</summary>
    public static IHost Silo(string database, SiloEndpoints endpoints)
    {
        HostApplicationBuilder builder = Empty();
        builder.UseOrleans(silo => silo.UseNovaClustering(database, Cluster, Cluster, endpoints));
        return builder.Build();
    }

    public static async Task<IHost> StartSilo(string database, SiloEndpoints endpoints)
    {
        IHost silo = Silo(database, endpoints);
        await silo.StartAsync();
        return silo;
    }

    public static async Task<IHost> StartClient(string database)
    {
        HostApplicationBuilder builder = Empty();
        builder.UseOrleansClient(client => client.UseNovaClustering(database, Cluster, Cluster));
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>Two free ports; nobody else is given them as long as the listeners of other tests are open.</summary>
    public static SiloEndpoints FreeEndpoints()
    {
        using TcpListener silo = new(IPAddress.Loopback, 0);
        using TcpListener gateway = new(IPAddress.Loopback, 0);
        silo.Start();
        gateway.Start();
        return new SiloEndpoints(
            IPAddress.Loopback, ((IPEndPoint)silo.LocalEndpoint).Port, ((IPEndPoint)gateway.LocalEndpoint).Port);
    }

    public static T Get<T>(this IHost host) where T : notnull => host.Services.GetRequiredService<T>();

    private static HostApplicationBuilder Empty()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Error);
        return builder;
    }
}
