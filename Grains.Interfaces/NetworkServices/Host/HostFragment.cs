namespace NovaOrleans.NetworkServices.Host;

/// <summary>
/// A piece of the desired host in the kernel's words, as one net-agent makes it; the agent joins the pieces of all
/// services. Two pieces may name the same bridge, VLAN or VXLAN link if they describe it alike; otherwise it is a fault of the
/// later one, reported, and the rest still applies.
/// </summary>
public sealed record HostFragment
{
    public static HostFragment Empty { get; } = new();

    public IReadOnlyList<VlanLink> VlanLinks { get; init; } = [];
    public IReadOnlyList<VxlanLink> VxlanLinks { get; init; } = [];
    public IReadOnlyList<Bridge> Bridges { get; init; } = [];
    public IReadOnlyList<GuestPort> Ports { get; init; } = [];
    public IReadOnlyList<PortGuard> Guards { get; init; } = [];
    public IReadOnlyList<DhcpScope> DhcpScopes { get; init; } = [];
    public IReadOnlyList<FloatingNat> FloatingNats { get; init; } = [];
    public IReadOnlyList<SourceNat> SourceNats { get; init; } = [];
    public IReadOnlyList<PortForward> PortForwards { get; init; } = [];
}

/// <summary>
/// A Linux bridge. An operator's bridge of this name is used as it is and never changed; a missing one is made, marked
/// as ours, and removed after its last port. <paramref name="Addresses"/> are the host's own on it, with prefix length
/// (<c>10.0.0.1/24</c>); <paramref name="Uplink"/> is the link to enslave, or null for a bridge without one.
/// </summary>
public sealed record Bridge(string Name, int Mtu, string? Uplink, IReadOnlyList<string> Addresses)
{
    /// <summary>
    /// Whether every host that carries the network has these addresses, so that nobody hears of them, or of DHCP, over
    /// the uplink. False for a host that alone has them and serves the others' guests.
    /// </summary>
    public bool SharesAddresses { get; init; } = true;

    /// <summary>
    /// A network's own bridge, <c>nvbr</c> and the last eight digits of its id, for a network that names none. nova put every flat
    /// network without a bridge on <c>br100</c>, and so two tenants on one wire; here that takes naming the same bridge twice.
    /// </summary>
    public static string NameOf(NetworkId network) => "nvbr" + network.Value.ToString("N")[^8..];

    public bool Equals(Bridge? other) => other is not null && Name == other.Name && Mtu == other.Mtu
        && Uplink == other.Uplink && SharesAddresses == other.SharesAddresses && Addresses.SequenceEqual(other.Addresses);

    public override int GetHashCode() => HashCode.Combine(Name, Mtu, Uplink, Addresses.Count);
}

/// <summary>An 802.1Q sub-interface of <paramref name="Parent"/>.</summary>
public sealed record VlanLink(string Name, string Parent, VlanTag Tag, int Mtu);

/// <summary>
/// The host's end of a VNIC: a veth or tap (the compute driver decides which) named <paramref name="Name"/> on
/// <paramref name="Bridge"/>; the guest's end is NIC number <paramref name="NicIndex"/> with <paramref name="Mac"/>.
/// </summary>
public sealed record GuestPort(
    string Name, VnicId Vnic, InstanceId Instance, int NicIndex, string Bridge, MacAddress Mac, int Mtu)
{
    /// <summary>Port state ACTIVE (R16); false is DOWN, and nothing passes in either direction.</summary>
    public bool Up { get; init; } = true;

    /// <summary>A port's link name is derived from its VNIC alone, so that it is the same after any restart.</summary>
    public static string NameOf(VnicId vnic) => "nv" + vnic.Value.ToString("N")[^12..];
}

/// <summary>
/// What may come out of a port (anti-spoofing): this MAC, these addresses, ARP for them, DHCP requests; neither DHCP
/// answers nor router advertisements nor other ethertypes. Loaded before the link exists.
/// </summary>
public sealed record PortGuard(
    string Port, MacAddress Mac, IReadOnlyList<Ip4Address> Addresses, IReadOnlyList<Ip6Address> AddressesV6)
{
    /// <summary>The groups whose rules say what may come in to the port; none leaves it open.</summary>
    public IReadOnlyList<SecurityGroupId> SecurityGroups { get; init; } = [];

    public bool Equals(PortGuard? other) => other is not null && Port == other.Port && Mac == other.Mac
        && Addresses.SequenceEqual(other.Addresses) && AddressesV6.SequenceEqual(other.AddressesV6)
        && SecurityGroups.SequenceEqual(other.SecurityGroups);

    public override int GetHashCode() => HashCode.Combine(Port, Mac, Addresses.Count, AddressesV6.Count);
}

/// <summary>
/// What one network's guests are served on one bridge: fixed leases only, unknown cards get nothing.
/// <paramref name="Cidr"/> and <paramref name="Server"/>, the host's address on the bridge, are null where there is no IPv4;
/// <paramref name="Router"/> null means that no default route is offered; <paramref name="LeaseSeconds"/> at least 120.
/// Where the server itself is among <paramref name="DnsServers"/> it answers for the names of its hosts, and asks the
/// others, or the host's own resolvers where it is the only one.
/// </summary>
public sealed record DhcpScope(
    NetworkId Network,
    string Bridge,
    Cidr4? Cidr,
    Ip4Address? Server,
    Ip4Address? Router,
    IReadOnlyList<Ip4Address> DnsServers,
    int Mtu,
    int LeaseSeconds,
    IReadOnlyList<DhcpHost> Hosts)
{
    /// <summary>The DNS domain of the guests' names, as in <c>novalocal</c>; null for none.</summary>
    public string? Domain { get; init; }

    /// <summary>
    /// The /64 that is advertised, so that guests make their addresses themselves (SLAAC); null for none. The host is a
    /// router on the bridge then, with an address of the prefix and <see cref="RouterLinkLocal"/>.
    /// </summary>
    public Cidr6? AdvertisedPrefix { get; init; }

    /// <summary>The host's link-local address on every bridge on which it is an IPv6 router, as a bridge's address.</summary>
    public const string RouterLinkLocal = "fe80::1/64";

    public bool ServesDns => Server is { } server && DnsServers.Contains(server);

    public bool SameServer(DhcpScope other) => Network == other.Network && Bridge == other.Bridge && Cidr == other.Cidr
        && Server == other.Server && Router == other.Router && DnsServers.SequenceEqual(other.DnsServers)
        && Mtu == other.Mtu && LeaseSeconds == other.LeaseSeconds && Domain == other.Domain
        && AdvertisedPrefix == other.AdvertisedPrefix;

    public bool Equals(DhcpScope? other) =>
        other is not null && SameServer(other) && Hosts.SequenceEqual(other.Hosts);

    public override int GetHashCode() => HashCode.Combine(Network, Bridge, Cidr, Server, Hosts.Count);
}

/// <summary>One fixed lease. The name is a DNS label (RFC 1035), at most 63 characters.</summary>
public sealed record DhcpHost(MacAddress Mac, Ip4Address Address, string Name)
{
    /// <summary>The address that the guest makes of its MAC, for its name; null where it makes none.</summary>
    public Ip6Address? AddressV6 { get; init; }

    /// <summary>False where another NIC of the same guest has the default route: the router is not offered then.</summary>
    public bool OffersRouter { get; init; } = true;
}

/// <summary>
/// One address to one: the floating address is the host's own on <paramref name="Interface"/> (null for the one that the host
/// was configured with), and what comes to it goes to the fixed one behind <paramref name="Bridge"/>, and back.
/// </summary>
public sealed record FloatingNat(Ip4Address Floating, Ip4Address Fixed, string Bridge, string? Interface);

/// <summary>
/// What leaves <paramref name="Bridge"/> from <paramref name="Source"/> for the outside takes the host's own address there, or
/// <paramref name="Address"/> where that is named.
/// </summary>
public sealed record SourceNat(Cidr4 Source, string Bridge, string? Interface, Ip4Address? Address);

/// <summary>UDP to a public address and port of this host goes to an address behind <paramref name="Bridge"/>.</summary>
public sealed record PortForward(Ip4Address Public, int PublicPort, Ip4Address Private, int PrivatePort, string Bridge);
