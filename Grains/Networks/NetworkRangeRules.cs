
namespace NovaOrleans.Networks;

/// <summary>
/// Whether networks may be created beside those there are, and which VLAN ids and VPN ports they get: no two networks of a
/// service overlap but isolated ones, VLAN ids and VPN ports are unique in it, and a bridge carries one VLAN.
/// </summary>
public static class NetworkRangeRules
{
    /// <summary>The networks with every choice made, or why none of them is created.</summary>
    public static Outcome<IReadOnlyList<NewNetwork>> Create(NetworkRangeState state, CreateNetworks command)
    {
        var taken = state.Networks.ToList();
        var made = new List<NewNetwork>(command.Networks.Count);
        foreach (NewNetwork asked in command.Networks)
        {
            if (Overlap(taken, asked) is { } overlap)
            {
                return overlap;
            }

            if (!ChooseVlan(taken, asked).Try(out NewNetwork? network, out Refusal? refusal)
                || !ChooseVpnPort(taken, network).Try(out network, out refusal))
            {
                return refusal;
            }

            if (BridgeConflict(taken, network) is { } conflict)
            {
                return conflict;
            }

            made.Add(network);
            taken.Add(new NetworkRangeState.Taken(
                network.Id, network.Label, network.Subnet4?.Cidr, network.Subnet6?.Cidr, network.Links.Vlan,
                network.Vpn?.PublicAddress, network.Vpn?.PublicPort, network.Links.Bridge)
            {
                Isolated = network.Isolated,
            });
        }

        return made;
    }

    private static Refusal? Overlap(List<NetworkRangeState.Taken> taken, NewNetwork asked)
    {
        if (asked.Isolated)
        {
            return null;
        }

        foreach (NetworkRangeState.Taken other in taken.Where(t => !t.Isolated))
        {
            bool four = asked.Subnet4 is { } a && other.Cidr is { } b && a.Cidr.Overlaps(b);
            bool six = asked.Subnet6 is { } c && other.CidrV6 is { } d && c.Cidr.Overlaps(d);
            if (four || six)
            {
                string range = four ? $"{asked.Subnet4!.Cidr}" : $"{asked.Subnet6!.Cidr}";
                string theirs = four ? $"{other.Cidr}" : $"{other.CidrV6}";
                return new Refusal(
                    RefusalCode.CidrConflict,
                    $"{range} overlaps {theirs} of network '{other.Label}' ({other.Id}).",
                    other.Id.ToString(), four ? "cidr" : "cidr_v6");
            }
        }

        return null;
    }

    private static Outcome<NewNetwork> ChooseVlan(List<NetworkRangeState.Taken> taken, NewNetwork asked)
    {
        if (asked.Links.Vlan is { } given)
        {
            return taken.Find(n => n.Vlan == given) is { } other
                ? new Refusal(
                    RefusalCode.VlanConflict, $"VLAN {given} is used by network '{other.Label}' ({other.Id}).",
                    other.Id.ToString(), "vlan")
                : WithBridge(asked, given);
        }

        if (asked.VlanFrom is not { } from)
        {
            return asked;
        }

        var used = taken.Where(n => n.Vlan is not null).Select(n => n.Vlan!.Value.Value).ToHashSet();
        for (int value = from; value <= VlanTag.Highest; value++)
        {
            if (!used.Contains(value))
            {
                return WithBridge(asked, VlanTag.Create(value));
            }
        }

        return new Refusal(
            RefusalCode.VlanConflict, $"No VLAN id from {from} to {VlanTag.Highest} is free.", Field: "vlan_start");
    }

    /// <summary>Flat networks may share a bridge that was made by hand; two VLANs on one bridge would be one network.</summary>
    private static Refusal? BridgeConflict(List<NetworkRangeState.Taken> taken, NewNetwork asked) =>
        asked.Links.Bridge is { } bridge
        && taken.Find(n => n.Bridge == bridge && n.Vlan != asked.Links.Vlan) is { } other
            ? new Refusal(
                RefusalCode.Conflict,
                $"Bridge {bridge} is that of network '{other.Label}' ({other.Id}), which has "
                    + (other.Vlan is { } tag ? $"VLAN {tag}." : "no VLAN."),
                other.Id.ToString(), "bridge")
            : null;

    private static NewNetwork WithBridge(NewNetwork network, VlanTag tag) => network with
    {
        Links = network.Links with
        {
            Vlan = tag,
            Bridge = network.BridgeFromVlan && network.Links.Bridge is null ? $"br{tag}" : network.Links.Bridge,
        },
    };

    /// <summary>A VPN's public port counts up from the one asked for until it is free at its public address.</summary>
    private static Outcome<NewNetwork> ChooseVpnPort(List<NetworkRangeState.Taken> taken, NewNetwork asked)
    {
        if (asked.Vpn is not { } vpn)
        {
            return asked;
        }

        var used = taken.Where(n => n.VpnAddress == vpn.PublicAddress).Select(n => n.VpnPort).ToHashSet();
        int port = vpn.PublicPort;
        while (used.Contains(port))
        {
            port++;
        }

        return port <= 65535
            ? asked with { Vpn = vpn with { PublicPort = port } }
            : new Refusal(
                RefusalCode.Conflict, $"No VPN port from {vpn.PublicPort} up is free at {vpn.PublicAddress}.",
                Field: "vpn_start");
    }
}
