namespace NovaOrleans.NetworkServices;

/// <summary>
/// The seed's thirteen keys (S137 to S139), null where a service has nothing to say: an L2 network gives a MAC and twelve
/// nulls. <see cref="Dns"/> is a space-joined list (D9), <see cref="RaServer"/> is the IPv6 gateway with "/128" (D10).
/// Further fixed IPs of the VNIC are in <see cref="Additional"/> (D8).
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.NetworkInfo")]
public sealed record NetworkInfo(
    MacAddress MacAddress,
    Ip4Address? IpAddress = null,
    Cidr4? Cidr = null,
    Ip4Address? Netmask = null,
    Ip4Address? Gateway = null,
    Ip4Address? Broadcast = null,
    Ip4Address? DhcpServer = null,
    string? Dns = null)
{
    [Id(20)]
    public Ip6Address? AddressV6 { get; init; }

    [Id(21)]
    public Cidr6? CidrV6 { get; init; }

    [Id(22)]
    public int? NetmaskV6 { get; init; }

    [Id(23)]
    public Ip6Address? GatewayV6 { get; init; }

    [Id(24)]
    public string? RaServer { get; init; }

    [Id(25)]
    public IReadOnlyList<string> Additional { get; init; } = [];

    /// <summary>Whether the address, as text, is one of the VNIC's.</summary>
    public bool Names(string? address) => address is not null
        && (IpAddress?.ToString() == address || AddressV6?.ToString() == address || Additional.Contains(address));

    /// <summary>The seed's dictionary: exactly these thirteen names, in its order (S138).</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> ToDictionary() =>
    [
        new("cidr", Cidr?.ToString()),
        new("cidr_v6", CidrV6?.ToString()),
        new("netmask", Netmask?.ToString()),
        new("netmask_v6", NetmaskV6?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        new("gateway", Gateway?.ToString()),
        new("gateway_v6", GatewayV6?.ToString()),
        new("dhcp_server", DhcpServer?.ToString()),
        new("broadcast", Broadcast?.ToString()),
        new("dns", Dns),
        new("ra_server", RaServer),
        new("mac_address", MacAddress.ToString()),
        new("ip_address", IpAddress?.ToString()),
        new("address_v6", AddressV6?.ToString()),
    ];
}
