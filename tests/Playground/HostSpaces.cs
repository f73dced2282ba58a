using NovaOrleans.Testing;

namespace NovaOrleans.Playground;

/// <summary>
/// The network namespaces that play compute hosts, and one that is the wire between them: a bridge with a plug in each host, which
/// there is the link <see cref="Wire"/>.
/// </summary>
internal static class HostSpaces
{
    /// <summary>A host's link to the others.</summary>
    public const string Wire = "wire0";

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
        if (spaces.Count == 0 || spaces.Append(WireOf(spaces)).All(Exists))
        {
            return;
        }

        await Remove(spaces);
        string wire = WireOf(spaces);
        await Ip("netns", "add", wire);
        await Ip("-n", wire, "link", "add", "name", "between", "type", "bridge");
        await Ip("-n", wire, "link", "set", "dev", "between", "up");
        for (int n = 0; n < spaces.Count; n++)
        {
            await Ip("netns", "add", spaces[n]);
            await Ip("-n", spaces[n], "link", "set", "lo", "up");
            await Ip("-n", wire, "link", "add", $"h{n + 1}", "type", "veth", "peer", "name", Wire, "netns", spaces[n]);
            await Ip("-n", wire, "link", "set", $"h{n + 1}", "master", "between", "up");
            await Ip("-n", spaces[n], "link", "set", Wire, "up");
        }
    }

    /// <summary>With every process that is in one of them: they are ours, so those are guests' and DHCP servers'.</summary>
    public static async Task Remove(IReadOnlyList<string> spaces)
    {
        foreach (string space in spaces.Count == 0 ? [] : spaces.Append(WireOf(spaces)).Where(Exists))
        {
            foreach (string pid in (await Ip("netns", "pids", space)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                await Netns.Tool("kill", "-9", pid.Trim());
            }

            await Ip("netns", "delete", space);
        }
    }

    private static string WireOf(IReadOnlyList<string> spaces) => spaces[0][..^"h1".Length] + "wire";

    private static bool Exists(string space) => File.Exists(Path.Combine(Folder, space));

    private static Task<string> Ip(params string[] arguments) => Netns.Tool("ip", arguments);
}
