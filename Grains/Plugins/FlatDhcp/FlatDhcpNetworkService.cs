using NovaOrleans.NetworkServices.Kit;

namespace NovaOrleans.NetworkServices.FlatDhcp;

/// <summary>Flat networks with DHCP: the compute host is gateway and DHCP server.</summary>
public sealed class FlatDhcpNetworkService : INetworkService
{
    public ServicePath Path { get; } = ServicePath.Parse("nova.network.flat_dhcp");
    public string Version => KitVersion.Of(this);
    public int ContractVersion => NetworkServiceContract.Version;

    public IOsService GetOsService(INetworkServiceHost host) =>
        new KitOsService(new ServiceGrains(Path, host), FlatDhcpChoice.Networks);

    public IOsApiService GetOsApiService(INetworkServiceHost host) => new KitOsApiService(
        new ServiceGrains(Path, host),
        FlatDhcpDesign.Of(FlatDhcpOptions.Read(host.Configuration)),
        FlatDhcpChoice.Networks);

    public INetAgent GetNetAgent(IHostLink link) => new FlatDhcpNetAgent(link);
}
