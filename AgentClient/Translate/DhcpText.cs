using System.Text;

namespace NovaOrleans.Agent;

/// <summary>
/// A DHCP scope as dnsmasq reads it (dnsmasq(8), 2.90). Paths are given on the command line, so that the same scope
/// is the same text on every host. Pure.
/// </summary>
public static class DhcpText
{
    public static string HostLine(DhcpHost host) => $"{host.Mac},{host.Address},{host.Name}";

    public static ImmutableSortedSet<string> HostLines(DhcpScope scope) =>
        ImmutableSortedSet.CreateRange(StringComparer.Ordinal, scope.Hosts.Select(HostLine));

    public static string Configuration(DhcpScope scope)
    {
        StringBuilder text = new();
        void Line(string line) => text.Append(line).Append('\n');
        Line("no-resolv");
        Line("no-hosts");
        // No DNS here: the servers named below are somebody else's.
        Line("port=0");
        Line("user=root");
        Line("bind-interfaces");
        Line($"interface={scope.Bridge}");
        Line("except-interface=lo");
        Line("dhcp-authoritative");
        Line("dhcp-ignore=tag:!known");
        Line($"dhcp-lease-max={Math.Clamp(scope.Cidr.Size, 1, 1 << 20)}");
        Line($"dhcp-range={scope.Cidr.Network},static,{scope.Cidr.Netmask},{scope.LeaseSeconds}s");
        // An option without a value keeps dnsmasq from offering its own address in its place.
        Line(scope.Router is { } router ? $"dhcp-option=option:router,{router}" : "dhcp-option=option:router");
        Line(scope.DnsServers.Count > 0
            ? $"dhcp-option=option:dns-server,{string.Join(',', scope.DnsServers)}"
            : "dhcp-option=option:dns-server");
        Line($"dhcp-option-force=option:mtu,{scope.Mtu}");
        return text.ToString();
    }
}
