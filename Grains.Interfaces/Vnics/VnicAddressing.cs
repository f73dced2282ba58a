using NovaOrleans.Networks;
using NovaOrleans.Pools;

namespace NovaOrleans.Vnics;

/// <summary>
/// What a VNIC's guest is to know of its network: the seed's dictionary from the rows of card, ports and network.
/// </summary>
public static class VnicAddressing
{
    /// <summary>What a host is told of the network.</summary>
    public static NetworkFacts FactsOf(NetworkView network) => new(
        network.Id, network.Label, network.Links.Bridge, network.Links.BridgeInterface, network.Links.Vlan,
        network.Links.Mtu, network.Links.Firewall, network.Links.Dhcp, network.Injected, network.Extra)
    {
        NetworkHost = network.MultiHost ? null : network.NetworkHost,
        Vpn = network.Vpn is { } vpn ? new VpnForward(vpn.PublicAddress, vpn.PublicPort, vpn.PrivateAddress) : null,
        Domain = network.Links.Domain,
        LeaseSeconds = network.Links.LeaseSeconds,
        TellsMembers = network.TellsMembers,
    };

    /// <summary>
    /// The first port gives the thirteen keys, further ones are additional (D8). Without a port, or on a network
    /// without addresses, there is a MAC and twelve nulls (S139).
    /// </summary>
    public static NetworkInfo InfoOf(MacAddress mac, IReadOnlyList<PortView> ports, NetworkView? network)
    {
        PortView? first = ports.Count > 0 ? ports[0] : null;
        var info = new NetworkInfo(mac)
        {
            Additional =
                [.. ports.Skip(1).Select(p => p.Address?.ToString() ?? p.AddressV6?.ToString()).OfType<string>()],
        };
        if (first?.Address is { } address && network?.Subnet4 is { } four)
        {
            info = info with
            {
                IpAddress = address,
                Cidr = four.Cidr,
                Netmask = four.Cidr.Netmask,
                Gateway = four.Gateway,
                Broadcast = four.Cidr.Broadcast,
                DhcpServer = network.Links.Dhcp == "none" ? null : four.DhcpServer ?? four.Gateway,
                Dns = four.Dns.Count == 0 ? null : string.Join(' ', four.Dns),
            };
        }

        return first?.AddressV6 is { } addressV6 && network?.Subnet6 is { } six
            ? info with
            {
                AddressV6 = addressV6,
                CidrV6 = six.Cidr,
                NetmaskV6 = six.Cidr.Length,
                GatewayV6 = six.Gateway,
                RaServer = six.Gateway is { } gateway ? $"{gateway}/128" : null,
            }
            : info;
    }
}
