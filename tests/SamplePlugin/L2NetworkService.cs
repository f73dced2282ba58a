using NovaOrleans.NetworkServices;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.SamplePlugin;

/// <summary>
/// The smallest useful network service: a bridge and nothing above it. No addresses, no leases, no net-service; a guest gets
/// a card with a MAC (seed S9, S20).
/// </summary>
public sealed class L2NetworkService : INetworkService
{
    public ServicePath Path { get; } = ServicePath.Parse("sample.network.l2");
    public string Version => "1.0.0";
    public int ContractVersion => NetworkServiceContract.Version;

    public IOsService GetOsService(INetworkServiceHost host) => new L2OsService(host.Ledger);
    public IOsApiService GetOsApiService(INetworkServiceHost host) => new L2OsApiService(host.Ledger);
    public INetAgent GetNetAgent(IHostLink link) => new L2NetAgent(link);
}
