using NovaOrleans.NetworkServices.Kit;

namespace NovaOrleans.NetworkServices.Vlan;

/// <summary>A network with a VLAN of its own for each project, taken when the project first needs one.</summary>
public sealed class VlanNetworkService : INetworkService
{
    public ServicePath Path { get; } = ServicePath.Parse("nova.network.vlan");
    public string Version => KitVersion.Of(this);
    public int ContractVersion => NetworkServiceContract.Version;

    public IOsService GetOsService(INetworkServiceHost host) =>
        new KitOsService(new ServiceGrains(Path, host), VlanChoice.Networks);

    public IOsApiService GetOsApiService(INetworkServiceHost host) => new KitOsApiService(
        new ServiceGrains(Path, host),
        VlanDesign.Of(VlanOptions.Read(host.Configuration)),
        VlanChoice.Networks);

    public INetAgent GetNetAgent(IHostLink link) => new VlanNetAgent(link);
}
