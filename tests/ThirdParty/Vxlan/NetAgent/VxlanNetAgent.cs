using System.Xml.Linq;
using NovaOrleans.NetworkServices.Host;

namespace Vxlan.NetAgent;

/// <summary>
/// A segment on a host: a bridge, its uplink a VXLAN link, and on that link where the segment's other endpoints are. Everything that is
/// sent to others is computed of what the core tells; nothing is learned, and no multicast is asked for.
/// </summary>
internal sealed class VxlanNetAgent(IHostLink link) : INetAgent
{
    public Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics) => link.BindVnicsToPorts(vnics);
    public Task SetupComputeNetwork(IReadOnlyList<VnicId> vnics) => link.UntilVerified(vnics);
    public Task TeardownComputeNetwork(IReadOnlyList<VnicId> vnics) => link.UntilGone(vnics);

    /// <summary>Nobody gives leases in an overlay, since hosts are in it with no address: a guest with one is told by its file.</summary>
    public bool RequiresFileInjection(HostBinding binding) => binding.Info.IpAddress is not null;

    public string GetInterfaceXml(HostBinding binding) => new XElement(
        "interface",
        new XAttribute("type", "ethernet"),
        new XElement("mac", new XAttribute("address", binding.Info.MacAddress)),
        new XElement("target", new XAttribute("dev", GuestPort.NameOf(binding.Vnic)), new XAttribute("managed", "no")),
        new XElement("model", new XAttribute("type", "virtio")),
        new XElement("mtu", new XAttribute("size", binding.Network?.Mtu ?? 1500))).ToString();

    public HostFragment Translate(IReadOnlyList<HostBinding> bindings, IReadOnlyList<MemberFact> elsewhere)
    {
        SegmentOnHost[] segments =
        [
            .. bindings.Where(b => b.Network is { } network && SegmentFacts.VniOf(network) is not null)
                .OrderBy(b => b.Vnic.Value).GroupBy(b => b.Network!.Network).OrderBy(g => g.Key.Value)
                .Select(g => new SegmentOnHost([.. g], [.. elsewhere.Where(m => m.Binding.Network?.Network == g.Key)])),
        ];
        if (segments.Length == 0)
        {
            return HostFragment.Empty;
        }

        Ip4Address local = link.Address ?? throw new InvalidOperationException(
            "this host has no address to send to others from: give it a default route, or start its agent with --my_ip");
        return new HostFragment
        {
            VxlanLinks = [.. segments.Select(s => s.Link(local))],
            Bridges = [.. segments.Select(s => s.Bridge)],
            Ports = [.. segments.SelectMany(s => s.Ports)],
            Guards = [.. segments.SelectMany(s => s.Guards)],
        };
    }
}
