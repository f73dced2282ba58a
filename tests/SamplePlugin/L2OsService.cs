using NovaOrleans.Ledger;
using NovaOrleans.Networks;
using NovaOrleans.NetworkServices;
using NovaOrleans.Outcomes;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.SamplePlugin;

/// <summary>A launch without VNICs gets a card in a port of the project's own segment; the port has no address.</summary>
internal sealed class L2OsService(ServicePath service, IGrainFactory grains) : IOsService
{
    public async Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic)
    {
        if (!(await Segment(project)).Try(out NetworkId network, out Refusal? refusal))
        {
            return refusal;
        }

        Outcome<VnicView> card = await Pool(network).CreateVnic(new CreateVnic(vnic, project, project.Value));
        return card.Refused ? card.Refusal : vnic;
    }

    public async Task<Outcome> BindVnicsToPorts(ProjectId project, IReadOnlyList<VnicId> vnics)
    {
        foreach (VnicView card in await grains.GetGrain<ILedgerQueryGrain>(0).VnicsById(vnics))
        {
            if (card.Ports.Count > 0)
            {
                continue;
            }

            if (!(await Segment(project)).Try(out NetworkId network, out Refusal? refusal)
                || (refusal = (await Pool(network).Plug(new PlugVnic(card.Id, card.Mac, project, project.Value))).Refusal) is not null)
            {
                return refusal;
            }
        }

        return Outcome.Done;
    }

    public Task<VpnEndpoint?> GetProjectVpnAddressAndPort(ProjectId project) => Task.FromResult<VpnEndpoint?>(null);

    private Task<Outcome<NetworkId>> Segment(ProjectId project) =>
        grains.GetGrain<INetworkRangeGrain>(service.Value).NetworkFor(project, takeFree: false, shared: false);

    private IFixedIpPoolGrain Pool(NetworkId network) => grains.GetGrain<IFixedIpPoolGrain>(network.Value);
}
