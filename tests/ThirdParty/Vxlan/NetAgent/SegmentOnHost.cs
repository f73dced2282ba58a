using NovaOrleans.NetworkServices.Host;

namespace Vxlan.NetAgent;

/// <summary>
/// What one segment is on one host: its endpoints <paramref name="here"/>, in order and at least one, and those
/// <paramref name="elsewhere"/>. Pure.
/// </summary>
internal sealed class SegmentOnHost(IReadOnlyList<HostBinding> here, IReadOnlyList<MemberFact> elsewhere)
{
    /// <summary>Ids are ordered by time: the newest endpoint was told of the segment as it is now.</summary>
    private readonly NetworkFacts _network = here[^1].Network!;

    private Vni Vni => SegmentFacts.VniOf(_network)!.Value;

    private string LinkName => $"vx{Vni}";

    private string BridgeName => _network.Bridge ?? Bridge.NameOf(_network.Network);

    public Bridge Bridge => new(BridgeName, _network.Mtu, LinkName, []);

    public IEnumerable<GuestPort> Ports => here.Select(b => new GuestPort(
        GuestPort.NameOf(b.Vnic), b.Vnic, b.Instance, b.NicIndex, BridgeName, b.Info.MacAddress, _network.Mtu)
    {
        Up = b.Up,
    });

    /// <summary>
    /// Where addresses are given out, nobody uses another's. A segment without any is a wire, on which its guests do as they like: the
    /// segment itself is all that they reach.
    /// </summary>
    public IEnumerable<PortGuard> Guards => here.Where(b => b.Info.IpAddress is not null).Select(b => new PortGuard(
        GuestPort.NameOf(b.Vnic), b.Info.MacAddress, AddressesOf(b.Info), [])
    {
        SecurityGroups = b.SecurityGroups,
    });

    /// <summary>
    /// Where a host has not said where it is, its endpoints are not reached until it has. An endpoint that came here a moment ago may
    /// still be told of as elsewhere.
    /// </summary>
    public VxlanLink Link(Ip4Address local)
    {
        HashSet<VnicId> own = [.. here.Select(b => b.Vnic)];
        (MacAddress Mac, Ip4Address Remote)[] others =
        [
            .. elsewhere.Where(m => !own.Contains(m.Binding.Vnic))
                .Select(m => (Mac: m.Binding.Info.MacAddress, Remote: Ip4Address.TryParse(m.HostAddress, out Ip4Address a) ? a : default))
                .Where(m => m.Remote != default && m.Remote != local).DistinctBy(m => m.Mac),
        ];
        return new VxlanLink(LinkName, Vni, local, _network.Mtu)
        {
            Forwarding =
            [
                .. others.Select(o => ForwardingEntry.Flood(o.Remote)).Distinct()
                    .Concat(others.Select(o => new ForwardingEntry(o.Mac, o.Remote))).Order(),
            ],
        };
    }

    private static Ip4Address[] AddressesOf(NetworkInfo info) =>
    [
        .. info.Additional.Append(info.IpAddress.ToString())
            .Select(a => Ip4Address.TryParse(a, out Ip4Address address) ? address : default)
            .Where(a => a != default).Distinct().Order(),
    ];
}
