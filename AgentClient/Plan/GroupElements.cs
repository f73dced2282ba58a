namespace NovaOrleans.Agent;

/// <summary>
/// The elements that security groups come down to (<c>Host/Linux/groups.nft</c>). Ports with the same groups share a profile, so
/// that rules grow with the combinations of groups and not with ports; sources that are groups share their members likewise, so
/// that one member more is one element. Pure.
/// </summary>
internal static class GroupElements
{
    public static IEnumerable<NftElement> Of(DesiredHost desired, Func<string, bool> made)
    {
        PortGuard[] grouped = [.. desired.Guards.Values.Where(g => g.SecurityGroups.Count > 0 && desired.Ports.ContainsKey(g.Port))];
        ILookup<string, PortGuard> profiles = grouped.ToLookup(g => GroupNumbers.TextOf(g.SecurityGroups));
        ImmutableSortedDictionary<string, uint> numbers = GroupNumbers.Of(profiles.Select(p => p.Key));
        RuleElements rules = new(desired);
        foreach (IGrouping<string, PortGuard> profile in profiles)
        {
            rules.Add(numbers[profile.Key], profile.First().SecurityGroups);
        }

        return
        [
            .. grouped.SelectMany(g => OfPort(g, desired.Ports[g.Port].Port.Bridge, numbers[GroupNumbers.TextOf(g.SecurityGroups)])),
            .. rules.Elements(),
            .. Zones(desired, [.. grouped.Select(g => desired.Ports[g.Port].Port.Bridge)], made),
            .. Prefixes.Widest(desired.Blocked).Select(p => new NftElement("bridge", Prefixes.IsSix(p) ? "blocked6" : "blocked4", p)),
        ];
    }

    private static IEnumerable<NftElement> OfPort(PortGuard guard, string bridge, uint profile)
    {
        yield return new("bridge", "grouped", guard.Port);
        yield return new("bridge", "port_profiles", $"{guard.Port} . {profile}");
        foreach (Ip4Address address in guard.Addresses)
        {
            yield return new("inet", "profiles4", $"{bridge} . {address} : {profile}");
        }

        foreach (Ip6Address address in FirewallElements.OwnV6(guard))
        {
            yield return new("inet", "profiles6", $"{bridge} . {address} : {profile}");
        }
    }

    /// <summary>
    /// Bridges with groups that the host has no address on. Where it has one it may translate addresses, and both halves of a flow
    /// must be found in one zone; two networks of one prefix could not be served there anyway.
    /// </summary>
    private static IEnumerable<NftElement> Zones(DesiredHost desired, HashSet<string> grouped, Func<string, bool> made)
    {
        IEnumerable<string> bridges = desired.Bridges.Values
            .Where(b => b.Addresses.Count == 0 && grouped.Contains(b.Name) && made(b.Name)).Select(b => b.Name);
        return GroupNumbers.Of(bridges, highest: ushort.MaxValue).Select(z => new NftElement("inet", "zones", $"{z.Key} : {z.Value}"));
    }
}
