using NovaOrleans.NetworkServices.Host;
using NovaOrleans.NetworkServices.Kit;

namespace NovaOrleans.NetworkServices.Vlan;

/// <summary>
/// As flat_dhcp, and the bridge's uplink is the network's 802.1Q link on the VLAN interface. Without a VLAN interface
/// the bridge has no uplink, and the network ends at the host.
/// </summary>
internal sealed class VlanNetAgent(IHostLink link) : KitDhcpNetAgent(link)
{
    protected override string? UplinkOf(NetworkFacts network) => VlanLinkOf(network)?.Name;

    protected override VlanLink? VlanLinkOf(NetworkFacts network) =>
        network is { Vlan: { } tag, BridgeInterface: { } parent }
            ? new VlanLink(LinkNames.LinkOf(tag), parent, tag, network.Mtu)
            : null;
}
