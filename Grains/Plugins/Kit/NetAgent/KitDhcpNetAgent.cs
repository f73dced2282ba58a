using System.Globalization;
using NovaOrleans.NetworkServices.Host;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// A net-agent whose host is gateway and DHCP server of the network: it has that address on the bridge, leases each VNIC that
/// it serves exactly the address that was allocated to it, and advertises the IPv6 prefix that their addresses are made of.
/// </summary>
public class KitDhcpNetAgent(IHostLink link) : KitNetAgent(link)
{
    private const int UsualLeaseSeconds = 86400;

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
            yield return DhcpScope.RouterLinkLocal;
        }
    }

    protected override DhcpScope? DhcpScopeOf(
        NetworkFacts network, string bridge, IReadOnlyList<HostBinding> bindings)
    {
        List<HostBinding> leased =
            [.. bindings.Where(b => b.Info is { IpAddress: not null, Cidr: not null, DhcpServer: not null })];
        NetworkInfo? six = bindings.LastOrDefault(b => b.Info is { CidrV6: not null, GatewayV6: not null })?.Info;
        if (network.Dhcp == "none" || (leased.Count == 0 && six is null))
        {
            return null;
        }

        NetworkInfo? four = leased.Count > 0 ? leased[^1].Info : null;
        return new DhcpScope(
            network.Network,
            bridge,
            four?.Cidr,
            four?.DhcpServer,
            four?.Gateway,
            [.. (four?.Dns ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Ip4Address.Parse)],
            network.Mtu,
            network.LeaseSeconds > 0 ? network.LeaseSeconds : UsualLeaseSeconds,
            [.. leased.Select(HostOf)])
        {
            Domain = network.Domain,
            AdvertisedPrefix = six?.CidrV6,
        };
    }

    private static DhcpHost HostOf(HostBinding binding) =>
        new(binding.Info.MacAddress, binding.Info.IpAddress!.Value, DnsLabel.Of(binding.HostName, binding.Info.IpAddress))
        {
            AddressV6 = binding.Info.AddressV6,
        };

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
