using System.Net;
using System.Net.Sockets;
using System.Text;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Host;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>
/// Guests and the outside: a host with a link to another machine, and a second host on the same network's wire. Connections are
/// real ones, so that both ends say whom they speak with.
/// </summary>
[Trait("tier", "kernel")]
public sealed class NatPacketTests : IAsyncLifetime
{
    private const string Public = "203.0.113.2", Client = "203.0.113.1";
    private static readonly Ip4Address s_floating = Ip4Address.Parse("203.0.113.50");

    private LinuxBench _one = null!;
    private LinuxBench _two = null!;
    private Netns _outside = null!;
    private Sketch _here = null!;
    private Sketch _there = null!;

    public async Task InitializeAsync()
    {
        (_one, _two, _outside) = (await LinuxBench.Create(), await LinuxBench.Create(), await Netns.Create("nvo"));
        await _one.Wire(_two, "eth1");
        await _one.Space.Ip("link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", _outside.Name);
        await _one.Space.Ip("link", "set", "eth0", "up");
        await _one.Space.Ip("addr", "add", Public + "/24", "dev", "eth0");
        await _outside.Ip("link", "set", "eth0", "up");
        await _outside.Ip("addr", "add", Client + "/24", "dev", "eth0");
        int salt = Random.Shared.Next(1, 1 << 24);
        _here = new Sketch(_one.Compute.AttachmentOf, salt).With(1, [1, 2], dhcp: true).Over("eth1", 1);
        _there = new Sketch(_two.Compute.AttachmentOf, salt).With(1, [3], dhcp: true).Over("eth1", 1);
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        await _outside.DisposeAsync();
    }

    [Fact]
    [Trait("seed", "R22"), Trait("seed", "S21")]
    public async Task A_floating_ip_reaches_its_guest_from_the_outside_until_it_is_disassociated()
    {
        DesiredHost with = WithWayOut(_here.Build()), without = with;
        with = WithFloating(with, 1);
        await Make(_one, with);
        await Make(_two, _there.Build());
        await UntilUp(1, 2, 3);
        Assert.True(await Netns.Reaches(_here.Space(1), Sketch.Address(1, 3).ToString()), "guests of both hosts reach each other");

        using Socket server = Listen(_here.Space(1), 80);
        (Socket client, Socket guest) = await Connect(_outside.Name, s_floating.ToString(), server);
        Assert.Equal(Client, Peer(guest));
        Assert.Equal("hello", await Say(client, guest, "hello"));

        // Guests leave as their floating IP, or as the host.
        using Socket elsewhere = Listen(_outside.Name, 81);
        Assert.Equal(s_floating.ToString(), await SeenAs(_here.Space(1), Client, elsewhere));
        Assert.Equal(Public, await SeenAs(_here.Space(2), Client, elsewhere));

        // The outside address of a neighbour of one's own network, and one's own. The asker is seen as the gateway, so that
        // what is answered comes back by the host.
        Assert.Equal(Sketch.Gateway(1).ToString(), await SeenAs(_here.Space(2), s_floating.ToString(), server));
        Assert.Equal(s_floating.ToString(), await SeenAs(_here.Space(1), s_floating.ToString(), server));
        await _one.Space.Exec("sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=0");
        Assert.Equal(s_floating.ToString(), await SeenAs(_here.Space(1), s_floating.ToString(), server));
        Assert.Equal(Sketch.Gateway(1).ToString(), await SeenAs(_here.Space(2), s_floating.ToString(), server));
        Assert.Equal(Client, await SeenAs(_outside.Name, s_floating.ToString(), server));

        Assert.Empty((await Make(_one, with)).Steps);
        await Make(_one, without);
        await client.SendAsync(Encoding.ASCII.GetBytes("still there?"));
        Assert.False(guest.Poll(TimeSpan.FromMilliseconds(500), SelectMode.SelectRead), "an established connection is cut");
        Assert.DoesNotContain(s_floating.ToString(), await _one.Space.Ip("addr", "show", "dev", "eth0"), StringComparison.Ordinal);
        Assert.Contains(Public, await _one.Space.Ip("addr", "show", "dev", "eth0"), StringComparison.Ordinal);
        Assert.False(await Netns.Pings(_outside.Name, s_floating.ToString()));
        Assert.Equal(Public, await SeenAs(_here.Space(1), Client, elsewhere));
        client.Dispose();
        guest.Dispose();
    }

    [Fact]
    [Trait("seed", "R22")]
    public async Task A_floating_ip_moves_with_its_connections_cut_and_is_announced()
    {
        DesiredHost first = WithFloating(WithWayOut(_here.Build()), 1), second = WithFloating(WithWayOut(_here.Build()), 2);
        await using Capture arp = await Capture.Start(_outside.Name, "eth0", "arp");
        await Make(_one, first);
        await Poll.Until(
            () => arp.Lines.Any(l => l.Contains($"who-has {s_floating} ", StringComparison.Ordinal)
                || l.Contains($"({Frames.Everyone}) tell {s_floating}", StringComparison.Ordinal)
                || l.Contains($"tell {s_floating}", StringComparison.Ordinal)),
            "neighbours are told where the address is");
        await UntilUp(1, 2);
        using Socket server = Listen(_here.Space(1), 80), other = Listen(_here.Space(2), 80);
        (Socket client, Socket guest) = await Connect(_outside.Name, s_floating.ToString(), server);
        await Make(_one, second);
        await client.SendAsync(Encoding.ASCII.GetBytes("who are you?"));
        Assert.False(guest.Poll(TimeSpan.FromMilliseconds(500), SelectMode.SelectRead), "the former guest hears nothing more");
        Assert.Equal(Client, await SeenAs(_outside.Name, s_floating.ToString(), other));
        client.Dispose();
        guest.Dispose();
    }

    [Fact]
    [Trait("seed", "S124")]
    public async Task Udp_to_the_vpns_public_port_reaches_its_private_address()
    {
        DesiredHost desired = WithWayOut(_here.Build());
        PortForward vpn = new(Ip4Address.Parse(Public), 1000, Sketch.Address(1, 1), 1194, "br1");
        await Make(_one, desired with { PortForwards = desired.PortForwards.Add("vpn", vpn) });
        await UntilUp(1);
        await using Capture seen = await Capture.Start(_here.Space(1), "eth0", "udp");
        await Poll.Until(
            async () =>
            {
                await _outside.Exec("bash", "-c", "echo hello > /dev/udp/$0/1000", Public);
                return seen.Lines.Any(l => l.Contains($"{Client}.", StringComparison.Ordinal)
                    && l.Contains($"{Sketch.Address(1, 1)}.1194", StringComparison.Ordinal));
            },
            "the packet comes to port 1194");
    }

    [Fact]
    public async Task A_network_host_serves_another_hosts_guests_over_the_wire()
    {
        (DesiredHost here, DesiredHost there) = (WithWayOut(_here.Build()), _there.Build());
        (string key, DhcpScope scope) = here.DhcpScopes.Single();
        here = WithFloating(here, 3) with
        {
            Bridges = here.Bridges.SetItem("br1", here.Bridges["br1"] with { SharesAddresses = false }),
            DhcpScopes = here.DhcpScopes.SetItem(key, scope with
            {
                Hosts = [.. scope.Hosts, .. there.DhcpScopes.Values.Single().Hosts],
            }),
        };
        there = there with
        {
            Bridges = there.Bridges.SetItem("br1", there.Bridges["br1"] with { Addresses = [], SharesAddresses = false }),
            DhcpScopes = DesiredHost.Named<DhcpScope>(),
        };
        await Make(_one, here);
        await Make(_two, there);
        await UntilUp(1, 3);
        Assert.True(await Netns.Reaches(_here.Space(3), Sketch.Address(1, 1).ToString()));
        using Socket server = Listen(_here.Space(3), 80), elsewhere = Listen(_outside.Name, 81);
        Assert.Equal(Client, await SeenAs(_outside.Name, s_floating.ToString(), server));
        Assert.Equal(s_floating.ToString(), await SeenAs(_here.Space(3), Client, elsewhere));
        Assert.Equal(Public, await SeenAs(_here.Space(1), Client, elsewhere));
    }

    private static DesiredHost WithWayOut(DesiredHost desired)
    {
        SourceNat nat = new(Cidr4.Parse("10.1.0.0/24"), "br1", "eth0", null);
        return desired with { SourceNats = desired.SourceNats.Add("out", nat) };
    }

    private static DesiredHost WithFloating(DesiredHost desired, int guest)
    {
        FloatingNat nat = new(s_floating, Sketch.Address(1, guest), "br1", "eth0");
        return desired with { FloatingNats = desired.FloatingNats.Add(s_floating.ToString(), nat) };
    }

    private static async Task<Plan> Make(LinuxBench bench, DesiredHost desired)
    {
        Verified verified = await bench.Reconcile(desired);
        Assert.True(verified.Differences.IsEmpty, $"{string.Join('\n', verified.Applied.Faults)}\n{verified.Differences}");
        Assert.Empty(verified.Applied.Faults);
        return verified.Applied.Plan;
    }

    private async Task UntilUp(params int[] guests)
    {
        foreach (int guest in guests)
        {
            await PacketBench.UntilHasAddress(_here.Space(guest), Sketch.Address(1, guest).ToString());
            await PacketBench.UntilHasRoute(_here.Space(guest), Client);
        }
    }

    private static Socket Listen(string space, int port) => new BridgeSockets(space).Listen("eth0", port);

    private static async Task<(Socket Client, Socket Server)> Connect(string space, string address, Socket server)
    {
        using CancellationTokenSource limit = new(Poll.UsualLimit);
        int port = ((IPEndPoint)server.LocalEndPoint!).Port;
        Socket client = new BridgeSockets(space).Open();
        await client.ConnectAsync(IPAddress.Parse(address), port, limit.Token);
        return (client, await server.AcceptAsync(limit.Token));
    }

    /// <summary>As whom the server sees one who connects from the space, after a word in each direction.</summary>
    private static async Task<string> SeenAs(string space, string address, Socket server)
    {
        (Socket client, Socket peer) = await Connect(space, address, server);
        using (client)
        using (peer)
        {
            Assert.Equal("ask", await Say(client, peer, "ask"));
            Assert.Equal("answer", await Say(peer, client, "answer"));
            return Peer(peer);
        }
    }

    private static string Peer(Socket socket) => ((IPEndPoint)socket.RemoteEndPoint!).Address.ToString();

    private static async Task<string> Say(Socket from, Socket to, string word)
    {
        using CancellationTokenSource limit = new(Poll.UsualLimit);
        await from.SendAsync(Encoding.ASCII.GetBytes(word), limit.Token);
        byte[] heard = new byte[64];
        return Encoding.ASCII.GetString(heard, 0, await to.ReceiveAsync(heard, limit.Token));
    }
}
