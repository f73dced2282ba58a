using Microsoft.Extensions.DependencyInjection;
using NovaOrleans.Hosts;
using NovaOrleans.Ledger;
using NovaOrleans.Projects;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;
using Orleans.TestingHost;

namespace NovaOrleans.Pools;

/// <summary>One silo over a ledger of its own, and networks made by their rows: a pool needs no other grain.</summary>
public sealed class PoolCluster(TestLedger test) : IAsyncDisposable
{
    private InProcessTestCluster? _cluster;

    public TestLedger Test => test;
    public ILedger Ledger => test.Ledger;

    public static async Task<PoolCluster> Start(TestLedger test)
    {
        PoolCluster started = new(test);
        await started.StartSilo();
        return started;
    }

    public IFixedIpPoolGrain Pool(NetworkId network) => _cluster!.Client.GetGrain<IFixedIpPoolGrain>(network.Value);

    /// <summary>
    /// Ends every activation as a crash would: nothing is asked before, and the rows are all that stays.
    /// </summary>
    public async Task Restart()
    {
        await _cluster!.KillSiloAsync(_cluster.Silos[0]);
        await _cluster.DisposeAsync();
        await StartSilo();
    }

    /// <summary>Ends the pool's activation and waits for the next one.</summary>
    public async Task Reactivate(NetworkId network)
    {
        long before = await Epoch(network);
        await _cluster!.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        await Poll.Until(async () =>
        {
            await Pool(network).Describe();
            return await Epoch(network) > before;
        }, "a new activation");
    }

    public Task<long> Epoch(NetworkId network) => Ledger.Read(s => s.QueryOne(
        "select epoch from pools where network_uuid = @network", r => r.Long("epoch"), ("network", network)));

    public Task<NetworkId> Network(string? cidr) => Network(new TestNetwork(cidr));

    public Task<NetworkId> Network(TestNetwork network) => network.Make(Ledger);

    public async ValueTask DisposeAsync()
    {
        await _cluster!.DisposeAsync();
        await test.DisposeAsync();
    }

    private async Task StartSilo()
    {
        InProcessTestClusterBuilder builder = new(1);
        builder.ConfigureSilo((_, silo) =>
            test.AddTo(silo.Services).AddSingleton<HostHints>().AddSingleton(new QuotaDefaults()));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }
}
