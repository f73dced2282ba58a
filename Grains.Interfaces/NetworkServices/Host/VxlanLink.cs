namespace NovaOrleans.NetworkServices.Host;

/// <summary>
/// The host's end of an overlay (RFC 7348): a link that carries Ethernet frames in UDP, from the host's own address
/// <paramref name="Local"/> to other hosts'. It learns nothing and asks no multicast group: it knows what <see cref="Forwarding"/>
/// says, and no more. It is a bridge's uplink, which names it. One VNI and UDP port is one link.
/// </summary>
/// <remarks>
/// <paramref name="Mtu"/> is that of the frames inside, at most the carrying link's less <see cref="Overhead"/>: the host would have
/// to break up what is longer, and is refused instead.
/// </remarks>
public sealed record VxlanLink(string Name, Vni Vni, Ip4Address Local, int Mtu)
{
    /// <summary>IANA's; Linux had another one before it.</summary>
    public const int UsualUdpPort = 4789;

    /// <summary>What carrying a frame over IPv4 costs: outer IP, UDP and VXLAN, and the inner Ethernet header.</summary>
    public const int Overhead = 50;

    public int UdpPort { get; init; } = UsualUdpPort;

    /// <summary>Where frames go; each entry once, and a MAC at one place.</summary>
    public IReadOnlyList<ForwardingEntry> Forwarding { get; init; } = [];

    public bool Equals(VxlanLink? other) => other is not null && Name == other.Name && Vni == other.Vni && Local == other.Local
        && Mtu == other.Mtu && UdpPort == other.UdpPort && Forwarding.SequenceEqual(other.Forwarding);

    public override int GetHashCode() => HashCode.Combine(Name, Vni, Local, Mtu, UdpPort, Forwarding.Count);
}

/// <summary>
/// Frames for <paramref name="Mac"/> go to the host at <paramref name="Remote"/>. Without a MAC: a copy of each frame whose place is
/// not known goes there, broadcast and multicast included.
/// </summary>
public readonly record struct ForwardingEntry(MacAddress? Mac, Ip4Address Remote) : IComparable<ForwardingEntry>
{
    public static ForwardingEntry Flood(Ip4Address remote) => new(null, remote);

    public int CompareTo(ForwardingEntry other)
    {
        int order = Mac.GetValueOrDefault().CompareTo(other.Mac.GetValueOrDefault());
        return order != 0 ? order : Remote.CompareTo(other.Remote);
    }

    /// <summary>As the kernel prints it; all zeros stand for whatever is not known.</summary>
    public override string ToString() => $"{Mac.GetValueOrDefault()} dst {Remote}";

    public static bool operator <(ForwardingEntry left, ForwardingEntry right) => left.CompareTo(right) < 0;
    public static bool operator >(ForwardingEntry left, ForwardingEntry right) => left.CompareTo(right) > 0;
    public static bool operator <=(ForwardingEntry left, ForwardingEntry right) => left.CompareTo(right) <= 0;
    public static bool operator >=(ForwardingEntry left, ForwardingEntry right) => left.CompareTo(right) >= 0;
}
