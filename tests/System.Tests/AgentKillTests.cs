using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using NovaOrleans.Testing;
using Xunit.Abstractions;

namespace NovaOrleans.Systems;

/// <summary>The agent as a process, on a host in the kernel: its end is no event for the guests.</summary>
[Trait("tier", "kernel")]
public sealed class AgentKillTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Kills = 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly NovaServer _server = new();
    private readonly string _state = Directory.CreateTempSubdirectory("nova-agent-").FullName;
    private readonly Dictionary<string, string> _guests = new(StringComparer.Ordinal);
    private Netns _host = null!;
    private NovaProcess? _agent;

    public async Task InitializeAsync()
    {
        // A fixture that does not come up is not disposed of: the server first, which is the likelier to fail.
        await _server.Start();
        _host = await Netns.Create("nvk");
        await _server.Put("/v1.1/projects/demo/network_service", """{"network_service":"flat_dhcp"}""");
        await _server.Post("/v1.1/flat_dhcp/networks", """{"network":{"label":"blue","cidr":"10.8.0.0/24"}}""");
        await StartAgent();
    }

    public async Task DisposeAsync()
    {
        await KillAgent();
        // What the agent made goes the way that an operator would take.
        await using (NovaProcess cleanUp = Agent("--cleanup"))
        {
            (int exit, string printed, string errors) = await cleanUp.Ended(Limit);
            Assert.True(exit == 0, printed + errors);
        }

        await _server.DisposeAsync();
        Assert.Equal("lo", (await _host.Ip("-br", "link")).Split(' ')[0]);
        Assert.Single((await _host.Ip("-br", "link")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("", await _host.Exec("nft", "list", "ruleset"));
        Assert.DoesNotContain(_guests.Values, g => File.Exists("/run/netns/" + SpaceOf(g)));
        Assert.False(Directory.Exists(_state), "the agent's folder is left");
        await _host.DisposeAsync();
    }

    [Fact]
    [Trait("seed", "S132")]
    public async Task No_ping_and_no_stream_notices_twenty_kills_and_what_changed_meanwhile_is_caught_up_with()
    {
        await Launch("one");
        await Launch("two");
        (string from, string to) = (SpaceOf(_guests["one"]), SpaceOf(_guests["two"]));
        string address = await AddressOf("two");
        await Poll.Until(() => Netns.Pings(from, address), "the guests reach each other", Limit);

        using Process sink = Start(to, "iperf3", "-s", "-1");
        await Poll.Until(
            async () => (await Netns.Exec(to, "ss", "-ltn")).Contains(":5201 ", StringComparison.Ordinal), "iperf3 listens");
        using Process stream = Start(from, "iperf3", "-c", address, "-t", "300", "-b", "20M", "-J");
        using PingStream ping = PingStream.Start(from, address);
        await Poll.Until(() => ping.Answered > 20, "pings are answered");
        string links = await Links();
        long began = Stopwatch.GetTimestamp();
        for (int kill = 0; kill < Kills; kill++)
        {
            await KillAgent();
            await StartAgent();
        }

        TimeSpan took = Stopwatch.GetElapsedTime(began);
        Assert.False(stream.HasExited, "the stream ended before it was told to");
        (int answered, IReadOnlyList<int> lost) = await ping.Stop();
        await Netns.Tool("kill", "-INT", $"{stream.Id}");
        JsonNode sum = JsonNode.Parse(await stream.StandardOutput.ReadToEndAsync())!;
        double[] seconds = [.. sum["intervals"]!.AsArray().Select(i => (double)i!["sum"]!["bytes"]!)];
        output.WriteLine($"figure: {Kills} kills of the agent in {took.TotalSeconds:0} s: {answered} pings answered, {lost.Count} lost; "
            + $"{seconds.Length} s of a stream, {seconds.Count(s => s == 0)} without a byte, "
            + $"{sum["end"]?["sum_sent"]?["retransmits"]} segments sent again, {Resets(sum)} resets");
        Assert.Empty(lost);
        Assert.DoesNotContain(0, seconds);
        Assert.Equal(0, Resets(sum));
        Assert.Equal(links, await Links());

        await BindingsChangeWhileItIsAway();
    }

    /// <summary>Nobody is there to hear of it; the next agent asks.</summary>
    private async Task BindingsChangeWhileItIsAway()
    {
        await KillAgent();
        string gone = SpaceOf(_guests["one"]);
        Assert.Equal(HttpStatusCode.NoContent, (await _server.Send(HttpMethod.Delete, $"/v1.1/servers/{_guests["one"]}", null)).Status);
        string left = await AddressOf("two");
        Task<string> launched = Launch("three");
        await StartAgent();
        string three = SpaceOf(await launched);
        await Poll.Until(() => Netns.Pings(three, left), "the new guest reaches the one that stayed", Limit);
        await Poll.Until(() => !File.Exists("/run/netns/" + gone), "the deleted guest is gone", Limit);
        _guests.Remove("one");
    }

    private static int Resets(JsonNode sum) => sum["error"] is { } error
        && ((string)error!).Contains("reset", StringComparison.OrdinalIgnoreCase) ? 1 : 0;

    private async Task<string> Launch(string name)
    {
        NovaServer.Answer made = await _server.Post("/v1.1/servers", $$$"""{"server":{"name":"{{{name}}}","host":"kill1"}}""");
        Assert.Equal(HttpStatusCode.Accepted, made.Status);
        string id = _guests[name] = (string)made.Body!["server"]!["id"]!;
        await Poll.Until(
            async () => (string?)(await _server.Get($"/v1.1/servers/{id}")).Body!["server"]!["status"] == "ACTIVE",
            $"{name} is active", Limit);
        return id;
    }

    private async Task<string> AddressOf(string name)
    {
        string space = SpaceOf(_guests[name]);
        string address = "";
        await Poll.Until(
            async () =>
            {
                JsonArray links = JsonNode.Parse(await Netns.Tool("ip", "-n", space, "-4", "-j", "addr", "show", "dev", "eth0"))!.AsArray();
                address = (string?)links.Select(l => l!["addr_info"]?[0]?["local"]).FirstOrDefault() ?? "";
                return address.Length > 0;
            },
            $"{name} has an address", Limit);
        return address;
    }

    private async Task StartAgent()
    {
        long before = await Epoch();
        _agent = Agent();
        await Poll.Until(
            async () => (await _server.Get("/v1.1/hosts/kill1")).Body?["host"] is { } host && (long)host["epoch"]! > before
                && (long)host["reported_revision"]! >= (long)host["revision"]!,
            "the new agent has looked and reported", Limit);
    }

    private async Task<long> Epoch() => (long?)(await _server.Get("/v1.1/hosts/kill1")).Body?["host"]?["epoch"] ?? 0;

    private async Task KillAgent()
    {
        if (_agent is not null)
        {
            await _agent.Kill();
            await _agent.DisposeAsync();
            _agent = null;
        }
    }

    private NovaProcess Agent(params string[] more) => NovaProcess.Start(
        "AgentClient",
        ["--host", "kill1", "--netns", _host.Name, "--state", _state, "--gateway", $"127.0.0.1:{_server.GatewayPort}",
            .. NovaServer.Services, .. more]);

    /// <summary>A namespace's name ends as its instance's id does.</summary>
    private static string SpaceOf(string server) => "nova-" + server.Replace("-", "", StringComparison.Ordinal)[^12..];

    private async Task<string> Links() => string.Join(' ', JsonNode.Parse(await _host.Ip("-j", "link"))!.AsArray()
        .Select(l => $"{l!["ifindex"]}:{l["ifname"]}").Order(StringComparer.Ordinal));

    private static Process Start(string space, params string[] command) => Process.Start(
        new ProcessStartInfo("ip", ["netns", "exec", space, .. command]) { RedirectStandardOutput = true })
        ?? throw new InvalidOperationException($"{command[0]} does not start");
}
