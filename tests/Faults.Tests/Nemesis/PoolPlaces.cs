using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NovaOrleans.Api;
using NovaOrleans.Connections;
using NovaOrleans.Outcomes;
using NovaOrleans.Pools;

namespace NovaOrleans.Faults;

/// <summary>
/// Where the pools are just now, asked as a client of the cluster: which silo has a pool's activation, and which one the entry of
/// the grain directory that leads to it.
/// </summary>
internal sealed class PoolPlaces(IHost client, IReadOnlyList<string> networks) : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    public static async Task<PoolPlaces> Open(string database, Papers papers, IReadOnlyList<string> networks)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.UseOrleansClient(orleans => orleans.UseNovaClustering(database, "nova", "nova")
            .UseClusterCertificates(papers.FilesOf("admin")));
        IHost client = builder.Build();
        await client.StartAsync();
        return new PoolPlaces(client, networks);
    }

    private IGrainFactory Grains => client.Services.GetRequiredService<IGrainFactory>();

    /// <summary>What each pool has on the silo that listens on this port. Asked again until the cluster answers.</summary>
    public async Task<IReadOnlyDictionary<string, PoolPlace>> On(int siloPort)
    {
        Dictionary<string, PoolPlace>? places = null;
        await Poll.Until(
            async () =>
            {
                try
                {
                    places = await Look(siloPort);
                    return true;
                }
                catch (Exception e) when (e is TimeoutException or OrleansException or OperatingFaultException)
                {
                    return false;
                }
            },
            "the cluster says where its pools are", s_limit);
        return places!;
    }

    /// <summary>Of a fault that befalls no silo.</summary>
    public IReadOnlyDictionary<string, PoolPlace> All { get; } = networks.ToDictionary(n => n, _ => PoolPlace.Elsewhere);

    public async ValueTask DisposeAsync()
    {
        await client.StopAsync().WaitAsync(s_limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        client.Dispose();
    }

    /// <summary>
    /// The directory is a ring: an entry is with the silo whose hash is the last one that is not beyond the grain's, and before
    /// the first of them with the last.
    /// </summary>
    internal static T? OwnerOf<T>(int hash, IEnumerable<(int Hash, T Silo)> silos)
    {
        (int Hash, T Silo)[] ring = [.. silos.OrderBy(s => s.Hash)];
        (int Hash, T Silo)[] before = [.. ring.Where(s => s.Hash <= hash)];
        return ring.Length == 0 ? default : (before.Length > 0 ? before : ring)[^1].Silo;
    }

    private async Task<Dictionary<string, PoolPlace>> Look(int siloPort)
    {
        IManagementGrain management = Grains.GetGrain<IManagementGrain>(0);
        (int, int)[] ring =
        [
            .. (await management.GetHosts(onlyActive: true)).Keys.Select(s => (s.GetConsistentHashCode(), s.Endpoint.Port)),
        ];
        (string Network, PoolPlace Place)[] all = await Task.WhenAll(networks.Select(async network =>
        {
            IFixedIpPoolGrain pool = Grains.GetGrain<IFixedIpPoolGrain>(Guid.Parse(network));
            SiloAddress? at = await management.GetActivationAddress(pool);
            int hash = unchecked((int)pool.GetGrainId().GetUniformHashCode());
            return (network, at?.Endpoint.Port == siloPort ? PoolPlace.Activation
                : OwnerOf(hash, ring) == siloPort ? PoolPlace.Entry : PoolPlace.Elsewhere);
        }));
        return all.ToDictionary(p => p.Network, p => p.Place);
    }
}
