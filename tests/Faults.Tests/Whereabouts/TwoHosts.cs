using System.Net;
using System.Text.Json.Nodes;
using NovaOrleans.Testing.Clusters;

namespace NovaOrleans.Faults;

/// <summary>
/// A cluster of processes with two compute hosts in the kernel and guests on them, whose hosts carry one network over a wire
/// that can be pulled.
/// </summary>
internal sealed class TwoHosts : IAsyncDisposable
{
    private const string Wire = "eth1";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);

    private readonly Netns[] _hosts;
    private readonly HashSet<string> _guests = [];
    private string _network = "";

    private TwoHosts(Netns[] hosts, NovaCluster cluster) => (_hosts, Cluster) = (hosts, cluster);

    public NovaCluster Cluster { get; }

    public static async Task<TwoHosts> Make()
    {
        Netns[] hosts = [await Netns.Create("nvw"), await Netns.Create("nvw")];
        await hosts[0].Ip("link", "add", Wire, "type", "veth", "peer", "name", Wire, "netns", hosts[1].Name);
        foreach (Netns host in hosts)
        {
            await host.Ip("link", "set", Wire, "up");
        }

        NovaCluster cluster = await NovaCluster.Start(new ClusterPlan
        {
            Silos = 2,
            Facades = 1,
            Agents = 2,
            Spaces = [.. hosts.Select(h => h.Name)],
            AgentOptions = ["--compute", "namespaces"],
        });
        TwoHosts made = new(hosts, cluster);
        try
        {
            await cluster.Http.Post("/v1.1/projects", """{"project":{"id":"demo"}}""");
            await cluster.Http.Put("/v1.1/projects/demo/network_service", """{"network_service":"flat_dhcp"}""");
            JsonNode answer = await made.Asked(HttpMethod.Post, "/v1.1/flat_dhcp/networks",
                $$$"""{"network":{"label":"blue","cidr":"10.77.0.0/28","bridge_interface":"{{{Wire}}}","quarantine_seconds":0}}""");
            made._network = (string)(answer["network"] ?? answer["networks"]![0])!["id"]!;
            return made;
        }
        catch
        {
            await made.DisposeAsync();
            throw;
        }
    }

    /// <summary>The instance's id, once its host has said that all of it is there.</summary>
    public async Task<string> Launch(string name, int host, string address)
    {
        string key = $"launch-{name}";
        string body = $$$"""
            {"server":{"name":"{{{name}}}","host":"{{{ClusterPlan.HostOf(host)}}}","networks":[{"uuid":"{{{_network}}}","fixed_ip":"{{{address}}}"}]}}
            """;
        string id = "";
        await Poll.Until(
            async () =>
            {
                ClusterHttp.Answer answer = await Cluster.Http.Post("/v1.1/servers", body, key);
                id = (string?)answer.Body?["server"]?["id"] ?? "";
                Assert.True(answer.Status is HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable, $"{answer}");
                return answer.Status == HttpStatusCode.Accepted;
            },
            $"{name} is accepted", s_limit);
        _guests.Add(id);
        await UntilServer(id, "ACTIVE");
        return id;
    }

    public async Task Delete(string server)
    {
        await Asked(HttpMethod.Delete, $"/v1.1/servers/{server}");
        await Poll.Until(
            async () => (await Cluster.Http.Get($"/v1.1/servers/{server}")).Status == HttpStatusCode.NotFound, $"{server} is gone", s_limit);
    }

    public async Task UntilServer(string id, string status)
    {
        string last = "";
        await Poll.Until(
            async () => (last = (string?)(await Cluster.Http.Get($"/v1.1/servers/{id}")).Body?["server"]?["status"] ?? "") == status,
            () => $"{id} is {status}; it is {last}; {Cluster.Logs()}", s_limit);
    }

    public async Task<JsonNode> Host(int host)
    {
        JsonNode? found = null;
        await Poll.Until(
            async () => (found = (await Cluster.Http.Get($"/v1.1/hosts/{ClusterPlan.HostOf(host)}")).Body?["host"]) is not null,
            "the host's grain answers", s_limit);
        return found!;
    }

    public Task Fence(int host) =>
        Asked(HttpMethod.Post, $"/v1.1/hosts/{ClusterPlan.HostOf(host)}/action", """{"fence":null}""");

    /// <summary>The host's wire is pulled, or put back.</summary>
    public Task SetWire(int host, bool up) => _hosts[host].Ip("link", "set", Wire, up ? "up" : "down");

    /// <summary>Names and numbers of the host's ports: a port that was made anew has another number.</summary>
    public async Task<string[]> Ports(int host) =>
    [
        .. JsonNode.Parse(await _hosts[host].Ip("-j", "link"))!.AsArray()
            .Where(l => (string)l!["ifname"]! is { Length: 14 } name && name.StartsWith("nv", StringComparison.Ordinal))
            .Select(l => $"{l!["ifindex"]}:{l["ifname"]}").Order(StringComparer.Ordinal),
    ];

    /// <summary>A guest's namespace ends as its instance's id does.</summary>
    public static string SpaceOf(string server) => "nova-" + server.Replace("-", "", StringComparison.Ordinal)[^12..];

    public static bool HasGuest(string server) => File.Exists("/run/netns/" + SpaceOf(server));

    public static async Task<bool> HasAddress(string server, string address) =>
        HasGuest(server) && (await Netns.Tool("ip", "-n", SpaceOf(server), "-4", "addr")).Contains($"inet {address}/", StringComparison.Ordinal);

    public static Task UntilPings(string from, string address) => Poll.Until(
        () => Netns.Pings(SpaceOf(from), address), $"{from} reaches {address}", s_limit);

    public async Task<JsonNode> Asked(HttpMethod method, string path, string? body = null)
    {
        ClusterHttp.Answer answer = await Cluster.Http.Send(method, path, body);
        Assert.True((int)answer.Status < 300, $"{method} {path}: {answer}");
        return answer.Body ?? new JsonObject();
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((ClusterProcess agent, int n) in Cluster.Agents.Select((agent, n) => (agent, n)))
        {
            agent.Thaw();
            await agent.Kill();
            // What the agent made goes the way that an operator would take.
            await using NovaProcess cleanUp = NovaProcess.Start(
                "AgentClient",
                ["--host", ClusterPlan.HostOf(n), "--netns", _hosts[n].Name, "--state", Cluster.StateOf(n), .. NovaServer.Services, "--cleanup"]);
            await cleanUp.Ended(s_limit);
        }

        await Cluster.DisposeAsync();
        foreach (Netns host in _hosts)
        {
            await host.DisposeAsync();
        }

        Assert.DoesNotContain(_guests, HasGuest);
    }
}
