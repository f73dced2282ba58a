using Vxlan.NetAgent;
using Vxlan.NetApi;
using Vxlan.NetService;

namespace Vxlan;

/// <summary>
/// An overlay: each segment is a network of its own, carried between compute hosts by VXLAN over whatever joins those by IP. Nothing of
/// a segment is known outside of it, so that projects may use the same addresses, or none at all.
/// </summary>
public sealed class VxlanNetworkService : INetworkService
{
    public const string ModulePath = "nova.network.vxlan";

    public ServicePath Path { get; } = ServicePath.Parse(ModulePath);
    public string Version => "1.0.0";
    public int ContractVersion => NetworkServiceContract.Version;

    public IOsService GetOsService(INetworkServiceHost host) => new VxlanOsService(host.Ledger);

    public IOsApiService GetOsApiService(INetworkServiceHost host) => new VxlanOsApiService(
        host.Ledger, host.Grains.GetGrain<ISegmentsGrain>(0), VxlanOptions.From(host.Configuration));

    public INetAgent GetNetAgent(IHostLink link) => new VxlanNetAgent(link);
}
