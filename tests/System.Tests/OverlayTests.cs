using System.Net;
using System.Text.Json.Nodes;
using NovaOrleans.Testing;
using Xunit.Abstractions;

namespace NovaOrleans.Systems;

/// <summary>
/// A network service of strangers' on the binaries as they are: its folder is copied, its line added. Two hosts that are joined by IP
/// alone, and guests of two projects on both.
/// </summary>
[Trait("tier", "kernel")]
public sealed class OverlayTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Service = "nova.network.vxlan";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly NovaServer _server = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nova-overlay-");
    private readonly Dictionary<string, string> _guests = new(StringComparer.Ordinal);
    private readonly List<NovaProcess> _agents = [];
    private readonly List<Netns> _hosts = [];

    private string List => Path.Combine(_folder.FullName, "nova-network.conf");

    private string[] Services => ["--network_service_conf", List, "--network_service_path", _folder.FullName];

    public async Task InitializeAsync()
    {
        string built = Path.Combine(NovaProcess.Artifacts, "network-services");
        foreach (string folder in Directory.EnumerateDirectories(built))
        {
            Copy(folder, "*", Path.GetFileName(folder));
        }

        File.Copy(Path.Combine(built, "nova-network.conf"), List);
        await _server.Start(Services);
    }

    public async Task DisposeAsync()
    {
        foreach (NovaProcess agent in _agents)
        {
            await agent.DisposeAsync();
        }

        foreach ((Netns host, int i) in _hosts.Select((h, i) => (h, i)))
        {
            await using NovaProcess cleanUp = Agent(i, "--cleanup");
            (int exit, string printed, string errors) = await cleanUp.Ended(Limit);
            Assert.True(exit == 0, printed + errors);
            Assert.Equal(["eth1", "lo"], await Links(host));
        }

        // The wire goes with the first of them.
        foreach (Netns host in _hosts)
        {
            await host.DisposeAsync();
        }

        await _server.DisposeAsync();
        Assert.DoesNotContain(_guests.Values, g => File.Exists("/run/netns/" + SpaceOf(g)));
        _folder.Delete(recursive: true);
    }

    [Fact]
    [Trait("seed", "S4"), Trait("seed", "S9"), Trait("seed", "S10"), Trait("seed", "S11"), Trait("seed", "S139")]
    public async Task Two_hosts_joined_by_IP_carry_projects_networks_that_nobody_here_wrote()
    {
        await Install();
        await StartHosts();
        foreach (string project in new[] { "demo", "other" })
        {
            await Segment(project, """{"segment":{"label":"lab","cidr":"10.9.0.0/24"}}""");
            await Launch(project, "one", "host0");
            await Launch(project, "two", "host1");
        }

        // The same two addresses twice, and each reaches its own project's.
        foreach (string project in new[] { "demo", "other" })
        {
            string from = Space(project, "one");
            await PingsWithin(from, "10.9.0.2", $"{project} reaches the other host");
            Assert.Contains(await Mac(Space(project, "two")), await Netns.Exec(from, "ip", "neigh", "show", "10.9.0.2"));
            Assert.Contains("mtu 1450", await Netns.Exec(from, "ip", "link", "show", "eth0"), StringComparison.Ordinal);
            Assert.Equal(0, await Netns.ExitCode(from, "ping", "-n", "-c1", "-W2", "-Mdo", "-s1422", "10.9.0.2"));
            Assert.NotEqual(0, await Netns.ExitCode(from, "ping", "-n", "-c1", "-W1", "-Mdo", "-s1423", "10.9.0.2"));
        }

        // One project's leaves: its address is answered by nobody, though another project's guest has it beside it.
        await Delete("demo", "two");
        await Netns.Exec(Space("demo", "one"), "ip", "neigh", "flush", "all");
        Assert.False(await Netns.Pings(Space("demo", "one"), "10.9.0.2"), "that address is of another segment");
        Assert.True(await Netns.Reaches(Space("other", "one"), "10.9.0.2"), "which does not notice");
        await Poll.Until(
            async () => (await Forwarding(0)).Split('\n').Count(l => l.Contains(" dst ", StringComparison.Ordinal)) == 2,
            "its host is told of the other project's alone", Limit);

        await WithoutAnySubnet();
        output.WriteLine("figure: two hosts joined by IP: ping, MTU 1450, two projects with the same addresses, a segment without any");
    }

    /// <summary>Pure L2 between the hosts: guests take addresses as they like, and those of the other segments are none of them.</summary>
    private async Task WithoutAnySubnet()
    {
        string segment = await Segment("demo", """{"segment":{"label":"bare"}}""");
        string[] endpoints = [await Endpoint(segment), await Endpoint(segment)];
        JsonNode info = (await _server.Get($"/v1.1/vxlan/endpoints/{endpoints[0]}")).Body!["endpoint"]!["network_info"]!;
        Assert.Equal("mac_address", Assert.Single(info.AsObject(), f => f.Value is not null).Key);
        await Launch("demo", "bare0", "host0", endpoints[0]);
        await Launch("demo", "bare1", "host1", endpoints[1]);
        await Poll.Until(
            async () =>
            {
                // The guest's DHCP client, which nobody answers, takes away what is there when it starts.
                await Netns.Tool("ip", "-n", Space("demo", "bare0"), "addr", "replace", "10.9.0.1/24", "dev", "eth0");
                await Netns.Tool("ip", "-n", Space("demo", "bare1"), "addr", "replace", "10.9.0.2/24", "dev", "eth0");
                return await Netns.Pings(Space("demo", "bare0"), "10.9.0.2");
            },
            "the two without addresses of ours reach each other", Limit);
        Assert.Contains(
            await Mac(Space("demo", "bare1")), await Netns.Exec(Space("demo", "bare0"), "ip", "neigh", "show", "10.9.0.2"));
    }

    /// <summary>Before the line the service is not known; after it, and a restart, it is. No binary is another one.</summary>
    private async Task Install()
    {
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await _server.Put("/v1.1/projects/demo/network_service", $$"""{"network_service":"{{Service}}"}""")).Status);
        await _server.Kill();
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        Copy(Path.Combine(NovaProcess.Artifacts, "bin", "Vxlan", configuration), "Nova.Network.Vxlan.*", Service);
        await File.AppendAllTextAsync(List, Service + "\n");
        await _server.Start(Services);
        await _server.Post("/v1.1/projects", """{"project":{"id":"other"}}""");
        foreach (string project in new[] { "demo", "other" })
        {
            NovaServer.Answer set = await _server.Put(
                $"/v1.1/projects/{project}/network_service", $$"""{"network_service":"{{Service}}"}""");
            Assert.True(set.Status is HttpStatusCode.OK or HttpStatusCode.NoContent, $"{set.Status} {set.Body}");
        }
    }

    /// <summary>One is told where it is, the other sees it by its default route.</summary>
    private async Task StartHosts()
    {
        _hosts.Add(await Netns.Create("nvo"));
        _hosts.Add(await Netns.Create("nvo"));
        await _hosts[0].Ip("link", "add", "eth1", "type", "veth", "peer", "name", "eth1", "netns", _hosts[1].Name);
        for (int i = 0; i < 2; i++)
        {
            await _hosts[i].Ip("addr", "add", AddressOf(i) + "/24", "dev", "eth1");
            await _hosts[i].Ip("link", "set", "eth1", "up");
        }

        await _hosts[1].Ip("route", "add", "default", "via", AddressOf(0), "dev", "eth1");
        _agents.Add(Agent(0, "--my_ip", AddressOf(0)));
        _agents.Add(Agent(1));
        for (int i = 0; i < 2; i++)
        {
            string path = $"/v1.1/hosts/host{i}";
            await Poll.Until(
                async () => (string?)(await _server.Get(path)).Body?["host"]?["status"] == "LIVE", $"host{i} is live", Limit);
        }
    }

    private static string AddressOf(int host) => $"192.0.2.{host + 1}";

    private NovaProcess Agent(int host, params string[] more) => NovaProcess.Start(
        "AgentClient",
        ["--host", $"host{host}", "--netns", _hosts[host].Name, "--state", Path.Combine(_folder.FullName, $"state{host}"),
            "--gateway", $"127.0.0.1:{_server.GatewayPort}", .. Services, .. more]);

    private async Task<string> Segment(string project, string body)
    {
        NovaServer.Answer made = await Create("/v1.1/vxlan/segments", body, project);
        Assert.True(made.Status == HttpStatusCode.Created, $"{made.Status} {made.Body}");
        return (string)made.Body!["segment"]!["id"]!;
    }

    /// <summary>As a client does that was told to repeat it: on a busy machine the first calls of a server may take too long.</summary>
    private async Task<NovaServer.Answer> Create(string path, string body, string project)
    {
        string key = Guid.NewGuid().ToString();
        NovaServer.Answer? made = null;
        await Poll.Until(
            async () => (made = await _server.Send(HttpMethod.Post, path, body, key, project)).Status != HttpStatusCode.ServiceUnavailable,
            () => $"{path} answers: {made?.Body}", Limit);
        return made!;
    }

    private async Task<string> Endpoint(string segment)
    {
        NovaServer.Answer made = await Create(
            "/v1.1/vxlan/endpoints", $$$"""{"endpoint":{"segment_id":"{{{segment}}}"}}""", "demo");
        Assert.True(made.Status == HttpStatusCode.Created, $"{made.Status} {made.Body}");
        return (string)made.Body!["endpoint"]!["id"]!;
    }

    private async Task Launch(string project, string name, string host, string? vnic = null)
    {
        string vnics = vnic is null ? "" : $$""","vnics":["{{vnic}}"]""";
        NovaServer.Answer made = await Create(
            "/v1.1/servers", $$$"""{"server":{"name":"{{{name}}}","host":"{{{host}}}"{{{vnics}}}}}""", project);
        Assert.True(made.Status == HttpStatusCode.Accepted, $"{project} {name}: {made.Status} {made.Body}");
        string id = _guests[$"{project} {name}"] = (string)made.Body!["server"]!["id"]!;
        string last = "";
        await Poll.Until(
            async () => (last = (await _server.Send(HttpMethod.Get, $"/v1.1/servers/{id}", null, project: project))
                .Body!["server"]!.ToJsonString()).Contains("\"ACTIVE\"", StringComparison.Ordinal),
            () => $"{project}'s {name} is active: {last}", Limit);
    }

    private async Task Delete(string project, string name)
    {
        string id = _guests[$"{project} {name}"];
        Assert.Equal(
            HttpStatusCode.NoContent, (await _server.Send(HttpMethod.Delete, $"/v1.1/servers/{id}", null, project: project)).Status);
        await Poll.Until(
            async () => (await _server.Send(HttpMethod.Get, $"/v1.1/servers/{id}", null, project: project)).Status
                == HttpStatusCode.NotFound,
            $"{name} is gone", Limit);
    }

    private string Space(string project, string name) => SpaceOf(_guests[$"{project} {name}"]);

    private static string SpaceOf(string server) => "nova-" + server.Replace("-", "", StringComparison.Ordinal)[^12..];

    private static Task PingsWithin(string space, string address, string what) =>
        Poll.Until(() => Netns.Pings(space, address), what, Limit);

    private static async Task<string> Mac(string space) => (string)JsonNode.Parse(
        await Netns.Tool("ip", "-n", space, "-j", "link", "show", "eth0"))![0]!["address"]!;

    private Task<string> Forwarding(int host) => Netns.Tool("bridge", "-n", _hosts[host].Name, "fdb", "show");

    private static async Task<string[]> Links(Netns host) =>
        [.. JsonNode.Parse(await host.Ip("-j", "link"))!.AsArray().Select(l => (string)l!["ifname"]!).Order(StringComparer.Ordinal)];

    private void Copy(string from, string files, string modulePath)
    {
        string to = _folder.CreateSubdirectory(modulePath).FullName;
        foreach (string file in Directory.EnumerateFiles(from, files))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
