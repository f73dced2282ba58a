using Microsoft.Extensions.DependencyInjection;
using NovaOrleans.Hosting;
using NovaOrleans.NetworkServices.Loading;
using NovaOrleans.Projects;
using Orleans.TestingHost;

namespace NovaOrleans;

/// <summary>
/// One silo with all grains over a ledger of its own, two small network services, and the words in which these tests speak of
/// them. What a silo's death cuts off is swept at once here.
/// </summary>
public sealed class Cloud : IAsyncDisposable
{
    public static readonly ServicePath Flat = ServicePath.Parse("test.net.flat");
    public static readonly ServicePath Vlan = ServicePath.Parse("test.net.vlan");
    public static readonly ServicePath Troubled = ServicePath.Parse("test.net.troubled");
    public static readonly ProjectId Blue = ProjectId.Parse("blue");
    public static readonly ProjectId Red = ProjectId.Parse("red");

    private readonly TestLedger _ledger;
    private InProcessTestCluster? _cluster;
    private int _bindings;

    private Cloud(TestLedger ledger) => _ledger = ledger;

    public IGrainFactory Grains => _cluster!.Client;
    public IClusterClient Client => _cluster!.Client;
    public LedgerFaultSwitch Faults => _ledger.Faults;
    public ILedger Ledger => _ledger.Ledger;
    /// <summary>Something that the silo has.</summary>
    public T Service<T>() where T : notnull => _cluster!.Silos[0].ServiceProvider.GetRequiredService<T>();

    /// <summary>How often the flat service was asked to bind.</summary>
    public int Bindings => Volatile.Read(ref _bindings);

    public ILedgerQueryGrain Query => Grains.GetGrain<ILedgerQueryGrain>(0);

    public static async Task<Cloud> Start(TestLedger ledger)
    {
        var cloud = new Cloud(ledger);
        await cloud.StartSilo();
        return cloud;
    }

    /// <summary>Ends the silo as a crash would, and starts another one over the same rows.</summary>
    public async Task Restart()
    {
        await _cluster!.KillSiloAsync(_cluster.Silos[0]);
        await _cluster.DisposeAsync();
        await StartSilo();
    }

    public INetworkGrain Network(NetworkId id) => Grains.GetGrain<INetworkGrain>(id.Value);
    public IFixedIpPoolGrain Pool(NetworkId id) => Grains.GetGrain<IFixedIpPoolGrain>(id.Value);
    public IVnicGrain Vnic(VnicId id) => Grains.GetGrain<IVnicGrain>(id.Value);
    public IInstanceGrain Instance(InstanceId id) => Grains.GetGrain<IInstanceGrain>(id.Value);
    public IHostGrain Host(string name) => Grains.GetGrain<IHostGrain>(name);
    public INetworkRangeGrain Range(ServicePath service) => Grains.GetGrain<INetworkRangeGrain>(service.Value);

    /// <summary>A network of the flat service with its gateway at the first address, for no project in particular.</summary>
    public async Task<NetworkId> MakeNetwork(string cidr = "10.0.0.0/24", int quarantineSeconds = 30) =>
        (await Range(Flat).Create(new CreateNetworks(Flat, "op", null, [NewNetwork(cidr, quarantineSeconds)]))).Value[0].Id;

    public static NewNetwork NewNetwork(string cidr, int quarantineSeconds = 30, string label = "net")
    {
        var four = Cidr4.Parse(cidr);
        Assert.True(AddressRange.TryCreate(four.Network + 2, four.Broadcast, out AddressRange allowed));
        return new NewNetwork(
            NetworkId.New(), null, label, new NetworkLinks(null, null, null),
            new Subnet4(four, four.Network + 1, null, allowed, []), null)
        {
            QuarantineSeconds = quarantineSeconds,
        };
    }

    public async Task<VnicView> MakeCard(ProjectId? project = null, ServicePath? service = null) =>
        (await Vnic(VnicId.New()).Create(new CreateCard(service ?? Flat, project ?? Blue, "ann"))).Value;

    public static CreateInstance Launch(params VnicId[] vnics) => new(Blue, Flat, "vm", vnics, [], "ann");

    /// <summary>An instance that its host has confirmed.</summary>
    public async Task<InstanceView> MakeActive(TestHost host, params VnicId[] vnics)
    {
        var id = InstanceId.New();
        Outcome<InstanceView> made = await Instance(id).Create(Launch(vnics) with { Host = host.Name });
        Assert.Null(made.Refusal);
        await host.Until(async () => await StatusOf(id) == InstanceStatus.Active, "the instance is active");
        return (await Instance(id).Describe()).Value;
    }

    /// <summary>Null where there is none.</summary>
    public async Task<InstanceStatus?> StatusOf(InstanceId id) =>
        (await Instance(id).Describe()).Try(out InstanceView? view, out _) ? view.Status : null;

    /// <summary>No duplicate, leak or orphan; the findings say which.</summary>
    public async Task AssertSound()
    {
        AuditView audit = await Query.Audit();
        Assert.Empty(audit.Findings);
        Assert.Equal((0, 0, 0), (audit.DuplicateAddresses, audit.Leaks, audit.OrphanBindings));
    }

    /// <summary>Nothing is under way: every instance is settled, no network is closing, and every outcome was taken.</summary>
    public async Task<bool> IsSettled() => await Ledger.Read(s => s.QueryOne(
        """
        select (select count(*) from instances where not deleted and status in (0, 2))
             + (select count(*) from networks where not deleted and life = 1)
             + (select count(*) from host_bindings where outcome is not null and not told) as n
        """,
        r => r.Long("n"))) == 0;

    public Task UntilSettled() => Poll.Until(IsSettled, "nothing is under way");

    /// <inheritdoc cref="LedgerFaultSwitch.CutOff"/>
    public Task<bool> CutOff(int commit, Func<Task> work, bool acknowledgementLost = false) =>
        Faults.CutOff(commit, work, acknowledgementLost);

    public bool WasCutOff => Faults.WasCutOff;

    /// <summary>Repeats what may be repeated, as a client does after an unknown outcome.</summary>
    public static async Task Again(Func<Task<Outcome>> work)
    {
        Outcome? outcome = null;
        await Poll.Until(
            async () =>
            {
                try
                {
                    outcome = await work();
                    return true;
                }
                catch (OperatingFaultException e) when (e.MayRetry)
                {
                    return false;
                }
            },
            "it can be done");
        Assert.Null(outcome!.Value.Refusal);
    }

    public async ValueTask DisposeAsync()
    {
        Faults.Before = null;
        await _cluster!.DisposeAsync();
        await _ledger.DisposeAsync();
    }

    private async Task StartSilo()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            var services = new LoadedNetworkServices(
                [
                    new PlainNetworkService(Flat, takeFree: false) { BeforeBinding = () => Interlocked.Increment(ref _bindings) },
                    new PlainNetworkService(Vlan, takeFree: true),
                    new PlainNetworkService(Troubled, takeFree: false) { BeforeBinding = () => throw new InvalidOperationException("no bridge today") },
                ],
                [], []);
            silo.Services.AddSingleton(new SweeperOptions { Every = TimeSpan.FromMilliseconds(200), After = TimeSpan.Zero });
            _ledger.AddTo(silo.Services).AddNovaGrains().AddNetworkServices(services, Flat)
                .AddLedgerGrainStorage(SettingsStorage.Name);
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }
}
