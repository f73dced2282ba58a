using NovaOrleans.Http;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>Fields that a network's create, its change and the configuration read alike.</summary>
public static class NetworkFields
{
    /// <summary><c>label</c>, also spoken of as <c>name</c>.</summary>
    public static string? Label(BodyReader body)
    {
        string? name = body.Label("name");
        return body.Label("label") ?? name;
    }

    public static int? Mtu(BodyReader body) => body.Integer("mtu", 68, 65535);

    public static int? QuarantineSeconds(BodyReader body) => body.Integer("quarantine_seconds", 0, 86400);

    public static int? VlanStart(BodyReader body) => body.Integer("vlan_start", VlanTag.Lowest, VlanTag.Highest);

    public static int? VpnStart(BodyReader body) => body.Integer("vpn_start", 1, 65535);

    public static string? VpnPublicAddress(BodyReader body) => body.Text(
        "vpn_public_address",
        text => Ip4Address.TryParse(text, out _) || Ip6Address.TryParse(text, out _),
        "an IPv4 or IPv6 address");

    public static string? DhcpDomain(BodyReader body) => body.Text("dhcp_domain", Names.IsDomain, Names.DomainAccepts);

    public static int? DhcpLeaseTime(BodyReader body) => body.Integer("dhcp_lease_time", 120, 604800);

    /// <summary><c>dns1</c> and <c>dns2</c>; null where the body has neither.</summary>
    public static DnsServers? Dns(BodyReader body)
    {
        if (!body.Has("dns1") && !body.Has("dns2"))
        {
            return null;
        }

        string?[] given = [Server(body, "dns1"), Server(body, "dns2")];
        return new DnsServers([.. given.OfType<string>().Distinct()
            .Select(s => s == DnsServers.Host ? (Ip4Address?)null : Ip4Address.Parse(s))]);
    }

    private static string? Server(BodyReader body, string field) => body.Text(
        field, text => text == DnsServers.Host || Ip4Address.TryParse(text, out _),
        $"{Ip4Address.Accepts}, or '{DnsServers.Host}' for the host's own server");
}
