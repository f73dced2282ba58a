namespace NovaOrleans.Agent;

public static partial class Planner
{
    private static void PlanRemovals(ActualHost actual, DesiredHost desired, List<Step> steps)
    {
        foreach (ActualLink link in actual.Links.Values.Where(l => l.Ours))
        {
            switch (link.Kind)
            {
                case LinkKind.Veth when SwitchNames.IsEnd(link.Name) && actual.Links.ContainsKey(link.Peer ?? ""):
                    // Stays or goes with its other end.
                    break;
                case LinkKind.Bridge when !desired.Bridges.ContainsKey(link.Name):
                case LinkKind.Vlan or LinkKind.Vxlan when !IsUplinkOf(actual, desired, link):
                case LinkKind.Veth when SwitchNames.IsEnd(link.Peer) && !IsUplinkOf(actual, desired, link):
                    steps.Add(new RemoveLink(Phase.RemoveLinks, link.Name, link.Kind));
                    break;
                case LinkKind.Veth when SwitchNames.IsEnd(link.Peer):
                    break;
                case LinkKind.Veth or LinkKind.Tap
                    when !desired.Ports.TryGetValue(link.Name, out PlacedPort? port) || !Same(link, port):
                    steps.Add(new RemoveLink(Phase.RemovePorts, link.Name, link.Kind));
                    break;
            }
        }
    }

    /// <summary>Whether this link is the VLAN or VXLAN link desired by its name, a VLAN's in the way of this host's switch.</summary>
    private static bool IsUplinkOf(ActualHost actual, DesiredHost desired, ActualLink link) =>
        (desired.VlanLinks.TryGetValue(link.Name, out VlanLink? vlan) && Same(actual, link, vlan))
        || (desired.VxlanLinks.TryGetValue(link.Name, out VxlanLink? vxlan) && Same(link, vxlan));

    /// <summary>While Open vSwitch does not answer, what is there is left as it is.</summary>
    private static bool Same(ActualHost actual, ActualLink link, VlanLink vlan) => actual.Switch is null
        ? link.Kind == LinkKind.Vlan && link.Parent == vlan.Parent && link.Tag == vlan.Tag
        : actual.Switch.Fault is not null || IsPatch(actual, link, vlan);

    private static string NoParent(VlanLink vlan) => $"this host has no link {vlan.Parent} to carry VLAN {vlan.Tag}";

    /// <summary>Frames would get lost on the way, and only the long ones.</summary>
    private static string? TooLong(VlanLink vlan, ActualLink parent) => vlan.Mtu <= parent.Mtu
        ? null : $"its MTU {vlan.Mtu} is more than the {parent.Mtu} of its uplink {vlan.Parent}";

    private static bool Same(ActualLink link, PlacedPort port) => port.Attachment switch
    {
        GuestSpace space => link.Kind == LinkKind.Veth && link.GuestSpace == space.Name,
        _ => link.Kind == LinkKind.Tap,
    };

    private static void PlanVlanLinks(ActualHost actual, DesiredHost desired, List<Step> steps)
    {
        if (actual.Switch is not null)
        {
            PlanSwitch(actual, desired, steps);
            return;
        }

        foreach (VlanLink vlan in desired.VlanLinks.Values)
        {
            ActualLink? link = actual.Links.GetValueOrDefault(vlan.Name);
            ActualLink? parent = actual.Links.GetValueOrDefault(vlan.Parent);
            if (link is { Ours: false } && !Same(actual, link, vlan))
            {
                steps.Add(new Refused(Phase.Links, vlan.Name,
                    $"there is a link of this name that is not VLAN {vlan.Tag} of {vlan.Parent}"));
            }
            else if ((parent is null ? NoParent(vlan) : TooLong(vlan, parent)) is { } fault)
            {
                steps.Add(new Refused(Phase.Links, vlan.Name, fault));
            }
            else if (link is null || !Same(actual, link, vlan))
            {
                steps.Add(new AddVlanLink(vlan));
            }
            else if (link.Ours)
            {
                PlanSettings(Phase.Links, link, vlan.Mtu, steps);
            }
        }
    }

    private static void PlanSettings(Phase phase, ActualLink link, int mtu, List<Step> steps, bool up = true)
    {
        if (link.Mtu != mtu)
        {
            steps.Add(new SetMtu(phase, link.Name, mtu));
        }

        if (link.Up != up)
        {
            steps.Add(up ? new SetUp(phase, link.Name) : new SetDown(link.Name));
        }
    }

    private static void PlanBridges(ActualHost actual, DesiredHost desired, List<Step> steps)
    {
        foreach (Bridge bridge in desired.Bridges.Values)
        {
            ActualLink? link = actual.Links.GetValueOrDefault(bridge.Name);
            if (link is null)
            {
                steps.Add(new AddBridge(bridge));
                steps.AddRange(bridge.Addresses.Select(a => new AddAddress(bridge.Name, a)));
                PlanUplink(actual, desired, bridge, steps);
            }
            else if (link.Kind != LinkKind.Bridge)
            {
                steps.Add(new Refused(Phase.Links, bridge.Name, "there is a link of this name that is no bridge"));
            }
            else if (link.Ours)
            {
                PlanOwnBridge(actual, desired, bridge, link, steps);
            }
        }
    }

    private static void PlanOwnBridge(
        ActualHost actual, DesiredHost desired, Bridge bridge, ActualLink link, List<Step> steps)
    {
        if (!link.Tuned)
        {
            steps.Add(new TuneBridge(bridge.Name));
        }

        PlanSettings(Phase.Links, link, bridge.Mtu, steps);
        steps.AddRange(link.Addresses.Except(bridge.Addresses).Select(a => new RemoveAddress(bridge.Name, a)));
        steps.AddRange(bridge.Addresses.Except(link.Addresses, StringComparer.Ordinal)
            .Select(a => new AddAddress(bridge.Name, a)));
        // Who is on a bridge of ours is ours to say: anything else on it would be a port without a guard.
        steps.AddRange(actual.Links.Values
            .Where(l => l.Master == bridge.Name && l.Name != bridge.Uplink && !l.Ours
                && !desired.Ports.ContainsKey(l.Name))
            .Select(l => new RemoveUplink(bridge.Name, l.Name)));
        PlanUplink(actual, desired, bridge, steps);
    }

    private static void PlanUplink(ActualHost actual, DesiredHost desired, Bridge bridge, List<Step> steps)
    {
        if (bridge.Uplink is not { } uplink)
        {
            return;
        }

        ActualLink? link = actual.Links.GetValueOrDefault(uplink);
        bool made = desired.VlanLinks.ContainsKey(uplink) || desired.VxlanLinks.ContainsKey(uplink);
        bool coming = made && (link is null || (link.Ours && !IsUplinkOf(actual, desired, link)));
        if (link is null && !coming)
        {
            steps.Add(new Refused(Phase.Links, bridge.Name, $"this host has no link {uplink} to be its uplink"));
        }
        else if (!coming && link!.Master is { } other && other != bridge.Name && !WillFree(actual, other))
        {
            steps.Add(new Refused(Phase.Links, bridge.Name, $"its uplink {uplink} is on bridge {other}"));
        }
        else if (!made && link!.Mtu < bridge.Mtu)
        {
            steps.Add(new Refused(
                Phase.Links, bridge.Name, $"its MTU {bridge.Mtu} is more than the {link.Mtu} of its uplink {uplink}"));
        }
        else if (coming || link!.Master != bridge.Name)
        {
            steps.Add(new AddUplink(bridge.Name, uplink) { Needs = [uplink] });
        }
    }

    /// <summary>
    /// A bridge of ours gives up an uplink by being removed, or by no longer being described with it.
    /// </summary>
    private static bool WillFree(ActualHost actual, string bridge) =>
        actual.Links.TryGetValue(bridge, out ActualLink? link) && link.Ours;

    private static void PlanPorts(ActualHost actual, DesiredHost desired, List<Step> steps)
    {
        foreach ((string name, PlacedPort placed) in desired.Ports)
        {
            ActualLink? link = actual.Links.GetValueOrDefault(name);
            string[] needs = desired.Guards.ContainsKey(name)
                ? [placed.Port.Bridge, Step.FirewallSubject, Step.GuestSubject(placed.Port.Instance)]
                : [placed.Port.Bridge, Step.GuestSubject(placed.Port.Instance)];
            if (!desired.Bridges.ContainsKey(placed.Port.Bridge) && !actual.Links.ContainsKey(placed.Port.Bridge))
            {
                steps.Add(new Refused(Phase.Ports, name, $"this host has no bridge {placed.Port.Bridge}"));
            }
            else if (placed.Attachment is MadeByHypervisor)
            {
                // Its guard waits for it; the rest is between the guest and libvirt.
            }
            else if (link is { Ours: false })
            {
                steps.Add(new Refused(Phase.Ports, name, "there is a link of this name that was not made here"));
            }
            else if (link is null || !Same(link, placed))
            {
                steps.Add(new AddPort(placed) { Needs = needs });
            }
            else
            {
                PlanSettings(Phase.Ports, link, placed.Port.Mtu, steps, placed.Port.Up);
                if (link.Master != placed.Port.Bridge)
                {
                    steps.Add(new MovePort(name, placed.Port.Bridge) { Needs = needs });
                }
            }
        }
    }
}
