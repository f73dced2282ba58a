namespace NovaOrleans.Agent;

/// <summary>
/// VLANs on a host whose switch is Open vSwitch. A network keeps its Linux bridge, on which guards, gateway and DHCP
/// are as ever; in place of the 802.1Q device its uplink is a patch to an access port. See decision 0023.
/// </summary>
public static partial class Planner
{
    private static void PlanSwitch(ActualHost actual, DesiredHost desired, List<Step> steps)
    {
        if (actual.Switch is not { Fault: null } found)
        {
            steps.AddRange(actual.Switch is null ? [] : desired.VlanLinks.Values.Select(v =>
                new Refused(Phase.Links, v.Name, $"Open vSwitch does not answer: {actual.Switch.Fault}")));
            return;
        }

        List<(VlanLink Link, string Switch)> carried = [];
        foreach (VlanLink vlan in desired.VlanLinks.Values)
        {
            string on = SwitchOf(found, vlan.Parent);
            if (FaultOfPatch(actual, found, vlan, on, carried) is { } fault)
            {
                steps.Add(new Refused(Phase.Links, vlan.Name, fault));
                continue;
            }

            carried.Add((vlan, on));
        }

        foreach (IGrouping<string, VlanLink> own in carried.GroupBy(c => c.Switch, c => c.Link, StringComparer.Ordinal))
        {
            PlanTrunk(actual, found, own.Key, [.. own], steps);
        }

        carried.ForEach(c => PlanPatch(actual, found, c.Link, c.Switch, steps));

        PlanSwitchRemovals(found, carried, steps);
    }

    /// <summary>
    /// An operator's bridge that is the uplink, or has it, is used as it is; otherwise the uplink gets one of ours.
    /// </summary>
    private static string SwitchOf(ActualSwitch found, string uplink) =>
        found.Bridges.TryGetValue(uplink, out ActualSwitchBridge? itself) && !itself.Ours ? uplink
        : found.BridgeWith(uplink) is { Ours: false } other ? other.Name
        : SwitchNames.BridgeOf(uplink);

    private static string? FaultOfPatch(
        ActualHost actual, ActualSwitch found, VlanLink vlan, string on, List<(VlanLink Link, string Switch)> carried)
    {
        string end = SwitchNames.EndOf(vlan.Name);
        if (!actual.Links.TryGetValue(vlan.Parent, out ActualLink? parent))
        {
            return NoParent(vlan);
        }

        // The kernel would not have two of them; Open vSwitch would join them into one network.
        VlanLink? same = carried.Where(c => c.Switch == on && c.Link.Tag == vlan.Tag).Select(c => c.Link).FirstOrDefault();
        return same is not null ? $"VLAN {vlan.Tag} of {vlan.Parent} is {same.Name} already"
            : actual.Links.TryGetValue(vlan.Name, out ActualLink? link) && !link.Ours
                ? $"there is a link of this name that is not VLAN {vlan.Tag} of {vlan.Parent}"
            : actual.Links.TryGetValue(end, out ActualLink? far) && !far.Ours
                ? $"there is a link {end} that was not made here"
            : found.Bridges.TryGetValue(on, out ActualSwitchBridge? bridge) && !bridge.Ours && on == SwitchNames.BridgeOf(vlan.Parent)
                ? $"there is an ovs bridge {on} that was not made here"
            : parent.Master is { } master && actual.Links.GetValueOrDefault(master)?.Kind == LinkKind.Bridge && !WillFree(actual, master)
                ? $"its uplink {vlan.Parent} is on bridge {master}"
            : TooLong(vlan, parent);
    }

    private static bool IsPatch(ActualHost actual, ActualLink link, VlanLink vlan) =>
        link.Kind == LinkKind.Veth && link.Peer == SwitchNames.EndOf(vlan.Name) && actual.Links.ContainsKey(link.Peer);

    private static void PlanPatch(ActualHost actual, ActualSwitch found, VlanLink vlan, string on, List<Step> steps)
    {
        string end = SwitchNames.EndOf(vlan.Name);
        bool there = actual.Links.TryGetValue(vlan.Name, out ActualLink? link) && IsPatch(actual, link, vlan);
        if (there)
        {
            PlanSettings(Phase.Links, link!, vlan.Mtu, steps);
            PlanSettings(Phase.Links, actual.Links[end], vlan.Mtu, steps);
        }
        else
        {
            steps.Add(new AddPatch(vlan));
        }

        ActualSwitchPort? port = found.Bridges.GetValueOrDefault(on)?.Ports.GetValueOrDefault(end);
        if (!there || port is not { Ours: true, Fault: null } || port.Tag != vlan.Tag)
        {
            steps.Add(new SetAccess(on, vlan, port is not null) { Needs = [on] });
        }
    }

    private static void PlanTrunk(
        ActualHost actual, ActualSwitch found, string on, VlanLink[] links, List<Step> steps)
    {
        ActualSwitchBridge? bridge = found.Bridges.GetValueOrDefault(on);
        if (bridge is { Ours: false })
        {
            return;
        }

        string uplink = links[0].Parent;
        if (!actual.Links[uplink].Up)
        {
            steps.Add(new SetUp(Phase.Links, uplink));
        }

        if (bridge is null)
        {
            steps.Add(new AddSwitch(on));
        }

        ActualSwitchPort? trunk = bridge?.Ports.GetValueOrDefault(uplink);
        ImmutableSortedSet<int> tags = [.. links.Select(l => l.Tag.Value)];
        if (trunk is not { Fault: null, Tag: null } || !trunk.Carries(tags))
        {
            steps.Add(new SetTrunk(on, uplink, tags, trunk is not null));
        }
    }

    private static void PlanSwitchRemovals(
        ActualSwitch found, List<(VlanLink Link, string Switch)> carried, List<Step> steps)
    {
        foreach (ActualSwitchBridge bridge in found.Bridges.Values)
        {
            if (bridge.Ours && !carried.Any(c => c.Switch == bridge.Name))
            {
                steps.Add(new RemoveSwitch(bridge.Name));
                continue;
            }

            HashSet<string> wanted =
            [
                .. carried.Where(c => c.Switch == bridge.Name)
                    .SelectMany(c => new[] { SwitchNames.EndOf(c.Link.Name), c.Link.Parent }),
            ];
            // On a bridge of ours anything else would be a port that nobody asked for, on all VLANs.
            steps.AddRange(bridge.Ports.Values
                .Where(p => p.Name != bridge.Name && !wanted.Contains(p.Name) && (p.Ours || bridge.Ours))
                .Select(p => new RemoveAccess(bridge.Name, p.Name)));
        }
    }
}
