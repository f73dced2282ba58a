namespace NovaOrleans.Agent;

// Floating addresses on the links to the outside. Ours are told by their label; any other address is left as it is, also
// where a floating IP is the same.
public static partial class Planner
{
    private static void PlanOutside(ActualHost actual, DesiredHost desired, List<Step> steps)
    {
        if (NatElements.NeedsForwarding(desired) && !actual.Forwards)
        {
            steps.Add(new SetForwarding());
        }

        ILookup<string, string> wanted = desired.FloatingNats.Values.Where(n => n.Interface is not null)
            .ToLookup(n => n.Interface!, n => n.Floating.ToString(), StringComparer.Ordinal);
        (string Link, string Address)[] leaving =
        [
            .. actual.Links.Values.SelectMany(l => l.FloatingAddresses.Select(a => (Link: l.Name, Address: a)))
                .Where(a => !wanted[a.Link].Contains(a.Address)),
        ];
        // After the elements, which are taken away in an earlier phase: a connection that comes up in between is another's.
        steps.AddRange(NatElements.FloatingOf(actual.Firewall.Elements)
            .Where(e => desired.FloatingNats.GetValueOrDefault(e.Floating) is not { Interface: not null } nat
                || nat.Fixed.ToString() != e.Fixed)
            .Select(e => e.Floating).Concat(leaving.Select(l => l.Address)).Distinct(StringComparer.Ordinal)
            .Select(a => new ForgetFlows(a)));
        steps.AddRange(leaving.Select(l => new RemoveFloatingAddress(l.Link, l.Address)));
        foreach (FloatingNat nat in desired.FloatingNats.Values)
        {
            PlanFloating(actual, nat, steps);
        }

        ImmutableHashSet<string> turning = NatElements.TurningBack(desired);
        foreach ((string name, PlacedPort placed) in desired.Ports)
        {
            // A port that is made or moved begins without.
            bool turns = actual.Links.TryGetValue(name, out ActualLink? link) && Same(link, placed)
                && link.Master == placed.Port.Bridge && link.Hairpin;
            if (turns != turning.Contains(name))
            {
                steps.Add(new SetHairpin(name, !turns));
            }
        }
    }

    private static void PlanFloating(ActualHost actual, FloatingNat nat, List<Step> steps)
    {
        string address = nat.Floating.ToString();
        ActualLink? link = nat.Interface is { } name ? actual.Links.GetValueOrDefault(name) : null;
        string? fault = nat.Interface is null ? "this host has no way out: start its agent with --public_interface"
            : link is null ? $"this host has no link {nat.Interface} for floating IPs"
            : link.Name.Length > Outside.LongestLink
                ? $"the name of link {link.Name} is longer than the {Outside.LongestLink} characters that floating IPs need"
            : null;
        if (fault is not null)
        {
            steps.Add(new Refused(Phase.Outside, address, fault));
        }
        else if (!link!.FloatingAddresses.Contains(address)
            && !link.Addresses.Any(a => a.StartsWith(address + "/", StringComparison.Ordinal)))
        {
            steps.Add(new AddFloatingAddress(link.Name, address) { Needs = [Step.FirewallSubject] });
        }
    }
}
