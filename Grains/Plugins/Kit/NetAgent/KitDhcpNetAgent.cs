using System.Globalization;
using NovaOrleans.NetworkServices.Host;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// A net-agent whose host is gateway and DHCP server of the network: it has that address on the bridge, and leases each
/// VNIC of this host exactly the address that was allocated to it.
/// </summary>
public class KitDhcpNetAgent(IHostLink link) : KitNetAgent(link)
{
    /// <summary>A day, as nova's last default: a lease is fixed anyway, and renewals are only noise.</summary>
    private const int LeaseSeconds = 86400;

    /// <summary>A gateway other than the DHCP server is somebody else's router, and not this host's address.</summary>
    protected override IEnumerable<string> HostAddressesOf(NetworkInfo info)
    {
        if (info.Cidr is { } cidr && (info.DhcpServer ?? info.Gateway) is { } address)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{address}/{cidr.Length}");
        }

        if (info is { CidrV6: { } cidrV6, GatewayV6: { } gatewayV6 })
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{gatewayV6}/{cidrV6.Length}");
        }
    }

    protected override DhcpScope? DhcpScopeOf(
        NetworkFacts network, string bridge, IReadOnlyList<HostBinding> bindings)
    {
        List<HostBinding> leased =
            [.. bindings.Where(b => b.Info is { IpAddress: not null, Cidr: not null, DhcpServer: not null })];
        if (network.Dhcp == "none" || leased.Count == 0)
        {
            return null;
        }

        NetworkInfo info = leased[^1].Info;
        return new DhcpScope(
            network.Network,
            bridge,
            info.Cidr!.Value,
            info.DhcpServer!.Value,
            info.Gateway,
            [.. (info.Dns ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Ip4Address.Parse)],
            network.Mtu,
            LeaseSeconds,
            [.. leased.Select(b => new DhcpHost(b.Info.MacAddress, b.Info.IpAddress!.Value, DnsLabel.Of(b.HostName, b.Info.IpAddress)))]);
    }

    /// <summary>
    /// The host is the way out: a VNIC's floating IPs stand for its fixed ones, the rest leaves as the host, and the project's VPN
    /// is reached at its public port. Not where somebody else's router is the gateway, since answers would go past the host.
    /// </summary>
    protected override HostFragment NatOf(NetworkFacts network, string bridge, IReadOnlyList<HostBinding> bindings)
    {
        HostBinding[] ours = [.. bindings.Where(b => b.Info is { Cidr: not null, Gateway: { } gateway } info
            && (info.DhcpServer ?? gateway) == gateway)];
        return new HostFragment
        {
            FloatingNats = [.. ours.SelectMany(b => b.FloatingIps).Select(f => new FloatingNat(f.Address, f.Fixed, bridge, f.Interface))],
            SourceNats = [.. ours.Select(b => b.Info.Cidr!.Value).Distinct().Select(c => new SourceNat(c, bridge, null, null))],
            PortForwards = network.Vpn is { } vpn && Ip4Address.TryParse(vpn.PublicAddress, out Ip4Address address) && ours.Length > 0
                ? [new PortForward(address, vpn.PublicPort, vpn.PrivateAddress, VpnPort, bridge)]
                : [],
        };
    }

    /// <summary>OpenVPN's, as nova's cloudpipe has it.</summary>
    private const int VpnPort = 1194;
}
