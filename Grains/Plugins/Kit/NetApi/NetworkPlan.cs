using System.Globalization;
using NovaOrleans.Http;
using NovaOrleans.Networks;
using NovaOrleans.NetworkServices.Host;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// From a request to the networks it asks for: reads every field, holds them against each other and against the
/// service's design, and derives the rest. All faults are in the body afterwards; then the networks are of no use.
/// Pure, but for the ids of new networks.
/// </summary>
public static class NetworkPlan
{
    private static readonly string[] s_ofOne =
    [
        "uuid", "vlan", "bridge", "gateway", "gateway_v6", "dhcp_server", "allowed_start", "allowed_end", "fixed_cidr",
    ];

    public static IReadOnlyList<NewNetwork> Read(
        NetworkDesign design, ServicePath service, ProjectId? project, BodyReader body)
    {
        NetworkOrder order = NetworkOrder.Read(body);
        RefuseUseless(design, service, order, body);
        RefuseContradictions(order, body);
        order = ForEach(order, body);
        IReadOnlyList<Cidr4>? four = NetworkCarving.Carve4(order, body);
        IReadOnlyList<Cidr6>? six = NetworkCarving.Carve6(order, body);
        var networks = new List<NewNetwork>();
        for (int i = 0; i < order.Count && (four is not null || six is not null); i++)
        {
            var id = order.Uuid is { } given ? new NetworkId(given) : NetworkId.New();
            Subnet4? subnet4 = four is null ? null : SubnetRules.Derive(design, order, four[i], body);
            Subnet6? subnet6 = six is null ? null : SubnetRules.Derive(design, order, six[i], body);
            networks.Add(Network(design, order, id, i, subnet4, subnet6) with { Project = project });
        }

        return networks;
    }

    private static NewNetwork Network(
        NetworkDesign design, NetworkOrder order, NetworkId id, int index, Subnet4? subnet4, Subnet6? subnet6)
    {
        string label = order.Label is null ? $"{subnet4?.Cidr}" is { Length: > 0 } cidr ? cidr : $"{subnet6?.Cidr}"
            : order.Count == 1 ? order.Label
            : string.Create(CultureInfo.InvariantCulture, $"{order.Label}_{index + 1}");
        bool runsDhcp = SubnetRules.RunsDhcp(design, order);
        var links = new NetworkLinks(
            order.Bridge ?? (design.HasVlan ? null : Bridge.NameOf(id)),
            order.BridgeInterface ?? design.Defaults.BridgeInterface,
            order.Vlan,
            order.Mtu ?? design.Defaults.Mtu,
            order.Firewall ?? "nft",
            runsDhcp ? "dnsmasq" : "none")
        {
            Domain = runsDhcp ? order.DhcpDomain ?? design.Defaults.DhcpDomain : null,
            LeaseSeconds = order.DhcpLeaseTime ?? design.Defaults.DhcpLeaseTime,
        };
        return new NewNetwork(
            id, null, label, links, subnet4, subnet6)
        {
            Injected = design.Injected,
            MultiHost = order.MultiHost,
            ShareAddress = order.ShareAddress,
            // A gateway beside the DHCP server is somebody else's router: answers would not come back through the host.
            Nat = design.HostIsGateway && subnet4 is { Gateway: { } gateway } && (subnet4.DhcpServer ?? gateway) == gateway,
            Priority = order.Priority,
            QuarantineSeconds = order.QuarantineSeconds ?? design.Defaults.QuarantineSeconds,
            VlanFrom = design.HasVlan && order.Vlan is null ? order.VlanStart ?? design.VlanStart : null,
            BridgeFromVlan = design.HasVlan && order.Bridge is null,
            Vpn = design is { VpnAddress: { } offset, VpnPublicAddress: { } address } && subnet4 is not null
                ? new VpnFacts(address, order.VpnStart ?? design.VpnStart, subnet4.Cidr.Network + offset)
                : null,
        };
    }

    /// <summary>A field that this service has no use for is refused: silence would be taken for obedience.</summary>
    private static void RefuseUseless(NetworkDesign design, ServicePath service, NetworkOrder order, BodyReader body)
    {
        if (!design.HasVlan)
        {
            string reason = $"{service} has no VLANs; nova.network.vlan has.";
            Refuse(body, order.Vlan is not null, "vlan", reason);
            Refuse(body, order.VlanStart is not null, "vlan_start", reason);
        }

        if (!design.HostIsGateway)
        {
            string reason = $"{service} gives no leases; nova.network.flat_dhcp and nova.network.vlan do.";
            Refuse(body, order.DhcpServer is not null, "dhcp_server", reason);
            Refuse(body, order.EnableDhcp == true, "enable_dhcp", reason);
            Refuse(body, order.DhcpDomain is not null, "dhcp_domain", reason);
            Refuse(body, order.DhcpLeaseTime is not null, "dhcp_lease_time", reason);
        }

        Refuse(
            body, order is { DhcpServer: not null, EnableDhcp: false }, "dhcp_server",
            "DHCP is switched off by enable_dhcp.");
        Refuse(
            body, order.Dns is { NamesHost: true } && (!SubnetRules.RunsDhcp(design, order) || order.Cidr is null),
            body.Has("dns1") ? "dns1" : "dns2", "Without DHCP no host serves DNS for the network.");
        Refuse(
            body, order.VpnStart is not null && design.VpnPublicAddress is null, "vpn_start",
            design.VpnAddress is null
                ? $"{service} has no VPNs."
                : $"No vpn_public_address is configured for {service}, so its networks have no VPN.");
    }

    /// <summary>
    /// What can only be true of one network is refused where several are asked for, and then left out of each, so that it
    /// is not faulted once more by every other network's range.
    /// </summary>
    private static NetworkOrder ForEach(NetworkOrder order, BodyReader body)
    {
        if (order.Count == 1)
        {
            return order;
        }

        foreach (string field in s_ofOne)
        {
            Refuse(body, body.Has(field), field, string.Create(
                CultureInfo.InvariantCulture,
                $"Field '{field}' can be given for one network only; num_networks is {order.Count}."));
        }

        return order with
        {
            Uuid = null,
            Vlan = null,
            Bridge = null,
            Gateway = null,
            GatewayV6 = null,
            DhcpServer = null,
            AllowedStart = null,
            AllowedEnd = null,
            FixedCidr = null,
        };
    }

    private static void RefuseContradictions(NetworkOrder order, BodyReader body)
    {
        Refuse(
            body, order.Cidr is null && order.CidrV6 is null && !body.Has("cidr") && !body.Has("cidr_v6"), "cidr",
            "A network needs addresses: give cidr, cidr_v6 or both.");
        Refuse(
            body, order is { Vlan: not null, VlanStart: not null }, "vlan_start", "Give vlan or vlan_start, not both.");
        Refuse(
            body, order.VlanStart is { } start && start + order.Count - 1 > VlanTag.Highest, "vlan_start",
            string.Create(
                CultureInfo.InvariantCulture,
                $"From VLAN id {order.VlanStart} there are not {order.Count} up to {VlanTag.Highest}."));
        Refuse(
            body, order.FixedCidr is not null && (order.AllowedStart ?? order.AllowedEnd) is not null, "fixed_cidr",
            "Give fixed_cidr or allowed_start and allowed_end, not both.");
        Refuse(
            body, order is { CidrV6: not null, Mtu: < 1280 }, "mtu", "IPv6 needs an MTU of at least 1280 (RFC 8200).");
        Refuse(
            body, order is { Cidr: null, CidrV6: not null } && (order.Gateway ?? order.DhcpServer) is not null,
            order.Gateway is null ? "dhcp_server" : "gateway",
            "A network without cidr has no IPv4 gateway or DHCP server.");
        Refuse(
            body, order is { CidrV6: null, GatewayV6: not null }, "gateway_v6",
            "A network without cidr_v6 has no IPv6 gateway.");
    }

    private static void Refuse(BodyReader body, bool wrong, string field, string reason)
    {
        if (wrong)
        {
            body.Reject(field, reason);
        }
    }
}
