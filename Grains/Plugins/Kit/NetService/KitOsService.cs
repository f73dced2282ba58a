using NovaOrleans.Ledger;
using NovaOrleans.Networks;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// What the compute APIs need of a service whose VNICs are ethernet cards and whose ports are fixed IPs. It keeps
/// nothing: cards, ports and networks are decided by their grains.
/// </summary>
public sealed class KitOsService(ServiceGrains grains, NetworkChoice choice) : IOsService
{
    public async Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic)
    {
        if (!(await NetworkFor(project)).Try(out NetworkId network, out Refusal? refusal))
        {
            return refusal;
        }

        Outcome<VnicView> made = await grains.Pool(network).CreateVnic(new CreateVnic(vnic, project, project.Value));
        if (!made.Refused)
        {
            return vnic;
        }

        // The first attempt may have made the card on a network that is no longer the one to choose.
        return await grains.FindVnic(vnic, project) is not null ? vnic : made.Refusal;
    }

    /// <summary>The project's own network or a shared one; another's is not there.</summary>
    public async Task<Outcome<VnicId>> GetVnicIdIn(ProjectId project, VnicId vnic, NetworkId network, Ip4Address? address)
    {
        if (!(await grains.Network(network).Describe()).Try(out NetworkView? view, out _) || view.Service != grains.Service
            || (view.Project != project && !(view.Project is null && choice.Shared)))
        {
            return Refusal.NotFound(RefusalCode.NetworkNotFound, "network", network);
        }

        Outcome<VnicView> made = await grains.Pool(network)
            .CreateVnic(new CreateVnic(vnic, project, project.Value, Address: address));
        return made.Refused ? made.Refusal : vnic;
    }

    public async Task<Outcome> BindVnicsToPorts(ProjectId project, IReadOnlyList<VnicId> vnics)
    {
        IReadOnlyList<VnicView> cards = await grains.Query.VnicsById(vnics);
        Refusal? missing = VnicChecks.Missing(grains.Service, project, vnics, cards);
        if (missing is not null)
        {
            return missing;
        }

        List<VnicView> unplugged = [.. cards.Where(c => c.Ports.Count == 0)];
        if (unplugged.Count == 0)
        {
            return Outcome.Done;
        }

        if (!(await NetworkFor(project)).Try(out NetworkId network, out Refusal? refusal))
        {
            return refusal;
        }

        Outcome<PortView>[] plugged = await Task.WhenAll(unplugged.Select(card =>
            grains.Pool(network).Plug(new PlugVnic(card.Id, card.Mac, project, project.Value))));
        return plugged.FirstOrDefault(p => p.Refused).Refusal is { } first ? first : Outcome.Done;
    }

    public async Task<VpnEndpoint?> GetProjectVpnAddressAndPort(ProjectId project)
    {
        if (!choice.HasVpn)
        {
            return null;
        }

        IReadOnlyList<NetworkView> networks = await grains.Query.Networks(grains.Service, project, new Page());
        return networks.FirstOrDefault(n => n.Project == project && n.Vpn is not null)?.Vpn is { } vpn
            ? new VpnEndpoint(vpn.PublicAddress, vpn.PublicPort)
            : null;
    }

    private Task<Outcome<NetworkId>> NetworkFor(ProjectId project) =>
        grains.Range.NetworkFor(project, choice.TakeFree, choice.Shared);
}
