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
    public Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic) =>
        grains.Ledger.CreateDefaultVnic(project, vnic, choice.Free);

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

    public Task<Outcome> BindVnicsToPorts(ProjectId project, IReadOnlyList<VnicId> vnics) =>
        grains.Ledger.BindVnics(project, vnics, choice.Free);

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
}
