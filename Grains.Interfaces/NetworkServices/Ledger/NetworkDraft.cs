namespace NovaOrleans.NetworkServices;

/// <summary>
/// A network that is to be made. Without <see cref="Subnet"/> and <see cref="CidrV6"/> it is pure L2: its ports have no address and
/// its guests learn a MAC and twelve nulls (S9, S139). All of it is fixed when the network is made.
/// </summary>
public sealed record NetworkDraft(NetworkId Id, ProjectId? Project, string Label)
{
    public LedgerSubnet? Subnet { get; init; }

    /// <summary>A /64 whose addresses are made of the guests' MACs (RFC 4862); null for no IPv6.</summary>
    public Cidr6? CidrV6 { get; init; }

    public Ip6Address? GatewayV6 { get; init; }

    /// <summary>Null for the name that <see cref="Host.Bridge.NameOf"/> derives of the id.</summary>
    public string? Bridge { get; init; }

    /// <summary>The link of each host that leads out of the bridge; null for none, or where the net-agent knows.</summary>
    public string? BridgeInterface { get; init; }

    /// <summary>A VLAN id is unique among the networks of the service.</summary>
    public VlanTag? Vlan { get; init; }

    /// <summary>What the guests may send in one packet, in bytes, 68 to 65,535; at least 1,280 with IPv6.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>Whether the net-agent makes a <see cref="Host.DhcpScope"/> for it: <see cref="NetworkFacts.Dhcp"/> says so.</summary>
    public bool Dhcp { get; init; }

    /// <summary>Whether the guests' interfaces files are written: <see cref="NetworkFacts.Injected"/> says so.</summary>
    public bool Injected { get; init; }

    /// <summary>Whether the hosts are its way out, so that floating IPs can stand for its addresses; not of an isolated one.</summary>
    public bool Nat { get; init; }

    /// <summary>
    /// Whether nothing outside it can reach it, so that its addresses may be those of another network. Otherwise the subnets of a
    /// service do not overlap.
    /// </summary>
    public bool Isolated { get; init; }

    /// <summary>
    /// Whether a host with a VNIC of it is told of its VNICs on other hosts, as <see cref="INetAgent.Translate"/>'s second argument:
    /// an overlay must know where they are.
    /// </summary>
    public bool TellsMembers { get; init; }

    /// <summary>How long an address that had reached a host rests before it is handed out again, 0 to 86,400 s.</summary>
    public int QuarantineSeconds { get; init; } = 30;

    /// <summary>
    /// What the service's own net-agent is told of the network beside what the core knows: it comes out as
    /// <see cref="NetworkFacts.Extra"/> on each host. At most <see cref="MostExtras"/> entries; see <see cref="ExtraAccepts"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Extra { get; init; } = NoExtra;

    public const int MostExtras = 32;
    public const int LongestExtra = 1024;
    public const string ExtraAccepts =
        "a name of 1 to 64 letters, digits, '.', '_' or '-', and a value of at most 1024 characters without control characters";

    internal static IReadOnlyDictionary<string, string> NoExtra { get; } = new Dictionary<string, string>();
}

/// <summary>
/// IPv4 of a network, as it is asked for and as it came to be. The network's and the broadcast address, <see cref="Gateway"/> and
/// <see cref="DhcpServer"/> are never handed out.
/// </summary>
public sealed record LedgerSubnet(Cidr4 Cidr)
{
    /// <summary>The guests' default route; null for none.</summary>
    public Ip4Address? Gateway { get; init; }

    /// <summary>The hosts' own address in the network, where they give leases; null for the gateway's, or for none.</summary>
    public Ip4Address? DhcpServer { get; init; }

    /// <summary>What may be handed out; null in a draft for all that a machine can have.</summary>
    public AddressRange? Allowed { get; init; }

    public IReadOnlyList<Ip4Address> Dns { get; init; } = [];
}

/// <summary>
/// A VNIC that is to be made; its id is chosen by the caller, so that a repeat makes no second one. Without <see cref="Network"/> it
/// has no port yet.
/// </summary>
public sealed record VnicDraft(VnicId Id, ProjectId Project)
{
    public NetworkId? Network { get; init; }

    /// <summary>Only with a network; null for the next free one.</summary>
    public Ip4Address? Address { get; init; }

    /// <summary>Null for a random one.</summary>
    public MacAddress? Mac { get; init; }

    public string? Name { get; init; }
}
