using NovaOrleans.NetworkServices.Kit;

namespace NovaOrleans.NetworkServices.Flat;

/// <summary>Flat networks without DHCP: guests learn their addresses from a file that is written into them.</summary>
public sealed class FlatNetworkService : INetworkService
{
    public ServicePath Path { get; } = ServicePath.Parse("nova.network.flat");
    public string Version => KitVersion.Of(this);
    public int ContractVersion => NetworkServiceContract.Version;

    public IOsService GetOsService(INetworkServiceHost host) =>
        new KitOsService(new ServiceGrains(Path, host), FlatChoice.Networks);

    public IOsApiService GetOsApiService(INetworkServiceHost host) => new KitOsApiService(
        new ServiceGrains(Path, host),
        FlatDesign.Of(FlatOptions.Read(host.Configuration)),
        FlatChoice.Networks);

    public INetAgent GetNetAgent(IHostLink link) => new FlatNetAgent(link);
}
