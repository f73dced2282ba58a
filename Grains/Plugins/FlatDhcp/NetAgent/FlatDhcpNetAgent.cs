using NovaOrleans.NetworkServices.Kit;

namespace NovaOrleans.NetworkServices.FlatDhcp;

/// <summary>The host is gateway and DHCP server of each flat network that it has VNICs of.</summary>
internal sealed class FlatDhcpNetAgent(IHostLink link) : KitDhcpNetAgent(link);
