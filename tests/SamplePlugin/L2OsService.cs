using NovaOrleans.NetworkServices;
using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.SamplePlugin;

/// <summary>A launch without VNICs gets a card in a port of the project's own segment; the port has no address.</summary>
internal sealed class L2OsService(INetworkLedger ledger) : IOsService
{
    public Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic) =>
        ledger.CreateDefaultVnic(project, vnic, FreeNetworks.Leave);

    public Task<Outcome> BindVnicsToPorts(ProjectId project, IReadOnlyList<VnicId> vnics) =>
        ledger.BindVnics(project, vnics, FreeNetworks.Leave);

    public Task<VpnEndpoint?> GetProjectVpnAddressAndPort(ProjectId project) => Task.FromResult<VpnEndpoint?>(null);
}
