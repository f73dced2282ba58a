using NovaOrleans.FloatingIps;
using NovaOrleans.Hosts;
using NovaOrleans.Ledger;
using NovaOrleans.Networks;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>The core's grains as one network service sees them: only its own networks and cards.</summary>
public sealed class ServiceGrains(ServicePath service, INetworkServiceHost host)
{
    public ServicePath Service { get; } = service;

    /// <summary>What the core offers every service; the grains beside it are for what only the built-ins have.</summary>
    public INetworkLedger Ledger => host.Ledger;

    public ILedgerQueryGrain Query => host.Grains.GetGrain<ILedgerQueryGrain>(0);

    public INetworkRangeGrain Range => host.Grains.GetGrain<INetworkRangeGrain>(Service.Value);

    public INetworkGrain Network(NetworkId network) => host.Grains.GetGrain<INetworkGrain>(network.Value);

    public IFixedIpPoolGrain Pool(NetworkId network) => host.Grains.GetGrain<IFixedIpPoolGrain>(network.Value);

    public IHostGrain Host(HostName name) => host.Grains.GetGrain<IHostGrain>(name.Value);

    public IFloatingIpPoolGrain FloatingIps(string pool) => host.Grains.GetGrain<IFloatingIpPoolGrain>(pool);

    public IVnicGrain Vnic(VnicId vnic) => host.Grains.GetGrain<IVnicGrain>(vnic.Value);

    /// <summary>The card, or null where it does not live, is of another service, or not the project's.</summary>
    public async Task<VnicView?> FindVnic(VnicId vnic, ProjectId? project) =>
        await Query.VnicsById([vnic]) is [{ } card] && card.Service == Service
        && (project is null || card.Project == project)
            ? card
            : null;
}
