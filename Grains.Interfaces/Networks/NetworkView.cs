namespace NovaOrleans.Networks;

/// <summary>
/// A network as callers see it: the 2011 record (rows R25, R32) over the newer model, in which addresses belong to the
/// network's subnets. A network without <see cref="Subnet4"/> and <see cref="Subnet6"/> is pure L2 (seed S9, S34).
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.NetworkView")]
public sealed record NetworkView(
    long RowId,
    NetworkId Id,
    ServicePath Service,
    ProjectId? Project,
    string Label,
    NetworkLife Life,
    NetworkLinks Links,
    Subnet4? Subnet4,
    Subnet6? Subnet6)
{
    [Id(10)]
    public VpnFacts? Vpn { get; init; }

    /// <summary>Whether the guest's interfaces file is written for it (flat).</summary>
    [Id(11)]
    public bool Injected { get; init; }

    [Id(12)]
    public bool MultiHost { get; init; }

    [Id(13)]
    public bool ShareAddress { get; init; }

    [Id(14)]
    public int? Priority { get; init; }

    [Id(15)]
    public HostName? NetworkHost { get; init; }

    /// <summary>How long a freed address that had reached a host rests before it is handed out again, 0 to 86,400 s.</summary>
    [Id(16)]
    public int QuarantineSeconds { get; init; } = 30;

    /// <summary>What the service's own net-agent is told of it on each host.</summary>
    [Id(33)]
    public IReadOnlyDictionary<string, string> Extra { get; init; } = new Dictionary<string, string>();

    /// <summary>Rises with each change of the network; the row's version.</summary>
    [Id(17)]
    public long Revision { get; init; }

    [Id(18)]
    public DateTimeOffset CreatedAt { get; init; }

    [Id(19)]
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Whether the hosts of the network are its way out, so that floating IPs can stand for its addresses.</summary>
    [Id(30)]
    public bool Nat { get; init; }

    /// <summary>Whether nothing outside reaches it, so that its addresses may be another network's too.</summary>
    [Id(31)]
    public bool Isolated { get; init; }

    /// <summary>Whether a host with a VNIC of it is told of its VNICs on the other hosts.</summary>
    [Id(32)]
    public bool TellsMembers { get; init; }
}

/// <summary>The network's life: only an open one takes new VNICs; a deleted one keeps its row.</summary>
[GenerateSerializer, Alias("nova.NetworkLife")]
public enum NetworkLife
{
    Open = 0,
    Closing = 1,
    Deleted = 2,
}

/// <summary>How the network looks on a host. MTU in bytes, 68 to 65,535.</summary>
[GenerateSerializer, Immutable, Alias("nova.NetworkLinks")]
public sealed record NetworkLinks(
    string? Bridge, string? BridgeInterface, VlanTag? Vlan, int Mtu = 1500, string Firewall = "nft", string Dhcp = "none")
{
    public const int UsualLeaseSeconds = 86400;

    /// <summary>The DNS domain that guests are told, and whose names the host answers where it serves DNS; null for none.</summary>
    [Id(10)]
    public string? Domain { get; init; }

    /// <summary>How long a lease is, 120 to 604,800 s.</summary>
    [Id(11)]
    public int LeaseSeconds { get; init; } = UsualLeaseSeconds;
}

/// <summary>
/// IPv4 of a network. <paramref name="Allowed"/> is what may be handed out; gateway, DHCP server and VPN addresses in it
/// never are, nor are the network's and the broadcast address.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.Subnet4")]
public sealed record Subnet4(
    Cidr4 Cidr,
    Ip4Address? Gateway,
    Ip4Address? DhcpServer,
    AddressRange Allowed,
    IReadOnlyList<Ip4Address> Dns);

/// <summary>IPv6 of a network: a /64 whose addresses are computed from MACs (RFC 4862).</summary>
[GenerateSerializer, Immutable, Alias("nova.Subnet6")]
public sealed record Subnet6(Cidr6 Cidr, Ip6Address? Gateway);

/// <summary>A project VPN's public address and port and its address inside the network (rows R32).</summary>
[GenerateSerializer, Immutable, Alias("nova.VpnFacts")]
public sealed record VpnFacts(string PublicAddress, int PublicPort, Ip4Address PrivateAddress);
