namespace NovaOrleans.Agent.Host;

public sealed partial class FakeHost
{
    private string? AddVxlan(VxlanLink link) => !HasVxlans ? KernelFaults.NoVxlans
        : _now.Links.Values.Any(l => l.Vxlan is { } has && has.Vni == link.Vni && has.UdpPort == link.UdpPort)
            ? "Error: A VXLAN device with the specified VNI already exists."
        : Add(new ActualLink(link.Name, LinkKind.Vxlan, Ours: true, Up: true, link.Mtu)
        {
            Vxlan = new ActualVxlan(link.Vni, link.Local, link.UdpPort, Learns: false, []),
        });

    private string? Forward(string link, Func<ImmutableSortedSet<ForwardingEntry>, ImmutableSortedSet<ForwardingEntry>> change) =>
        _now.Links.GetValueOrDefault(link)?.Vxlan is { } has
            ? Change(link, l => l with { Vxlan = has with { Forwarding = change(has.Forwarding) } })
            : NoLink(link);
}
