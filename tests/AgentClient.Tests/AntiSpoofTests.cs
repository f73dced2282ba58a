using System.Text;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>What may come out of a port, frame by frame, from one guest to another on the same bridge.</summary>
[Trait("tier", "kernel")]
public sealed class AntiSpoofTests : PacketBench
{
    private const string OtherMac = "02:99:99:99:99:99";

    [Fact]
    [Trait("seed", "S11"), Trait("seed", "S141")]
    public async Task Only_what_a_port_was_given_leaves_it()
    {
        Sketch sketch = Sketch().With(1, [1, 2]);
        await Make(sketch.Build());
        foreach (int guest in new[] { 1, 2 })
        {
            await Poll.Until(
                async () => (await Netns.Tool("ip", "-n", sketch.Space(guest), "link", "show", "dev", "eth0"))
                    .Contains("state UP", StringComparison.Ordinal),
                $"the NIC of guest {guest} is up");
        }

        Dictionary<string, byte[]> frames = Forge(sketch);
        string[] honest = ["udp", "arp", "arp-probe", "udp6", "dhcp-request"];

        Assert.Equal(honest.Order(), (await Arrivals(sketch, frames)).Order());
        string counters = await Bench.Space.Exec("nft", "list", "counters", "table", "bridge", "nova");
        string[] dropped = ["mac", "arp", "ip4", "ip6", "dhcp_answer", "router_advert", "ethertype"];
        Assert.All(dropped, reason => Assert.DoesNotMatch(
            $$"""counter drop_{{reason}} \{\s+packets 0 """, counters));

        // Without the guards every one of them arrives: it is the guards that keep them back.
        await Bench.FlushFirewall();
        Assert.Equal(frames.Keys.Order(), (await Arrivals(sketch, frames)).Order());
    }

    private static Dictionary<string, byte[]> Forge(Sketch sketch)
    {
        (string Mac, string Ip) me = (sketch.Mac(1).ToString(), AgentTests.Sketch.Address(1, 1).ToString());
        (string Mac, string Ip) you = (sketch.Mac(2).ToString(), AgentTests.Sketch.Address(1, 2).ToString());
        string gateway = AgentTests.Sketch.Gateway(1).ToString();
        string me6 = Cidr6.Parse("fd00:1::/64").AddressOf(sketch.Mac(1)).ToString();
        string local6 = Cidr6.Parse("fe80::/64").AddressOf(sketch.Mac(1)).ToString();
        byte[] Text(string name) => Encoding.ASCII.GetBytes($"<{name}>");
        return new()
        {
            ["udp"] = Frames.Udp4(me, you, (1111, 7777), Text("udp")),
            ["arp"] = Frames.Arp(me.Mac, 1, me, you.Ip),
            ["arp-probe"] = Frames.Arp(me.Mac, 1, (me.Mac, "0.0.0.0"), me.Ip),
            ["udp6"] = Frames.Udp6((me.Mac, me6), (you.Mac, "fd00:1::2"), (1111, 7777), Text("udp6")),
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
            ["spoofed-ip6"] = Frames.Udp6((me.Mac, "fd00:1::99"), (you.Mac, "fd00:1::2"), (1111, 7777), Text("spoofed-ip6")),
            ["odd-ethertype"] = Frames.Ethernet(me.Mac, Frames.Everyone, 0x9000, Text("odd-ethertype")),
        };
    }

    /// <summary>Which of the frames, sent by guest 1, come out at guest 2. The last one sent says that all had their chance.</summary>
    private static async Task<IReadOnlyList<string>> Arrivals(Sketch sketch, Dictionary<string, byte[]> frames)
    {
        using RawFrames from = RawFrames.Open(sketch.Space(1), "eth0");
        using RawFrames to = RawFrames.Open(sketch.Space(2), "eth0");
        byte[] end = [.. frames["udp"]];
        Encoding.ASCII.GetBytes("<end>").CopyTo(end, 42);
        foreach (byte[] frame in frames.Values)
        {
            from.Send(frame);
        }

        List<string> arrived = [];
        bool ended = false;
        await Poll.Until(
            () =>
            {
                from.Send(end);
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
