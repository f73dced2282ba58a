namespace NovaOrleans.Agent;

/// <summary>
/// Actual host and desired host to the plan between them. Pure, and whole: whatever is ours and not desired is taken
/// away, whatever is desired and missing is made, whatever is not ours is left as it is.
/// </summary>
public static partial class Planner
{
    public static Plan Make(ActualHost actual, DesiredHost desired)
    {
        List<Step> steps = [];
        PlanGuests(actual, desired, steps);
        PlanDhcp(actual, desired, steps);
        PlanRemovals(actual, desired, steps);
        PlanFirewall(actual, desired, steps);
        PlanFilter(actual, desired, steps);
        PlanVlanLinks(actual, desired, steps);
        PlanVxlanLinks(actual, desired, steps);
        PlanBridges(actual, desired, steps);
        PlanPorts(actual, desired, steps);
        PlanOutside(actual, desired, steps);
        return new Plan(steps);
    }

    private static void PlanDhcp(ActualHost actual, DesiredHost desired, List<Step> steps)
    {
        foreach (string network in actual.Dhcp.Keys.Where(n => !desired.DhcpScopes.ContainsKey(n)))
        {
            steps.Add(new StopDhcp(network));
        }

        foreach ((string network, DhcpScope scope) in desired.DhcpScopes)
        {
            ActualDhcp? server = actual.Dhcp.GetValueOrDefault(network);
            // A server whose bridge was made anew is bound to a link that is gone.
            bool good = server is { Running: true } && server.Configuration == DhcpText.Configuration(scope)
                && actual.Links.ContainsKey(scope.Bridge);
            ImmutableSortedSet<string> hosts = DhcpText.HostLines(scope);
            if (!good)
            {
                steps.Add(new StartDhcp(network, scope, server is not null) { Needs = [scope.Bridge] });
            }
            else if (!server!.Hosts.SetEquals(hosts))
            {
                steps.Add(new ReloadDhcp(network, scope, hosts.Except(server.Hosts), server.Hosts.Except(hosts)));
            }
        }
    }

    private static void PlanFirewall(ActualHost actual, DesiredHost desired, List<Step> steps)
    {
        ActualFirewall firewall = actual.Firewall;
        if (desired.Guards.IsEmpty && desired.Bridges.IsEmpty)
        {
            if (firewall.Present)
            {
                steps.Add(new UnloadFirewall());
            }

            return;
        }

        if (!firewall.Intact)
        {
            steps.Add(new LoadFirewall(firewall.Present));
        }

        bool Made(string bridge) => !actual.Links.TryGetValue(bridge, out ActualLink? link) || link.Ours;
        ImmutableSortedSet<NftElement> wanted = FirewallElements.Of(desired, Made);
        steps.AddRange(wanted.Except(firewall.Elements)
            .Select(e => new AddElement(e) { Needs = [Step.FirewallSubject] }));
        steps.AddRange(firewall.Elements.Except(wanted).Select(e => new RemoveElement(
            e.IsOfGroups || desired.Ports.ContainsKey(e.Owner) || desired.Bridges.ContainsKey(e.Owner)
                || desired.FloatingNats.ContainsKey(e.Owner)
                ? Phase.OpenFirewall : Phase.CloseFirewall, e)));
    }

    /// <summary>
    /// Groups need bridged packets handed to the inet family. Where they are not, nothing comes in to a port with groups: our own
    /// bridges are mended, the module is loaded, an operator's setting stays and is told.
    /// </summary>
    private static void PlanFilter(ActualHost actual, DesiredHost desired, List<Step> steps)
    {
        foreach (string bridge in desired.Guards.Values.Where(g => g.SecurityGroups.Count > 0)
            .Select(g => desired.Ports.GetValueOrDefault(g.Port)?.Port.Bridge).OfType<string>().Distinct().Order(StringComparer.Ordinal))
        {
            if (actual.BridgeFilter == BridgeFilter.Missing)
            {
                steps.Add(new LoadBridgeFilter(bridge));
            }
            else if (actual.BridgeFilter == BridgeFilter.Off
                && actual.Links.TryGetValue(bridge, out ActualLink? link) && link is { Ours: false, Filtered: false })
            {
                steps.Add(new Refused(Phase.OpenFirewall, Step.FilterSubject(bridge), KernelFaults.UnfilteredBridge(bridge)));
            }
        }
    }
}
