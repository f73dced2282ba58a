using System.Globalization;
using NovaOrleans.Networks;

namespace NovaOrleans.Ledger;

/// <summary>
/// What a network service asks for, held against what a network can be, and completed. A service is other people's code: what it
/// hands on from its users reaches tools and guests only from here. Pure.
/// </summary>
internal static class NetworkDrafts
{
    private const int LeastMtu = 68;
    private const int LeastMtuOfIpv6 = 1280;
    private const int LongestQuarantineSeconds = 86_400;

    /// <summary>Null where it may be made; else the first fault, with all others in <see cref="Refusal.More"/>.</summary>
    public static Refusal? Fault(Asker by, NetworkDraft draft)
    {
        var faults = new List<Refusal>();
        if (by.Scope is { } scope && scope != draft.Project)
        {
            faults.Add(new Refusal(
                RefusalCode.Forbidden, $"Project {scope} makes no network of another project, and none without.", Field: "project_id"));
        }

        Check(faults, Names.IsLabel(draft.Label), "label", draft.Label, Names.LabelAccepts);
        Check(faults, draft.Bridge is null || Names.IsLink(draft.Bridge), "bridge", draft.Bridge, Names.LinkAccepts);
        Check(
            faults, draft.BridgeInterface is null || Names.IsLink(draft.BridgeInterface), "bridge_interface",
            draft.BridgeInterface, Names.LinkAccepts);
        int least = draft.CidrV6 is null ? LeastMtu : LeastMtuOfIpv6;
        Check(faults, draft.Mtu >= least && draft.Mtu <= 65_535, "mtu", Text(draft.Mtu), $"{least} to 65535 bytes");
        Check(
            faults, draft.QuarantineSeconds is >= 0 and <= LongestQuarantineSeconds, "quarantine_seconds",
            Text(draft.QuarantineSeconds), $"0 to {LongestQuarantineSeconds} seconds");
        bool hasWayOut = draft is { Isolated: false, Subnet.Gateway: not null };
        Check(faults, !draft.Nat || hasWayOut, "nat", "true", "false, for a network that is isolated or has no gateway");
        CheckExtras(faults, draft.Extra);
        CheckSubnets(faults, draft);
        return faults.Count == 0 ? null : faults[0] with { More = faults[1..] };
    }

    /// <summary>A draft without fault as the range grain takes it.</summary>
    public static NewNetwork New(NetworkDraft draft) => new(
        draft.Id, draft.Project, draft.Label,
        new NetworkLinks(
            draft.Bridge ?? Bridge.NameOf(draft.Id), draft.BridgeInterface, draft.Vlan, draft.Mtu,
            Dhcp: draft.Dhcp ? "dnsmasq" : "none"),
        draft.Subnet is { } subnet ? Complete(subnet, draft.Dhcp) : null,
        draft.CidrV6 is { } six ? new Subnet6(six, draft.GatewayV6) : null)
    {
        Injected = draft.Injected,
        Nat = draft.Nat,
        Isolated = draft.Isolated,
        TellsMembers = draft.TellsMembers,
        QuarantineSeconds = draft.QuarantineSeconds,
        // A copy: what a service gives may be of a type that no silo can read.
        Extra = new Dictionary<string, string>(draft.Extra),
    };

    /// <summary>Whether the network is what the draft asked for, by what tells networks apart.</summary>
    public static bool Made(NetworkDraft draft, NetworkView network) => network.Id == draft.Id
        && network.Project == draft.Project && network.Label == draft.Label
        && network.Subnet4?.Cidr == draft.Subnet?.Cidr && network.Subnet6?.Cidr == draft.CidrV6;

    private static Subnet4 Complete(LedgerSubnet subnet, bool dhcp)
    {
        AddressRange.TryCreate(subnet.Cidr.Network + 1, new Ip4Address(subnet.Cidr.Broadcast.Bits - 1), out AddressRange all);
        return new Subnet4(
            subnet.Cidr, subnet.Gateway, dhcp ? subnet.DhcpServer ?? subnet.Gateway : null, subnet.Allowed ?? all, subnet.Dns);
    }

    private static void CheckExtras(List<Refusal> faults, IReadOnlyDictionary<string, string> extra)
    {
        Check(
            faults, extra.Count <= NetworkDraft.MostExtras, "extra", $"{extra.Count} entries", $"at most {NetworkDraft.MostExtras}");
        foreach ((string name, string value) in extra)
        {
            bool good = Names.IsIdentifier(name, 64) && value.Length <= NetworkDraft.LongestExtra && !value.Any(char.IsControl);
            Check(faults, good, "extra", name, NetworkDraft.ExtraAccepts);
        }
    }

    private static void CheckSubnets(List<Refusal> faults, NetworkDraft draft)
    {
        if (draft.Subnet is { } four)
        {
            Check(faults, four.Cidr.Length is >= 8 and <= 30, "cidr", four.Cidr.ToString(), "a /8 to a /30");
            foreach ((string field, Ip4Address? address) in new[]
            {
                ("gateway", four.Gateway), ("dhcp_server", four.DhcpServer), ("allowed", four.Allowed?.First),
                ("allowed", four.Allowed?.Last),
            })
            {
                bool good = address is not { } given
                    || (four.Cidr.Contains(given) && given != four.Cidr.Network && given != four.Cidr.Broadcast);
                Check(faults, good, field, address.ToString(), $"an address that a machine in {four.Cidr} can have");
            }
        }

        if (draft.Dhcp && (draft.Subnet is not { } leased || (leased.DhcpServer ?? leased.Gateway) is null))
        {
            Check(faults, good: false, "dhcp_server", null, "an address of the hosts, or a gateway, where leases are given");
        }

        if (draft.CidrV6 is { } six)
        {
            Check(faults, six.Length == 64, "cidr_v6", six.ToString(), "a /64");
        }

        bool inside = draft.GatewayV6 is not { } router
            || (draft.CidrV6 is { } prefix && prefix.Contains(router) && router != prefix.Network);
        Check(faults, inside, "gateway_v6", draft.GatewayV6.ToString(), "the address of a router in cidr_v6");
    }

    private static void Check(List<Refusal> faults, bool good, string field, string? given, string accepts)
    {
        if (!good)
        {
            faults.Add(new Refusal(
                RefusalCode.MalformedRequest, $"'{field}' was '{Http.BodyText.Shown(given ?? "")}'; accepted is {accepts}.", Field: field));
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
