using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NovaOrleans.Agent.Compute;
using NovaOrleans.NetworkServices;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>
/// What may come out of a port, frame by frame, to another guest on the same bridge and to the host. A port is a veth to a
/// guest's namespace, or a tap as the agent makes it for libvirt; then the test is the hypervisor that opens it.
/// </summary>
[Trait("tier", "kernel")]
public sealed class AntiSpoofTests : PacketBench
{
    private const string OtherMac = "02:99:99:99:99:99";

    private static readonly string[] Honest =
    [
        "udp", "arp", "arp-probe", "udp6", "dhcp-request", "advert", "advert-unasked", "solicit", "dad", "dad-nonce", "router-solicit",
    ];

    private static readonly string[] Reasons =
        ["mac", "arp", "ip4", "ip6", "dhcp_answer", "router_advert", "neighbor", "ethertype"];

    /// <summary>Guest 1's NIC.</summary>
    private IFrameSender _sender = null!;

    public override async Task DisposeAsync()
    {
        _sender?.Dispose();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("seed", "S11"), Trait("seed", "S141")]
    public async Task Only_what_a_port_was_given_leaves_it(bool tap)
    {
        Sketch sketch = await MakeTwo(tap);
        await Judge(Forge(sketch, Guest(sketch, 2), "fd00:1::2"), (sketch.Space(2), "eth0"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("seed", "S11")]
    public async Task The_host_itself_is_guarded_from_its_guests_likewise(bool tap)
    {
        Sketch sketch = await MakeTwo(tap);
        string mac = (await Bench.Space.Exec("cat", "/sys/class/net/br1/address")).Trim();
        (string, string) host = (mac, AgentTests.Sketch.Gateway(1).ToString());
        await Judge(Forge(sketch, host, "fd00:1::1"), (Bench.Space.Name, "br1"));
    }

    [Fact]
    public async Task A_port_with_groups_is_guarded_no_less()
    {
        Sketch sketch = await MakeTwo(tap: false, s => s.InGroups(1, 1).InGroups(2, 2).WithRules(
            2, AgentTests.Sketch.Rule(RuleProtocol.Any, -1, -1, AgentTests.Sketch.Anyone, null),
            AgentTests.Sketch.Rule(RuleProtocol.Any, -1, -1, AgentTests.Sketch.Anyone6, null)));
        Dictionary<string, byte[]> frames = Forge(sketch, Guest(sketch, 2), sketch.Address6(1, 2).ToString());
        IReadOnlyList<string> arrived = await Arrivals(frames, (sketch.Space(2), "eth0"));
        Assert.Empty(arrived.Except(Honest));
        // The group speaks of packets to the port's own addresses: neighbours are found, nobody's DHCP request is overheard.
        Assert.Equal(
            new[] { "udp", "arp", "arp-probe", "advert", "advert-unasked", "solicit", "dad", "dad-nonce" }.Order(),
            arrived.Where(f => f is not "udp6").Order());
    }

    private async Task<Sketch> MakeTwo(bool tap, Func<Sketch, Sketch>? further = null)
    {
        Sketch sketch = new Sketch(
            s => tap && s.Name == "guest-1" ? OpenedByHypervisor.Instance : Bench.Compute.AttachmentOf(s), Salt).With(1, [1, 2]);
        await Make((further?.Invoke(sketch) ?? sketch).Build());
        foreach (int guest in tap ? new[] { 2 } : [1, 2])
        {
            await Poll.Until(
                async () => (await Netns.Tool("ip", "-n", sketch.Space(guest), "link", "show", "dev", "eth0"))
                    .Contains("state UP", StringComparison.Ordinal),
                $"the NIC of guest {guest} is up");
        }

        _sender = tap ? await OpenTap(sketch.PortName(1)) : RawFrames.Open(sketch.Space(1), "eth0");
        return sketch;
    }

    /// <summary>A port forwards when somebody has opened its tap.</summary>
    private async Task<IFrameSender> OpenTap(string port)
    {
        TapFrames tap = TapFrames.Open(Bench.Space.Name, port);
        await Poll.Until(
            async () => (await Netns.Tool("bridge", "-n", Bench.Space.Name, "link", "show", "dev", port))
                .Contains("state forwarding", StringComparison.Ordinal),
            $"{port} forwards");
        return tap;
    }

    /// <summary>What is honest arrives, what is not is dropped and counted, and it is the guards that drop it.</summary>
    private async Task Judge(Dictionary<string, byte[]> frames, (string Space, string Link) at)
    {
        Dictionary<string, long> before = await Dropped();
        Assert.Equal(Honest.Order(), (await Arrivals(frames, at)).Order());
        Dictionary<string, long> after = await Dropped();
        // Each forged frame was sent once, and nobody else forges here.
        Assert.Equal(
            frames.Keys.Except(Honest).GroupBy(ReasonOf).Select(g => (g.Key, (long)g.Count())).Order(),
            Reasons.Select(r => (r, after[r] - before[r])).Order());

        await Bench.FlushFirewall();
        Assert.Equal(frames.Keys.Order(), (await Arrivals(frames, at)).Order());
    }

    private async Task<Dictionary<string, long>> Dropped()
    {
        string counters = await Bench.Space.Exec("nft", "list", "counters", "table", "bridge", "nova");
        return Regex.Matches(counters, @"counter drop_(\w+) \{\s+packets (\d+) ")
            .ToDictionary(m => m.Groups[1].Value, m => long.Parse(m.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
    }

    private static string ReasonOf(string frame) => frame switch
    {
        "spoofed-mac" => "mac",
        "spoofed-ip" => "ip4",
        "stolen-gateway" or "arp-other-card" => "arp",
        "rogue-dhcp" or "rogue-dhcp6" => "dhcp_answer",
        "rogue-router" or "redirect" => "router_advert",
        "spoofed-ip6" => "ip6",
        "odd-ethertype" => "ethertype",
        _ => "neighbor",
    };

    private static (string Mac, string Ip) Guest(Sketch sketch, int guest) =>
        (sketch.Mac(guest).ToString(), AgentTests.Sketch.Address(1, guest).ToString());

    private static Dictionary<string, byte[]> Forge(Sketch sketch, (string Mac, string Ip) you, string you6)
    {
        (string Mac, string Ip) me = Guest(sketch, 1);
        string gateway = AgentTests.Sketch.Gateway(1).ToString();
        string me6 = sketch.Address6(1, 1).ToString();
        string local6 = Ip6Address.LinkLocal(sketch.Mac(1)).ToString();
        byte[] Text(string name) => Encoding.ASCII.GetBytes($"<{name}>");
        Dictionary<string, byte[]> frames = new()
        {
            ["udp"] = Frames.Udp4(me, you, (1111, 7777), Text("udp")),
            ["arp"] = Frames.Arp(me.Mac, 1, me, you.Ip),
            ["arp-probe"] = Frames.Arp(me.Mac, 1, (me.Mac, "0.0.0.0"), me.Ip),
            ["udp6"] = Frames.Udp6((me.Mac, me6), (you.Mac, you6), (1111, 7777), Text("udp6")),
            ["dhcp-request"] = Frames.Udp4(
                (me.Mac, "0.0.0.0"), (Frames.Everyone, "255.255.255.255"), (68, 67), Text("dhcp-request")),
            ["spoofed-ip"] = Frames.Udp4((me.Mac, "10.1.0.99"), you, (1111, 7777), Text("spoofed-ip")),
            ["spoofed-mac"] = Frames.Udp4((OtherMac, me.Ip), you, (1111, 7777), Text("spoofed-mac")),
            ["stolen-gateway"] = Frames.Arp(me.Mac, 2, (me.Mac, gateway), you.Ip),
            ["arp-other-card"] = Frames.Arp(me.Mac, 2, (OtherMac, me.Ip), you.Ip),
            ["rogue-dhcp"] = Frames.Udp4(
                me, (Frames.Everyone, "255.255.255.255"), (67, 68), Text("rogue-dhcp")),
            ["rogue-dhcp6"] = Frames.Udp6((me.Mac, local6), (you.Mac, "fe80::1"), (547, 546), Text("rogue-dhcp6")),
            ["rogue-router"] = Frames.RouterAdvertisement((me.Mac, local6)),
            ["spoofed-ip6"] = Frames.Udp6((me.Mac, "fd00:1::99"), (you.Mac, you6), (1111, 7777), Text("spoofed-ip6")),
            ["odd-ethertype"] = Frames.Ethernet(me.Mac, Frames.Everyone, 0x9000, Text("odd-ethertype")),
        };
        AddNeighbors(frames, (me.Mac, me6, local6), (you.Mac, you6));
        return frames;
    }

    /// <summary>Neighbour discovery (RFC 4861), honest and not.</summary>
    private static void AddNeighbors(
        Dictionary<string, byte[]> frames, (string Mac, string Ip, string Local) me, (string Mac, string Ip) you)
    {
        const byte RouterSolicit = 133, Solicit = 135, Advert = 136, Redirect = 137;
        const byte SourceCard = 1, TargetCard = 2, Nonce = 14;
        (string, string) own = (me.Mac, me.Ip), unset = (me.Mac, "::"), all = ("33:33:00:00:00:01", "ff02::1");
        frames["advert"] = Frames.Neighbor(Advert, own, you, me.Ip, (TargetCard, me.Mac));
        frames["advert-unasked"] = Frames.Neighbor(Advert, (me.Mac, me.Local), all, me.Local, (TargetCard, me.Mac));
        frames["solicit"] = Frames.Neighbor(Solicit, own, you, you.Ip, (SourceCard, me.Mac));
        frames["dad"] = Frames.Neighbor(Solicit, unset, all, me.Ip);
        frames["dad-nonce"] = Frames.Neighbor(Solicit, unset, all, me.Ip, (Nonce, OtherMac));
        frames["router-solicit"] = Frames.Neighbor(
            RouterSolicit, (me.Mac, me.Local), ("33:33:00:00:00:02", "ff02::2"), null, (SourceCard, me.Mac));

        frames["advert-of-another"] = Frames.Neighbor(Advert, own, you, "fd00:1::99", (TargetCard, me.Mac));
        frames["advert-other-card"] = Frames.Neighbor(Advert, own, you, me.Ip, (TargetCard, OtherMac));
        frames["advert-hidden-card"] = Frames.Neighbor(Advert, own, you, me.Ip, (TargetCard, me.Mac), (TargetCard, OtherMac));
        frames["solicit-other-card"] = Frames.Neighbor(Solicit, own, you, you.Ip, (SourceCard, OtherMac));
        frames["dad-of-another"] = Frames.Neighbor(Solicit, unset, all, "fd00:1::99");
        frames["router-solicit-other-card"] = Frames.Neighbor(
            RouterSolicit, (me.Mac, me.Local), ("33:33:00:00:00:02", "ff02::2"), null, (SourceCard, OtherMac));
        frames["redirect"] = Frames.Neighbor(Redirect, (me.Mac, me.Local), you, "fd00:1::99");
    }

    /// <summary>Which of the frames, sent by guest 1, come out there. The last one sent says that all had their chance.</summary>
    private async Task<IReadOnlyList<string>> Arrivals(Dictionary<string, byte[]> frames, (string Space, string Link) at)
    {
        using RawFrames to = RawFrames.Open(at.Space, at.Link);
        byte[] end = [.. frames["udp"]];
        Encoding.ASCII.GetBytes("<end>").CopyTo(end, 42);
        foreach (byte[] frame in frames.Values)
        {
            _sender.Send(frame);
        }

        List<string> arrived = [];
        bool ended = false;
        await Poll.Until(
            () =>
            {
                _sender.Send(end);
                while (!ended && to.Receive(TimeSpan.FromMilliseconds(200)) is { } frame)
                {
                    ended = Same(end, frame);
                    arrived.AddRange(frames.Where(f => Same(f.Value, frame)).Select(f => f.Key));
                }

                return ended;
            },
            "the last frame arrived");
        return arrived;
    }

    /// <summary>br_netfilter cuts an IP frame's padding off.</summary>
    private static bool Same(byte[] sent, byte[] received) =>
        received.Length >= 42 && sent.AsSpan().StartsWith(received);
}
