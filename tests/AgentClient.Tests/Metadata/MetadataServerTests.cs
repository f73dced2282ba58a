using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Host;
using NovaOrleans.Agent.Metadata;
using NovaOrleans.Testing;

namespace NovaOrleans.AgentTests.Metadata;

/// <summary>Guests that ask over real bridges; two networks of one host have the same addresses.</summary>
[Trait("tier", "kernel")]
public sealed class MetadataServerTests : IAsyncLifetime
{
    private static readonly string[] Bridges = ["bra", "brb"];
    private readonly List<Netns> _guests = [];
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private Netns _host = null!;
    private BridgeTransport _transport = null!;
    private MetadataServer _server = null!;

    public async Task InitializeAsync()
    {
        _host = await Netns.Create("nova-meta");
        await _host.Exec("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0");
        foreach (string bridge in Bridges)
        {
            Netns guest = await Netns.Create("nova-meta-guest");
            _guests.Add(guest);
            await MakeBridge(bridge);
            await _host.Ip("link", "add", $"{bridge}-port", "type", "veth", "peer", "name", "eth0", "netns", guest.Name);
            await _host.Ip("link", "set", $"{bridge}-port", "master", bridge, "up");
            await guest.Ip("link", "set", "eth0", "up");
            await guest.Ip("addr", "add", "10.5.0.7/24", "dev", "eth0");
            await guest.Ip("addr", "add", "10.5.0.8/24", "dev", "eth0");
        }

        _transport = new BridgeTransport(new BridgeSockets(_host.Name), NullLoggerFactory.Instance);
        _server = new MetadataServer(_transport, _services, NullLoggerFactory.Instance, NullLogger<MetadataServer>.Instance);
        await _server.StartAsync(CancellationToken.None);
        See();
    }

    public async Task DisposeAsync()
    {
        await _server.StopAsync(CancellationToken.None);
        _server.Dispose();
        await _transport.DisposeAsync();
        await _services.DisposeAsync();
        foreach (Netns space in _guests.Append(_host))
        {
            await space.DisposeAsync();
        }
    }

    [Fact]
    public async Task Each_guest_reads_itself_over_its_bridge_and_nobody_else_is_answered()
    {
        Assert.Equal("i-00000001", await Ask(0, "10.5.0.7", "/latest/meta-data/instance-id"));
        Assert.Equal("i-00000002", await Ask(1, "10.5.0.7", "/latest/meta-data/instance-id"));
        Assert.Equal("404", await Ask(0, "10.5.0.7", "/latest/meta-data/secrets"));
        Assert.Equal("405", await Ask(0, "10.5.0.7", "/latest/api/token", HttpMethod.Put));
        await Assert.ThrowsAsync<HttpRequestException>(() => Ask(0, "10.5.0.8", "/latest/meta-data/instance-id"));
    }

    [Fact]
    public async Task A_bridge_that_was_made_anew_is_listened_on_again()
    {
        await _host.Ip("link", "del", "bra");
        await MakeBridge("bra");
        await _host.Ip("link", "set", "bra-port", "master", "bra");
        See();

        Assert.Equal("i-00000001", await Ask(0, "10.5.0.7", "/latest/meta-data/instance-id"));
    }

    [Fact]
    public async Task A_guest_holds_a_few_connections_and_the_others_are_served_all_the_same()
    {
        List<Socket> held = [];
        for (int i = 0; i < 40; i++)
        {
            held.Add(await Connect(0, "10.5.0.7"));
        }

        Assert.Equal("i-00000002", await Ask(1, "10.5.0.7", "/latest/meta-data/instance-id"));
        held.ForEach(s => s.Dispose());
        await Poll.Until(
            async () =>
            {
                try
                {
                    return await Ask(0, "10.5.0.7", "/latest/meta-data/instance-id") == "i-00000001";
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the guest that let go is served again");
    }

    /// <summary>A round of the agent, in which the host was read back as it is.</summary>
    private void See()
    {
        (HostAssignment assignment, DesiredHost desired) = MetadataTests.TwoOnOneAddress();
        ActualHost actual = new()
        {
            Links = DesiredHost.Named<ActualLink>().AddRange(
                Bridges.Select(b => KeyValuePair.Create(b, new ActualLink(b, LinkKind.Bridge, true, true, 1500)))),
        };
        _server.Seen(assignment, new Verified(desired, actual, new Plan([]), new Applied(new Plan([]), [])));
    }

    private async Task MakeBridge(string bridge)
    {
        await _host.Ip("link", "add", bridge, "type", "bridge");
        await _host.Ip("link", "set", bridge, "up");
        await _host.Ip("addr", "add", "10.5.0.1/24", "dev", bridge);
        await _host.Exec("sysctl", "-qw", $"net.ipv4.conf.{bridge}.rp_filter=0");
    }

    private async Task<string> Ask(int guest, string from, string path, HttpMethod? method = null)
    {
        using HttpClient client = new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, _) => new NetworkStream(await Connect(guest, from), ownsSocket: true),
        });
        using HttpRequestMessage request = new(method ?? HttpMethod.Get, $"http://10.5.0.1:{MetadataPort.Number}{path}");
        using HttpResponseMessage answer = await client.SendAsync(request).WaitAsync(TimeSpan.FromSeconds(20));
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : $"{(int)answer.StatusCode}";
    }

    private async Task<Socket> Connect(int guest, string from)
    {
        Socket socket = new BridgeSockets(_guests[guest].Name).Open();
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPAddress.Parse("10.5.0.1"), MetadataPort.Number).WaitAsync(TimeSpan.FromSeconds(20));
        return socket;
    }
}
