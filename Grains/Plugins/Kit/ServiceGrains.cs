using NovaOrleans.FloatingIps;
using NovaOrleans.Hosts;
using NovaOrleans.Ledger;
using NovaOrleans.Networks;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>The core's grains as one network service sees them: only its own networks and cards.</summary>
public sealed class ServiceGrains(ServicePath service, IGrainFactory grains)
{
    public ServicePath Service { get; } = service;

    public ILedgerQueryGrain Query => grains.GetGrain<ILedgerQueryGrain>(0);

    public INetworkRangeGrain Range => grains.GetGrain<INetworkRangeGrain>(Service.Value);

    public INetworkGrain Network(NetworkId network) => grains.GetGrain<INetworkGrain>(network.Value);

    public IFixedIpPoolGrain Pool(NetworkId network) => grains.GetGrain<IFixedIpPoolGrain>(network.Value);

    public IHostGrain Host(HostName host) => grains.GetGrain<IHostGrain>(host.Value);

    public IFloatingIpPoolGrain FloatingIps(string pool) => grains.GetGrain<IFloatingIpPoolGrain>(pool);

    public IVnicGrain Vnic(VnicId vnic) => grains.GetGrain<IVnicGrain>(vnic.Value);

    /// <summary>The card, or null where it does not live, is of another service, or not the project's.</summary>
    public async Task<VnicView?> FindVnic(VnicId vnic, ProjectId? project) =>
        await Query.VnicsById([vnic]) is [{ } card] && card.Service == Service
        && (project is null || card.Project == project)
            ? card
            : null;
}
