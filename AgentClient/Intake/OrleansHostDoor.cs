using System.Net;
using Microsoft.Extensions.Hosting;
using NovaOrleans.Connections;
using Orleans.Configuration;

namespace NovaOrleans.Agent;

/// <summary>An Orleans client of the agent's own, which can be thrown away and built anew.</summary>
public sealed class OrleansHostDoor(AgentOptions options, ILoggerFactory logs) : IHostDoor, IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _one = new(1, 1);
    private IHost? _client;
    private IHostObserver? _ear;

    public async Task<IHostGrain> Open(CancellationToken stop)
    {
        await _one.WaitAsync(stop);
        try
        {
            _client ??= await Start(stop);
            return _client.Services.GetRequiredService<IGrainFactory>().GetGrain<IHostGrain>(options.Host);
        }
        finally
        {
            _one.Release();
        }
    }

    public IHostObserver Ear(IHostObserver listener) => _ear ??= (_client
        ?? throw new OperatingFaultException("the connection to the core was just dropped", mayRetry: true))
        .Services.GetRequiredService<IGrainFactory>().CreateObjectReference<IHostObserver>(listener);

    public async Task Rebuild()
    {
        await _one.WaitAsync();
        IHost? before = _client;
        (_client, _ear) = (null, null);
        _one.Release();
        if (before is not null)
        {
            await Drop(before);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Rebuild();
        _one.Dispose();
    }

    private async Task<IHost> Start(CancellationToken stop)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(logs);
        builder.UseOrleansClient(client =>
        {
            if (options.Cluster is { } connection)
            {
                client.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = ("Npgsql", connection));
            }
            else
            {
                client.UseStaticClustering([.. options.Gateways.Select(IPEndPoint.Parse)]);
            }

            client.UseClusterCertificates(options.Certificates);
            client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (options.ClusterId, options.ServiceId));
            client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(5));
        });
        IHost client = builder.Build();
        try
        {
            await client.StartAsync(stop).WaitAsync(StartLimit, stop);
            return client;
        }
        catch
        {
            await Drop(client);
            throw;
        }
    }

    private static async Task Drop(IHost client)
    {
        try
        {
            using CancellationTokenSource limit = new(StopLimit);
            await client.StopAsync(limit.Token).WaitAsync(StopLimit);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException or OrleansException)
        {
            // It is thrown away because it does not answer: that it does not say goodbye either is no news.
        }

        client.Dispose();
    }
}
