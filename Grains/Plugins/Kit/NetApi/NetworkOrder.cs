using NovaOrleans.Http;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// A request for networks (rows R4), each field in its own form and the fields not yet held against each other. Null is
/// what the request left open.
/// </summary>
public sealed record NetworkOrder
{
    /// <summary>How many addresses a carved network has where the request does not say; nova's default.</summary>
    public const int UsualSize = 256;

    public string? Label { get; init; }
    public Cidr4? Cidr { get; init; }
    public Cidr6? CidrV6 { get; init; }
    public int Count { get; init; } = 1;
    public int? Size { get; init; }
    public Ip4Address? Gateway { get; init; }
    public Ip6Address? GatewayV6 { get; init; }
    public DnsServers? Dns { get; init; }
    public Ip4Address? DhcpServer { get; init; }
    public bool? EnableDhcp { get; init; }
    public string? DhcpDomain { get; init; }
    public int? DhcpLeaseTime { get; init; }
    public Ip4Address? AllowedStart { get; init; }
    public Ip4Address? AllowedEnd { get; init; }
    public Cidr4? FixedCidr { get; init; }
    public string? Bridge { get; init; }
    public string? BridgeInterface { get; init; }
    public int? Mtu { get; init; }
    public string? Firewall { get; init; }
    public VlanTag? Vlan { get; init; }
    public int? VlanStart { get; init; }
    public int? VpnStart { get; init; }
    public bool MultiHost { get; init; }
    public bool ShareAddress { get; init; }
    public int? Priority { get; init; }
    public int? QuarantineSeconds { get; init; }
    public Guid? Uuid { get; init; }

    public static NetworkOrder Read(BodyReader body)
    {
        return new NetworkOrder
        {
            Label = NetworkFields.Label(body),
            Cidr = body.Cidr4("cidr"),
            CidrV6 = body.Cidr6("cidr_v6"),
            Count = body.Integer("num_networks", 1, VlanTag.Highest) ?? 1,
            Size = body.Integer("network_size", 4, 1 << 24),
            Gateway = body.Ip4("gateway"),
            GatewayV6 = body.Ip6("gateway_v6"),
            Dns = NetworkFields.Dns(body),
            DhcpServer = body.Ip4("dhcp_server"),
            EnableDhcp = body.Flag("enable_dhcp"),
            DhcpDomain = NetworkFields.DhcpDomain(body),
            DhcpLeaseTime = NetworkFields.DhcpLeaseTime(body),
            AllowedStart = body.Ip4("allowed_start"),
            AllowedEnd = body.Ip4("allowed_end"),
            FixedCidr = body.Cidr4("fixed_cidr"),
            Bridge = body.Link("bridge"),
            BridgeInterface = body.Link("bridge_interface"),
            Mtu = NetworkFields.Mtu(body),
            Firewall = body.OneOf("firewall", "nft", "none"),
            Vlan = body.Vlan("vlan"),
            VlanStart = NetworkFields.VlanStart(body),
            VpnStart = NetworkFields.VpnStart(body),
            MultiHost = body.Flag("multi_host") ?? false,
            ShareAddress = body.Flag("share_address") ?? false,
            Priority = body.Integer("priority", 0, int.MaxValue),
            QuarantineSeconds = NetworkFields.QuarantineSeconds(body),
            Uuid = body.Uuid("uuid"),
        };
    }
}
