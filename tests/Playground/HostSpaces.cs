using NovaOrleans.Testing;

namespace NovaOrleans.Playground;

/// <summary>
/// The network namespaces that play compute hosts, and one that is what they are plugged into. Two bridges are there: the wire between
/// the hosts, each host's link <see cref="Wire"/>; and the outside, each host's link <see cref="Public"/>, where floating IPs are.
/// </summary>
internal static class HostSpaces
{
    /// <summary>A host's link to the others.</summary>
    public const string Wire = "wire0";

    /// <summary>A host's link to the outside.</summary>
    public const string Public = "public0";

    /// <summary>Addresses that are the outside's, but for its first (RFC 5737): what a pool of floating IPs may be made of.</summary>
    public const string FloatingRange = "203.0.113.16/28";

    private const string Folder = "/run/netns";

    /// <summary>Names that nobody has yet: the folder's own, so that two clusters may be side by side.</summary>
    public static IReadOnlyList<string> NamesFor(int hosts)
    {
        string mark = Guid.NewGuid().ToString("N")[..4];
        return [.. Enumerable.Range(1, hosts).Select(n => $"nova-play-{mark}-h{n}")];
    }

    /// <summary>Makes those that are not there: all of them at first, and again after the machine's restart.</summary>
    public static async Task Make(IReadOnlyList<string> spaces)
    {
        if (spaces.Count == 0 || spaces.Append(OutsideOf(spaces)).All(Exists))
        {
            return;
        }

        await Remove(spaces);
        string outside = OutsideOf(spaces);
        await Ip("netns", "add", outside);
        foreach (string bridge in new[] { "between", "outside" })
        {
            await Ip("-n", outside, "link", "add", "name", bridge, "type", "bridge");
            await Ip("-n", outside, "link", "set", "dev", bridge, "up");
        }

        await Ip("-n", outside, "address", "add", "203.0.113.1/24", "dev", "outside");
        await Ip("-n", outside, "address", "add", "198.51.100.1/24", "dev", "outside");
        for (int n = 0; n < spaces.Count; n++)
        {
            await Ip("netns", "add", spaces[n]);
            await Ip("-n", spaces[n], "link", "set", "lo", "up");
            await Plug(outside, "between", $"h{n + 1}", spaces[n], Wire);
            await Plug(outside, "outside", $"p{n + 1}", spaces[n], Public);
            await Ip("-n", spaces[n], "address", "add", $"198.51.100.{n + 2}/24", "dev", Public);
            await Ip("-n", spaces[n], "route", "add", "default", "via", "198.51.100.1");
        }
    }

    private static async Task Plug(string outside, string bridge, string plug, string space, string link)
    {
        await Ip("-n", outside, "link", "add", plug, "type", "veth", "peer", "name", link, "netns", space);
        await Ip("-n", outside, "link", "set", plug, "master", bridge, "up");
        await Ip("-n", space, "link", "set", link, "up");
    }

    /// <summary>With every process that is in one of them: they are ours, so those are guests' and DHCP servers'.</summary>
    public static async Task Remove(IReadOnlyList<string> spaces)
    {
        foreach (string space in spaces.Count == 0 ? [] : spaces.Append(OutsideOf(spaces)).Where(Exists))
        {
            foreach (string pid in (await Ip("netns", "pids", space)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                await Netns.Tool("kill", "-9", pid.Trim());
            }

            await Ip("netns", "delete", space);
        }
    }

    /// <summary>The namespace that the hosts are plugged into: floating IPs are reached from there.</summary>
    public static string OutsideOf(IReadOnlyList<string> spaces) => spaces[0][..^"h1".Length] + "outside";

    private static bool Exists(string space) => File.Exists(Path.Combine(Folder, space));

    private static Task<string> Ip(params string[] arguments) => Netns.Tool("ip", arguments);
}
