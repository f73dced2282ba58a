
namespace NovaOrleans.Faults;

/// <summary>
/// The agents' places: each has a namespace for its process, joined to the silos by a link that can be cut, and one that plays
/// its host.
/// </summary>
internal sealed class HostLinks
{
    /// <summary>The silos' address, on the loopback device of the run's own namespace, so that every link leads to it.</summary>
    public const string SiloAddress = "10.254.0.1";

    private readonly string _space;

    private HostLinks(string space, int agents)
    {
        _space = space;
        AgentSpaces = [.. Enumerable.Range(1, agents).Select(n => $"{space}-a{n}")];
        HostSpaces = [.. Enumerable.Range(1, agents).Select(n => $"{space}-h{n}")];
    }

    public IReadOnlyList<string> AgentSpaces { get; }

    public IReadOnlyList<string> HostSpaces { get; }

    public static async Task<HostLinks> Make(string space, int agents)
    {
        HostLinks links = new(space, agents);
        await Ip(space, "addr", "add", $"{SiloAddress}/32", "dev", "lo");
        for (int n = 0; n < agents; n++)
        {
            (string agent, string host, string net) = (links.AgentSpaces[n], links.HostSpaces[n], $"10.254.{n + 1}");
            await Netns.Tool("ip", "netns", "add", agent);
            await Netns.Tool("ip", "netns", "add", host);
            await Ip(host, "link", "set", "lo", "up");
            await Ip(agent, "link", "set", "lo", "up");
            await Ip(space, "link", "add", Link(n), "type", "veth", "peer", "name", "control", "netns", agent);
            await Ip(space, "addr", "add", $"{net}.1/24", "dev", Link(n));
            await Ip(space, "link", "set", Link(n), "up");
            await Ip(agent, "addr", "add", $"{net}.2/24", "dev", "control");
            await Ip(agent, "link", "set", "control", "up");
            await Ip(agent, "route", "add", "default", "via", $"{net}.1");
        }

        return links;
    }

    /// <summary>Nothing gets through any more, and nobody is told: connections stay as they are.</summary>
    public Task Cut(int agent) => Ip(_space, "link", "set", Link(agent), "down");

    public Task Restore(int agent) => Ip(_space, "link", "set", Link(agent), "up");

    private static string Link(int agent) => $"agent{agent + 1}";

    private static Task Ip(string space, params string[] arguments) => Netns.Tool("ip", ["-n", space, .. arguments]);
}
