using System.Globalization;
using System.Text;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Benchmarks.Hosts;

/// <summary>
/// A desired host with many VNICs: ten networks, twenty security groups of five rules each, one of them with a group of all
/// VNICs as its source. The first two VNICs may be real guests; the others are taps that nobody opens.
/// </summary>
internal sealed record CrowdedHost(int Vnics)
{
    private const int Networks = 10;
    private const int Groups = 20;

    private static readonly ServicePath s_service = ServicePath.Parse("bench.host");

    /// <summary>Namespaces of guests to be, by VNIC number.</summary>
    public IReadOnlyDictionary<int, string> Guests { get; init; } = new Dictionary<int, string>();

    /// <summary>Members of the source group beside the VNICs.</summary>
    public int MoreMembers { get; init; }

    public static string AddressOf(int vnic) => string.Create(
        CultureInfo.InvariantCulture, $"10.{vnic % Networks}.{(vnic / Networks) >> 7}.{((vnic / Networks) & 127) + 10}");

    public DesiredHost Build()
    {
        SecurityGroupFact[] groups = [.. Enumerable.Range(0, Groups).Select(g => new SecurityGroupFact(Group(g), $"group-{g}", Rules(g)))];
        GroupMembersFact members = new(
            Group(Groups), [.. Enumerable.Range(0, Vnics).Select(AddressOf), .. Enumerable.Range(0, MoreMembers).Select(m => $"172.16.0.{m + 1}")]);
        (GuestPort Port, PortGuard Guard, GuestAttachment Place)[] ports = [.. Enumerable.Range(0, Vnics).Select(PortOf)];
        return DesiredHost.Empty with
        {
            Bridges = DesiredHost.Named<Bridge>().AddRange(Enumerable.Range(0, Networks)
                .Select(n => new Bridge($"br{n}", 1500, null, [$"10.{n}.255.254/16"])).Select(b => KeyValuePair.Create(b.Name, b))),
            Ports = DesiredHost.Named<PlacedPort>().AddRange(
                ports.Select(p => KeyValuePair.Create(p.Port.Name, new PlacedPort(p.Port, p.Place, s_service)))),
            Guards = DesiredHost.Named<PortGuard>().AddRange(ports.Select(p => KeyValuePair.Create(p.Port.Name, p.Guard))),
            SecurityGroups = DesiredHost.Named<SecurityGroupFact>().AddRange(groups.Select(g => KeyValuePair.Create(g.Key, g))),
            GroupMembers = DesiredHost.Named<GroupMembersFact>().Add(members.Key, members),
        };
    }

    /// <summary>The same said rule by rule, port by port, as one would write it without maps.</summary>
    public string LinearRules()
    {
        StringBuilder text = new();
        text.Append("table bridge linear {\n chain from_ports { type filter hook prerouting priority -300; policy accept;\n");
        (GuestPort Port, PortGuard Guard, GuestAttachment Place)[] ports = [.. Enumerable.Range(0, Vnics).Select(PortOf)];
        foreach ((GuestPort port, PortGuard guard, _) in ports)
        {
            string own = $"  iifname \"{port.Name}\"";
            text.Append(
                CultureInfo.InvariantCulture,
                $"""
                {own} ether saddr != {port.Mac} drop
                {own} arp saddr ether != {port.Mac} drop
                {own} arp saddr ip != {guard.Addresses[0]} drop
                {own} udp sport 67 drop
                {own} ip saddr != {guard.Addresses[0]} drop

                """);
        }

        text.Append(" }\n}\ntable inet linear {\n chain to_guests { type filter hook forward priority filter; policy accept;\n")
            .Append("  ct state established,related accept\n");
        for (int vnic = 0; vnic < Vnics; vnic++)
        {
            string own = $"  ip daddr {AddressOf(vnic)}";
            foreach (SecurityRule rule in Rules(vnic % Groups).Where(r => r.Cidr is not null))
            {
                string match = rule.Protocol switch
                {
                    RuleProtocol.Icmp => $"icmp type {rule.FromPort}",
                    RuleProtocol.Udp => $"udp dport {rule.FromPort}-{rule.ToPort}",
                    _ => $"tcp dport {rule.FromPort}-{rule.ToPort}",
                };
                text.Append(CultureInfo.InvariantCulture, $"{own} ip saddr {rule.Cidr} {match} accept\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"{own} drop\n");
        }

        return text.Append(" }\n}\n").ToString();
    }

    private (GuestPort Port, PortGuard Guard, GuestAttachment Place) PortOf(int vnic)
    {
        VnicId id = new(new Guid(vnic, 1, 0, 0, 0, 0, 0, 0, 0, (byte)(vnic >> 8), (byte)vnic));
        InstanceId instance = new(new Guid(vnic, 2, 0, new byte[8]));
        _ = MacAddress.TryFromBits(0x02_00_00_00_00_00UL + (ulong)vnic + 1, out MacAddress mac);
        GuestPort port = new(GuestPort.NameOf(id), id, instance, 0, $"br{vnic % Networks}", mac, 1500);
        PortGuard guard = new(port.Name, mac, [Ip4Address.Parse(AddressOf(vnic))], []) { SecurityGroups = [Group(vnic % Groups)] };
        return (port, guard, Guests.TryGetValue(vnic, out string? space) ? new GuestSpace(space) : OpenedByHypervisor.Instance);
    }

    private static SecurityGroupId Group(int group) => new(new Guid(group, 3, 0, new byte[8]));

    /// <summary>Of iperf3 the port, and four more; every group has a prefix of its own.</summary>
    private static SecurityRule[] Rules(int group) =>
    [
        Rule(1, RuleProtocol.Tcp, 5201, 5201, "0.0.0.0/0"),
        Rule(2, RuleProtocol.Udp, 5201, 5201, "0.0.0.0/0"),
        Rule(3, RuleProtocol.Tcp, 1000, 1999, $"192.168.{group}.0/24"),
        Rule(4, RuleProtocol.Icmp, 8, -1, $"192.168.{group}.0/24"),
        Rule(5, RuleProtocol.Any, -1, -1, null),
    ];

    private static SecurityRule Rule(int number, RuleProtocol protocol, int from, int to, string? cidr) => new(
        new SecurityRuleId(new Guid(number, 4, 0, new byte[8])), protocol, from, to, cidr, cidr is null ? Group(Groups) : null);
}
