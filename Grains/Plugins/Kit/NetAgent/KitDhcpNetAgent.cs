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
}
