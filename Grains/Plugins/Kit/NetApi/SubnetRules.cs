using NovaOrleans.Http;
using NovaOrleans.Networks;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// Derives a network's IPv4 and IPv6: who is gateway, who gives leases, what may be handed out (nova behaviours 25,
/// 30, 31). Pure; faults go to the body.
/// </summary>
internal static class SubnetRules
{
    public static Subnet4? Derive(NetworkDesign design, NetworkOrder order, Cidr4 cidr, BodyReader body)
    {
        CheckHost("gateway", order.Gateway, cidr, body);
        CheckHost("dhcp_server", order.DhcpServer, cidr, body);
        Ip4Address? gateway = order.Gateway ?? (design.HostIsGateway ? cidr.Network + 1 : null);
        Ip4Address? dhcpServer = RunsDhcp(design, order) ? order.DhcpServer ?? gateway : null;
        return Allowed(design, order, cidr, body) is { } allowed
            ? new Subnet4(cidr, gateway, dhcpServer, allowed, (order.Dns ?? design.Defaults.Dns).At(dhcpServer))
            : null;
    }

    /// <summary>
    /// A host that advertises the prefix needs an address of it, so that ::1 is its, as .1 is in IPv4, where none is given.
    /// </summary>
    public static Subnet6 Derive(NetworkDesign design, NetworkOrder order, Cidr6 cidr, BodyReader body)
    {
        if (order.GatewayV6 is { } gateway && (!cidr.Contains(gateway) || gateway == cidr.Network))
        {
            body.Reject("gateway_v6", $"{gateway} is no address of a router in {cidr}.");
        }

        Ip6Address first = new(cidr.Network.High, cidr.Network.Low + 1);
        return new Subnet6(cidr, order.GatewayV6 ?? (RunsDhcp(design, order) ? first : null));
    }

    /// <summary>Whether hosts serve the network's guests: leases for IPv4, router advertisements for IPv6.</summary>
    public static bool RunsDhcp(NetworkDesign design, NetworkOrder order) =>
        design.HostIsGateway && order.EnableDhcp != false;

    private static AddressRange? Allowed(NetworkDesign design, NetworkOrder order, Cidr4 cidr, BodyReader body)
    {
        CheckHost("allowed_start", order.AllowedStart, cidr, body);
        CheckHost("allowed_end", order.AllowedEnd, cidr, body);
        Ip4Address first = order.AllowedStart ?? (cidr.Network + design.FirstAddress);
        Ip4Address last = order.AllowedEnd ?? new Ip4Address(cidr.Broadcast.Bits - 1);
        if (order.FixedCidr is { } inner)
        {
            if (!cidr.Contains(inner.Network) || inner.Length < cidr.Length)
            {
                body.Reject("fixed_cidr", $"{inner} is not a part of {cidr}.");
                return null;
            }

            first = first < inner.Network ? inner.Network : first;
            last = last > inner.Broadcast ? inner.Broadcast : last;
        }

        if (AddressRange.TryCreate(first, last, out AddressRange range))
        {
            return range;
        }

        string field = order.AllowedStart is not null || order.AllowedEnd is not null ? "allowed_start"
            : order.FixedCidr is not null ? "fixed_cidr" : order.Count > 1 ? "network_size" : "cidr";
        body.Reject(
            field, $"No address of {cidr} would be left to hand out: the first would be {first}, the last {last}.");
        return null;
    }

    private static void CheckHost(string field, Ip4Address? address, Cidr4 cidr, BodyReader body)
    {
        if (address is { } given && (!cidr.Contains(given) || given == cidr.Network || given == cidr.Broadcast))
        {
            body.Reject(field, $"{given} is no address that a machine in {cidr} can have.");
        }
    }
}
