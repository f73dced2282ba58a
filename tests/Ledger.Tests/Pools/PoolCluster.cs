using NovaOrleans.Ledger;
using NovaOrleans.Outcomes;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;
using Orleans.TestingHost;

namespace NovaOrleans.Pools;

/// <summary>One silo over a ledger of its own, and networks made by their rows: a pool needs no other grain.</summary>
public sealed class PoolCluster(TestLedger test) : IAsyncDisposable
{
    public static readonly ServicePath Service = ServicePath.Parse("nova.network.flat");
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

    /// <summary>Ends every activation as a crash would: nothing is asked before, and the rows are all that stays.</summary>
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

    public async Task<NetworkId> Network(
        string? cidr, string? first = null, string? last = null, string? cidrV6 = null, int quarantineSeconds = 30,
        string? gateway = null, string? dhcpServer = null, string? vpn = null)
    {
        NetworkId network = NetworkId.New();
        Outcome made = await Ledger.Commit(async s =>
        {
            await s.Execute(
                """
                insert into networks (uuid, service, label, life, mtu, firewall, dhcp, injected, multi_host, share_address,
                    vpn_public_address, vpn_public_port, vpn_private_address, quarantine_seconds, revision)
                values (@uuid, @service, 'test', 0, 1500, 'nft', 'none', {false}, {false}, {false},
                    @vpn_address, @vpn_port, @vpn, @quarantine, 1)
                """,
                ("uuid", network), ("service", Service), ("vpn_address", vpn is null ? null : "192.0.2.1"),
                ("vpn_port", vpn is null ? null : Random.Shared.Next(1, 60000)), ("vpn", vpn),
                ("quarantine", quarantineSeconds));
            await s.Execute(
                "insert into pools (network_uuid, epoch, open) values (@network, 1, {true})", ("network", network));
            if (cidr is not null)
            {
                Cidr4 four = Cidr4.Parse(cidr);
                await Subnet(s, network, 4, cidr, gateway, dhcpServer,
                    first ?? four.Network.ToString(), last ?? four.Broadcast.ToString());
            }

            if (cidrV6 is not null)
            {
                await Subnet(s, network, 6, cidrV6, null, null, null, null);
            }

            return Outcome.Done;
        });
        Assert.False(made.Refused);
        return network;
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster!.DisposeAsync();
        await test.DisposeAsync();
    }

    private static Task Subnet(
        LedgerSession session, NetworkId network, int family, string cidr, string? gateway, string? dhcpServer,
        string? first, string? last) => session.Execute(
        """
        insert into subnets (uuid, network_uuid, family, position, cidr, gateway, dhcp_server, first, last)
        values (@uuid, @network, @family, 0, @cidr, @gateway, @dhcp, @first, @last)
        """,
        ("uuid", Guid.CreateVersion7()), ("network", network), ("family", family), ("cidr", cidr), ("gateway", gateway),
        ("dhcp", dhcpServer), ("first", first), ("last", last));

    private async Task StartSilo()
    {
        InProcessTestClusterBuilder builder = new(1);
        builder.ConfigureSilo((_, silo) => test.AddTo(silo.Services));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }
}
