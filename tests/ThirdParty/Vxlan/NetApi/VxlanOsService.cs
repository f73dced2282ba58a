namespace Vxlan.NetApi;

/// <summary>A launch that says nothing gets an endpoint in the project's oldest segment; a segment is one project's.</summary>
internal sealed class VxlanOsService(INetworkLedger ledger) : IOsService
{
    public Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic) =>
        ledger.CreateDefaultVnic(project, vnic, FreeNetworks.Leave);

    public async Task<Outcome<VnicId>> GetVnicIdIn(ProjectId project, VnicId vnic, NetworkId network, Ip4Address? address)
    {
        Outcome<LedgerVnic> made = await ledger.CreateVnic(
            Asker.Of(project), new VnicDraft(vnic, project) { Network = network, Address = address });
        return made.Refused ? made.Refusal : vnic;
    }

    public Task<Outcome> BindVnicsToPorts(ProjectId project, IReadOnlyList<VnicId> vnics) =>
        ledger.BindVnics(project, vnics, FreeNetworks.Leave);

    public Task<VpnEndpoint?> GetProjectVpnAddressAndPort(ProjectId project) => Task.FromResult<VpnEndpoint?>(null);
}
