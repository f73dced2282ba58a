namespace NovaOrleans.Agent;

/// <summary>
/// Overlays. A VXLAN link is the kernel's on every host, also where Open vSwitch carries the VLANs: its bridge is a Linux bridge,
/// on which guards are as ever. See decision 0052.
/// </summary>
public static partial class Planner
{
    private static void PlanVxlanLinks(ActualHost actual, DesiredHost desired, List<Step> steps)
    {
        foreach (VxlanLink vxlan in desired.VxlanLinks.Values)
        {
            ActualLink? link = actual.Links.GetValueOrDefault(vxlan.Name);
            if (FaultOf(actual, vxlan, link) is { } fault)
            {
                steps.Add(new Refused(Phase.Links, vxlan.Name, fault));
                continue;
            }

            ImmutableSortedSet<ForwardingEntry> has = [];
            if (link is null || !Same(link, vxlan))
            {
                steps.Add(new AddVxlanLink(vxlan));
            }
            else
            {
                PlanSettings(Phase.Links, link, vxlan.Mtu, steps);
                has = link.Vxlan!.Forwarding;
            }

            PlanForwarding(vxlan, has, steps);
        }
    }

    private static void PlanForwarding(VxlanLink vxlan, ImmutableSortedSet<ForwardingEntry> has, List<Step> steps)
    {
        HashSet<MacAddress> known = [.. has.Select(e => e.Mac).OfType<MacAddress>()];
        HashSet<MacAddress> wanted = [.. vxlan.Forwarding.Select(e => e.Mac).OfType<MacAddress>()];
        // A MAC that goes elsewhere is overwritten and not taken away first.
        steps.AddRange(has.Except(vxlan.Forwarding).Where(e => e.Mac is not { } mac || !wanted.Contains(mac))
            .Select(e => new RemoveForwarding(vxlan.Name, e)));
        steps.AddRange(vxlan.Forwarding.Except(has).Order()
            .Select(e => new AddForwarding(vxlan.Name, e, e.Mac is { } mac && known.Contains(mac))));
    }

    /// <summary>What this link is cannot be changed: another VNI, port or address is another link.</summary>
    private static bool Same(ActualLink link, VxlanLink vxlan) => link.Vxlan is { Learns: false } has
        && has.Vni == vxlan.Vni && has.Local == vxlan.Local && has.UdpPort == vxlan.UdpPort;

    private static string? FaultOf(ActualHost actual, VxlanLink vxlan, ActualLink? link)
    {
        ActualLink? carrier = actual.Links.Values.FirstOrDefault(
            l => l.Addresses.Any(a => a.StartsWith($"{vxlan.Local}/", StringComparison.Ordinal)));
        ActualLink? other = actual.Links.Values.FirstOrDefault(l => l is { Ours: false, Vxlan: { } has }
            && has.Vni == vxlan.Vni && has.UdpPort == vxlan.UdpPort);
        // Somebody's own link is not used even where it is alike: what it forwards is not ours to say.
        return link is { Ours: false } ? "there is a link of this name that was not made here"
            : other is not null ? $"VNI {vxlan.Vni} at UDP port {vxlan.UdpPort} is that of link {other.Name}, which was not made here"
            : carrier is null ? $"this host has no link with the address {vxlan.Local} to carry VNI {vxlan.Vni}"
            : vxlan.Mtu + VxlanLink.Overhead > carrier.Mtu
                ? $"its MTU {vxlan.Mtu} and the {VxlanLink.Overhead} bytes of VXLAN are more than the {carrier.Mtu} of {carrier.Name}"
            : null;
    }
}
