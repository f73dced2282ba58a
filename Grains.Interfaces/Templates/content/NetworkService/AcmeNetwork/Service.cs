using AcmeNetwork.NetAgent;
using AcmeNetwork.NetApi;
using AcmeNetwork.NetService;

namespace AcmeNetwork;

/// <summary>
/// A network for every project, made at its first launch: a bridge on each host that has guests of it, with addresses by DHCP. The one
/// public class; the server finds it by its interface.
/// </summary>
public sealed class Service : INetworkService
{
    public ServicePath Path { get; } = ServicePath.Parse("acme.network.blue");
    public string Version => "0.1.0";
    public int ContractVersion => NetworkServiceContract.Version;

    public IOsService GetOsService(INetworkServiceHost host) => new ProjectNetworks(host.Ledger);
    public IOsApiService GetOsApiService(INetworkServiceHost host) => new NetworkRoutes(host.Ledger);
    public INetAgent GetNetAgent(IHostLink link) => new HostAgent(link);
}
