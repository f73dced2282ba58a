namespace NovaOrleans.Agent;

/// <summary>
/// The elements of our nftables sets for a desired host: what may come out of each port, which bridges are ours and
/// which addresses on them are the host's own, and what groups let in. The rules that read them never change
/// (<c>Host/Linux</c>). Pure.
/// </summary>
public static class FirewallElements
{
    /// <summary>
    /// <paramref name="made"/> says of a bridge whether we made it: the host is guarded from those only.
    /// </summary>
    public static ImmutableSortedSet<NftElement> Of(DesiredHost desired, Func<string, bool> made)
    {
        var elements = ImmutableSortedSet.CreateBuilder<NftElement>();
        foreach (PortGuard guard in desired.Guards.Values)
        {
            elements.UnionWith(OfGuard(guard));
        }

        foreach (Bridge bridge in desired.Bridges.Values)
        {
            elements.UnionWith(OfBridge(bridge, made(bridge.Name)));
            if (bridge is { Uplink: { } uplink, SharesAddresses: true, Addresses.Count: > 0 } && made(bridge.Name))
            {
                bool leases = desired.DhcpScopes.Values.Any(s => s.Bridge == bridge.Name);
                elements.UnionWith(OfUplink(uplink, bridge.Addresses, leases));
            }
        }

        elements.UnionWith(NatElements.Of(desired));
        elements.UnionWith(GroupElements.Of(desired, made));
        return elements.ToImmutable();
    }

    /// <summary>A guest with IPv6 speaks from its link-local address too (RFC 4861); the rest of fe80::/10 is not its own.</summary>
    public static IEnumerable<Ip6Address> OwnV6(PortGuard guard) => guard.AddressesV6.Count > 0
        ? guard.AddressesV6.Prepend(Ip6Address.LinkLocal(guard.Mac)).Distinct()
        : [];

    private static IEnumerable<NftElement> OfGuard(PortGuard guard)
    {
        string card = $"{guard.Port} . {guard.Mac}";
        yield return new("bridge", "vmports", guard.Port);
        yield return new("bridge", "bound_mac", card);
        foreach (Ip4Address address in guard.Addresses)
        {
            yield return new("bridge", "bound_ip4", $"{card} . {address}");
        }

        foreach (Ip6Address address in OwnV6(guard))
        {
            yield return new("bridge", "bound_ip6", $"{card} . {address}");
            yield return new("bridge", "own_target", $"{guard.Port} . 0x{Digits(address)}");
            yield return new("bridge", "own_card", $"{guard.Port} . {guard.Mac.Bits}");
        }
    }

    private static IEnumerable<NftElement> OfBridge(Bridge bridge, bool made)
    {
        yield return new("inet", "guest_bridges", bridge.Name);
        yield return new("inet", "one_bridge", $"{bridge.Name} . {bridge.Name}");
        if (!made)
        {
            yield break;
        }

        yield return new("inet", "bridges", bridge.Name);
        foreach (string address in bridge.Addresses.Select(WithoutLength))
        {
            yield return new("inet", IsSix(address) ? "gateways6" : "gateways", $"{bridge.Name} . {address}");
        }
    }

    private static IEnumerable<NftElement> OfUplink(string uplink, IReadOnlyList<string> addresses, bool leases)
    {
        if (leases)
        {
            yield return new("bridge", "dhcp_uplinks", uplink);
        }

        if (addresses.Any(IsSix))
        {
            yield return new("bridge", "ra_uplinks", uplink);
        }

        foreach (string address in addresses.Select(WithoutLength))
        {
            yield return IsSix(address)
                ? new("bridge", "anycast6", $"{uplink} . 0x{Digits(Ip6Address.Parse(address))}")
                : new("bridge", "anycast", $"{uplink} . {address}");
        }
    }

    private static string WithoutLength(string address) => address[..address.IndexOf('/', StringComparison.Ordinal)];

    private static bool IsSix(string address) => address.Contains(':', StringComparison.Ordinal);

    /// <summary>As nft prints a number of 128 bits: without leading zeros.</summary>
    private static string Digits(Ip6Address address) => address.High == 0
        ? address.Low.ToString("x", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{address.High:x}{address.Low:x16}");
}
