namespace NovaOrleans.Agent;

/// <summary>What is really there, read from the kernel, from DHCP servers' files and from the compute driver.</summary>
public sealed record ActualHost
{
    public static ActualHost Empty { get; } = new();

    /// <summary>Every link of the host, ours or not, by name.</summary>
    public ImmutableSortedDictionary<string, ActualLink> Links { get; init; } = DesiredHost.Named<ActualLink>();

    /// <summary>Open vSwitch, on a host that has it for its switch; null where the kernel's 802.1Q is used.</summary>
    public ActualSwitch? Switch { get; init; }

    public ActualFirewall Firewall { get; init; } = ActualFirewall.Absent;

    /// <summary>Whether the host passes packets on; read only where something of ours relies on it.</summary>
    public bool Forwards { get; init; }

    /// <summary>Whether bridged packets are handed to the inet family, on bridges that do not say so themselves.</summary>
    public BridgeFilter BridgeFilter { get; init; } = BridgeFilter.On;

    /// <summary>Our DHCP servers, running or not, by network id.</summary>
    public ImmutableSortedDictionary<string, ActualDhcp> Dhcp { get; init; } = DesiredHost.Named<ActualDhcp>();

    /// <summary>By instance id.</summary>
    public ImmutableSortedDictionary<string, GuestStatus> Guests { get; init; } = DesiredHost.Named<GuestStatus>();

    /// <summary>The devices of running guests by instance id, where the compute driver tells of them.</summary>
    public ImmutableSortedDictionary<string, ImmutableHashSet<string>> Devices { get; init; } =
        DesiredHost.Named<ImmutableHashSet<string>>();
}

/// <summary>br_netfilter, as the host has it.</summary>
public enum BridgeFilter
{
    On,

    /// <summary>For the bridges only that ask for it.</summary>
    Off,

    /// <summary>Not in the kernel.</summary>
    Missing,
}

public enum LinkKind
{
    Other,
    Bridge,
    Veth,
    Tap,
    Vlan,
    Vxlan,
}

/// <summary>
/// A link as the kernel has it. <see cref="Ours"/>: made and marked by an agent; nothing else is ever changed.
/// </summary>
public sealed record ActualLink(string Name, LinkKind Kind, bool Ours, bool Up, int Mtu, string? Master = null)
{
    /// <summary>The host's own addresses with prefix length, without the link-local ones that the kernel makes.</summary>
    public ImmutableSortedSet<string> Addresses { get; init; } =
        ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Of a bridge's port: what comes in by it may leave by it.</summary>
    public bool Hairpin { get; init; }

    /// <summary>The floating addresses that an agent put there, without prefix length; they are in no other list.</summary>
    public ImmutableSortedSet<string> FloatingAddresses { get; init; } =
        ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Of a VLAN link.</summary>
    public string? Parent { get; init; }

    /// <summary>Of a VLAN link.</summary>
    public VlanTag? Tag { get; init; }

    /// <summary>Of a VXLAN link.</summary>
    public ActualVxlan? Vxlan { get; init; }

    /// <summary>Of a veth: the name of the namespace that holds its far end; null where that has no name.</summary>
    public string? GuestSpace { get; init; }

    /// <summary>Of a veth whose far end is on this host too: that one's name.</summary>
    public string? Peer { get; init; }

    /// <summary>Of a tap: somebody has it open.</summary>
    public bool Carrier { get; init; } = true;

    /// <summary>Of a bridge: forwards at once, without spanning tree and multicast snooping; of one of ours, filtered too.</summary>
    public bool Tuned { get; init; } = true;

    /// <summary>Of a bridge: asks for its packets to be handed to the inet family.</summary>
    public bool Filtered { get; init; } = true;
}

/// <summary>
/// What makes a VXLAN link, and where it sends frames. <paramref name="Local"/> is null where it has none of IPv4,
/// <paramref name="Learns"/>: it believes whoever sends to it. <paramref name="Forwarding"/> is read of links of ours only.
/// </summary>
public sealed record ActualVxlan(
    Vni Vni, Ip4Address? Local, int UdpPort, bool Learns, ImmutableSortedSet<ForwardingEntry> Forwarding);

/// <summary>
/// Our nftables tables. <paramref name="Intact"/>: every chain, rule and set declaration is as it was loaded; the
/// elements are compared one by one.
/// </summary>
public sealed record ActualFirewall(bool Present, bool Intact, ImmutableSortedSet<NftElement> Elements)
{
    public static ActualFirewall Absent { get; } = new(false, false, []);
}

/// <summary>A network's DHCP server: what it was told, as text, of leases and of names, and whether it runs.</summary>
public sealed record ActualDhcp(string Network, bool Running, string Configuration, ImmutableSortedSet<string> Hosts);

/// <summary>
/// One element of a set or map of ours, as nft prints it, as in <c>nv0123456789ab . 02:00:00:00:00:01 . 10.0.0.5</c>; of a map with
/// <c> : value</c> after the key. Its first word is the link, or the address, that owns it, but in sets of groups.
/// </summary>
public readonly record struct NftElement(string Family, string Set, string Value) : IComparable<NftElement>
{
    /// <summary>Of a set that groups come down to, and no link owns.</summary>
    public bool IsOfGroups => Set is "blocked4" or "blocked6" or "open4" or "open6" or "ports4" or "ports6" or "icmp4" or "icmp6"
        or "peers_open" or "peers_ports" or "peers_icmp" or "peers_icmp6" or "members4" or "members6";

    /// <summary>How many words of the key, from its first on, are names of links.</summary>
    public int Links => Set switch
    {
        "one_bridge" or "turning_back" or "ways_out" or "ways_out_as" => 2,
        "floating" or "fixed" or "forwards" => 0,
        _ => IsOfGroups ? 0 : 1,
    };

    /// <summary>Of a set whose keys are joined of several, of which some are ranges or prefixes.</summary>
    public bool HasRanges => Set is "open4" or "open6" or "ports4" or "ports6" or "icmp4" or "icmp6" or "peers_ports" or "peers_icmp"
        or "peers_icmp6" or "members";

    /// <summary>What a step about it is about: its owner, or what groups let in.</summary>
    public string Subject => IsOfGroups ? Step.GroupsSubject : Owner;

    public string Owner => Value.IndexOf(' ', StringComparison.Ordinal) is var end and > 0 ? Value[..end] : Value;

    public int CompareTo(NftElement other)
    {
        int order = string.CompareOrdinal(Family, other.Family);
        order = order != 0 ? order : string.CompareOrdinal(Set, other.Set);
        return order != 0 ? order : string.CompareOrdinal(Value, other.Value);
    }

    public override string ToString() => $"{Family} {Set} {{ {Value} }}";

    public static bool operator <(NftElement left, NftElement right) => left.CompareTo(right) < 0;
    public static bool operator >(NftElement left, NftElement right) => left.CompareTo(right) > 0;
    public static bool operator <=(NftElement left, NftElement right) => left.CompareTo(right) <= 0;
    public static bool operator >=(NftElement left, NftElement right) => left.CompareTo(right) >= 0;
}
