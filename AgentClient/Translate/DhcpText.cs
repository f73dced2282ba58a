using System.Text;

namespace NovaOrleans.Agent;

/// <summary>
/// What a network's dnsmasq reads (dnsmasq(8), 2.90). Paths and the user are given on the command line, so that the same
/// scope is the same text on every host. Pure.
/// </summary>
public static class DhcpText
{
    /// <summary>Of cards that are not offered the router.</summary>
    private const string NoRouter = "norouter";

    private const int AdvertSeconds = 10;
    private const int RouterLifeSeconds = 1800;

    /// <summary>Who gets which address: read again at a SIGHUP.</summary>
    public static string HostLine(DhcpHost host) =>
        $"{host.Mac}{(host.OffersRouter ? "" : $",set:{NoRouter}")},{host.Address},{host.Name}";

    /// <summary>Back from a host line: whose it is.</summary>
    public static (MacAddress Mac, Ip4Address Address)? HostOf(string line) =>
        line.Split(',') is [var mac, .., var address, _] && MacAddress.TryParse(mac, out MacAddress card)
        && Ip4Address.TryParse(address, out Ip4Address leased) ? (card, leased) : null;

    /// <summary>
    /// Whose name is which address, whether it has its lease yet or not: read again at a SIGHUP, and told from a host
    /// line by its blank.
    /// </summary>
    public static IEnumerable<string> NameLines(DhcpHost host)
    {
        yield return $"{host.Address} {host.Name}";
        if (host.AddressV6 is { } six)
        {
            yield return $"{six} {host.Name}";
        }
    }

    public static bool IsNameLine(string line) => line.Contains(' ', StringComparison.Ordinal);

    /// <summary>Every line about single hosts, of both kinds.</summary>
    public static ImmutableSortedSet<string> HostLines(DhcpScope scope) => ImmutableSortedSet.CreateRange(
        StringComparer.Ordinal,
        scope.Hosts.SelectMany(h => scope.ServesDns ? NameLines(h).Prepend(HostLine(h)) : [HostLine(h)]));

    public static string Configuration(DhcpScope scope)
    {
        List<string> lines = ["no-hosts", "bind-interfaces", $"interface={scope.Bridge}", "except-interface=lo"];
        lines.AddRange(Names(scope));
        lines.AddRange(Leases(scope));
        lines.AddRange(Adverts(scope));
        return lines.Aggregate(new StringBuilder(), (text, line) => text.Append(line).Append('\n')).ToString();
    }

    private static IEnumerable<string> Names(DhcpScope scope)
    {
        if (scope.Domain is { } domain)
        {
            yield return $"domain={domain}";
        }

        if (!scope.ServesDns)
        {
            // The servers named in leases are somebody else's.
            yield return "no-resolv";
            yield return "port=0";
            yield break;
        }

        // Plain names and those of our domain are answered here or not at all: the outside is not asked for them.
        yield return "domain-needed";
        yield return "bogus-priv";
        if (scope.Domain is { } ours)
        {
            yield return "expand-hosts";
            yield return $"local=/{ours}/";
        }

        Ip4Address[] others = [.. scope.DnsServers.Where(s => s != scope.Server)];
        if (others.Length > 0)
        {
            yield return "no-resolv";
        }

        foreach (Ip4Address server in others)
        {
            yield return $"server={server}";
        }
    }

    private static IEnumerable<string> Leases(DhcpScope scope)
    {
        if (scope.Cidr is not { } cidr)
        {
            yield break;
        }

        yield return "dhcp-authoritative";
        yield return "dhcp-ignore=tag:!known";
        yield return $"dhcp-lease-max={Math.Clamp(cidr.Size, 1, 1 << 20)}";
        yield return $"dhcp-range={cidr.Network},static,{cidr.Netmask},{scope.LeaseSeconds}s";
        // An option without a value keeps dnsmasq from offering its own address in its place.
        yield return scope.Router is { } router ? $"dhcp-option=option:router,{router}" : "dhcp-option=option:router";
        yield return $"dhcp-option=tag:{NoRouter},option:router";
        yield return scope.DnsServers.Count > 0
            ? $"dhcp-option=option:dns-server,{string.Join(',', scope.DnsServers)}"
            : "dhcp-option=option:dns-server";
        yield return $"dhcp-option-force=option:mtu,{scope.Mtu}";
    }

    private static IEnumerable<string> Adverts(DhcpScope scope)
    {
        if (scope.AdvertisedPrefix is { } prefix)
        {
            yield return $"dhcp-range={prefix.Network},ra-only,{prefix.Length}";
            yield return $"ra-param={scope.Bridge},mtu:{scope.Mtu},{AdvertSeconds},{RouterLifeSeconds}";
        }
    }
}
