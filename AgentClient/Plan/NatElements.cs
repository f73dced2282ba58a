namespace NovaOrleans.Agent;

/// <summary>
/// The elements of our nftables maps of addresses: what stands for what, and what leaves by which way. Of two claims to one
/// key the first is kept, so that the others are served. Pure.
/// </summary>
public static class NatElements
{
    /// <summary>The map from floating to fixed IPs, by the former.</summary>
    public const string Floating = "floating";

    private const string Family = "ip";

    public static IEnumerable<NftElement> Of(DesiredHost desired) => Pairs(desired).Concat(Links(desired));

    private static IEnumerable<NftElement> Pairs(DesiredHost desired)
    {
        Dictionary<string, string> floating = new(StringComparer.Ordinal), own = new(StringComparer.Ordinal);
        Dictionary<string, string> forwards = new(StringComparer.Ordinal), ways = new(StringComparer.Ordinal);
        foreach (FloatingNat nat in desired.FloatingNats.Values.Where(n => n.Interface is not null))
        {
            floating.TryAdd($"{nat.Floating}", $"{nat.Fixed}");
            own.TryAdd($"{nat.Fixed}", $"{nat.Floating}");
            yield return new(Family, "ways_out", $"{nat.Bridge} . {nat.Interface}");
        }

        foreach (SourceNat nat in desired.SourceNats.Values)
        {
            // Also where there is no way out: two members of a network may meet at a floating IP.
            yield return new(Family, "members", $"{nat.Bridge} . {nat.Source}");
            if (nat.Interface is { } link)
            {
                yield return new(Family, "ways_out", $"{nat.Bridge} . {link}");
                if (nat.Address is { } address)
                {
                    ways.TryAdd($"{nat.Bridge} . {link}", $"{address}");
                }
            }
        }

        foreach (PortForward forward in desired.PortForwards.Values)
        {
            forwards.TryAdd(
                string.Create(CultureInfo.InvariantCulture, $"{forward.Public} . {forward.PublicPort}"),
                string.Create(CultureInfo.InvariantCulture, $"{forward.Private} . {forward.PrivatePort}"));
        }

        foreach ((string map, Dictionary<string, string> pairs) in new[]
        {
            (Floating, floating), ("fixed", own), ("forwards", forwards), ("ways_out_as", ways),
        })
        {
            foreach ((string key, string value) in pairs)
            {
                yield return new(Family, map, $"{key} : {value}");
            }
        }
    }

    private static IEnumerable<NftElement> Links(DesiredHost desired)
    {
        foreach (string port in TurningBack(desired))
        {
            // What is for everybody is not turned back: a guest that hears its own questions would think that it has a rival.
            yield return new("bridge", "turning_back", $"{port} . {port}");
        }

        foreach (string bridge in desired.MetadataBridges)
        {
            yield return new(Family, "metadata", bridge);
        }
    }

    /// <summary>
    /// The ports of guests with a floating IP. Who asks for its own one meets itself: with br_netfilter the packet is turned round
    /// inside the bridge, and has to leave by the port that it came by.
    /// </summary>
    public static ImmutableHashSet<string> TurningBack(DesiredHost desired)
    {
        HashSet<(string Bridge, Ip4Address Address)> own =
            [.. desired.FloatingNats.Values.Where(n => n.Interface is not null).Select(n => (n.Bridge, n.Fixed))];
        return own.Count == 0 ? [] : [.. desired.Ports.Values
            .Where(p => desired.Guards.TryGetValue(p.Port.Name, out PortGuard? guard)
                && guard.Addresses.Any(a => own.Contains((p.Port.Bridge, a))))
            .Select(p => p.Port.Name)];
    }

    /// <summary>Whether the host has to pass packets on between its bridges and the outside.</summary>
    public static bool NeedsForwarding(DesiredHost desired) => !desired.PortForwards.IsEmpty
        || desired.FloatingNats.Values.Any(n => n.Interface is not null)
        || desired.SourceNats.Values.Any(n => n.Interface is not null);

    /// <summary>The floating IPs of these elements, each with what it stands for.</summary>
    public static IEnumerable<(string Floating, string Fixed)> FloatingOf(IEnumerable<NftElement> elements) =>
        elements.Where(e => e is { Family: Family, Set: Floating }).Select(e => e.Value.Split(" : ")).Select(w => (w[0], w[1]));
}
