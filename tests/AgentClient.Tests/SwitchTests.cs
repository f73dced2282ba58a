using NovaOrleans.Agent;
using NovaOrleans.Testing;

namespace NovaOrleans.AgentTests;

/// <summary>Two hosts whose switch is Open vSwitch, on one wire: VLANs over a trunk, and a flat network beside them.</summary>
[Trait("tier", "kernel")]
public sealed class SwitchTests : IAsyncLifetime
{
    private LinuxBench _one = null!;
    private LinuxBench _two = null!;
    private Sketch _here = null!;
    private Sketch _there = null!;

    public async Task InitializeAsync()
    {
        (_one, _two) = (await LinuxBench.Create(ovs: true), await LinuxBench.Create(ovs: true));
        await _one.Wire(_two, "eth1");
        await _one.Wire(_two, "eth2");
        int salt = Random.Shared.Next(1, 1 << 24);
        (_here, _there) = (new(_one.Compute.AttachmentOf, salt), new(_two.Compute.AttachmentOf, salt));
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    /// <summary>Networks 1 and 2 are VLANs 100 and 200 of eth1, network 3 is flat on a Linux bridge over eth2.</summary>
    private static Sketch Three(Sketch sketch, int one, int two, int flat) => sketch
        .With(1, [one], dhcp: true).Over("eth1", 1, tag: 100)
        .With(2, [two], dhcp: true, mtu: 1400).Over("eth1", 2, tag: 200)
        .With(3, [flat], dhcp: true).Over("eth2", 3);

    private static async Task<Verified> Make(LinuxBench bench, DesiredHost desired)
    {
        Verified verified = await bench.Reconcile(desired);
        Assert.True(verified.Differences.IsEmpty, $"{string.Join('\n', verified.Applied.Faults)}\n{verified.Differences}");
        return verified;
    }

    private async Task MakeBoth()
    {
        await Task.WhenAll(Make(_one, Three(_here, 1, 2, 3).Build()), Make(_two, Three(_there, 4, 5, 6).Build()));
        foreach ((int guest, int network) in new[] { (1, 1), (2, 2), (3, 3), (4, 1), (5, 2), (6, 3) })
        {
            await PacketBench.UntilHasAddress(_here.Space(guest), Sketch.Address(network, guest).ToString());
        }
    }

    [Fact]
    [Trait("seed", "S11"), Trait("seed", "S128"), Trait("seed", "S132")]
    public async Task Vlans_go_over_the_trunk_with_their_tags_and_stay_apart()
    {
        await using Capture trunk = await Capture.Start(_one.Space.Name, "eth1");
        await MakeBoth();
        Assert.Empty((await Make(_one, Three(_here, 1, 2, 3).Build())).Applied.Plan.Steps);

        Assert.True(await Netns.Reaches(_here.Space(1), "10.1.0.14"), "VLAN 100, from host to host");
        Assert.True(await Netns.Reaches(_here.Space(2), "10.2.0.15"), "VLAN 200, from host to host");
        Assert.True(await Netns.Reaches(_here.Space(3), "10.3.0.16"), "flat, from host to host");
        await Poll.Until(
            () => Seen(trunk, "vlan 100", "10.1.0.14") && Seen(trunk, "vlan 200", "10.2.0.15"),
            "tags 100 and 200 are on the trunk");
        string[] mine = [.. new[] { 1, 2, 3, 4, 5, 6 }.Select(g => _here.Mac(g).ToString())];
        Assert.DoesNotContain(trunk.Lines, l => !l.Contains("vlan ", StringComparison.Ordinal) && mine.Any(l.Contains));

        // Guest 1 says that the other project's guest is on its own wire; nobody there answers.
        foreach ((int other, string address) in new[] { (5, "10.2.0.15"), (2, "10.2.0.12") })
        {
            await Netns.Tool("ip", "-n", _here.Space(1), "route", "replace", $"{address}/32", "dev", "eth0");
            Assert.False(await Netns.Pings(_here.Space(1), address), $"guest {other} is of another project");
        }
    }

    [Fact]
    [Trait("seed", "S141")]
    public async Task Long_frames_streams_and_guards_are_as_on_any_bridge()
    {
        await MakeBoth();
        Assert.Contains("mtu 1400", await Netns.Tool("ip", "-n", _here.Space(2), "link", "show", "eth0"), StringComparison.Ordinal);
        Assert.Equal(0, await Netns.ExitCode(_here.Space(1), "ping", "-n", "-c1", "-W2", "-M", "do", "-s", "1472", "10.1.0.14"));
        Assert.NotEqual(0, await Netns.ExitCode(_here.Space(2), "ping", "-n", "-c1", "-W1", "-M", "do", "-s", "1373", "10.2.0.15"));

        // A sender's unfinished checksum must not reach the wire: a stream would stall at its first segment.
        using Iperf server = await Iperf.Serve(_there.Space(4));
        string sent = await Netns.Exec(_here.Space(1), "timeout", "20", "iperf3", "-c", "10.1.0.14", "-n", "2M");
        Assert.Contains("receiver", sent, StringComparison.Ordinal);

        (string Mac, string Ip) me = (_here.Mac(1).ToString(), "10.1.0.11");
        (string Mac, string Ip) you = (_there.Mac(4).ToString(), "10.1.0.14");
        byte[] Frame(string mac, string ip, string text) =>
            Frames.Udp4((mac, ip), you, (1111, 7777), System.Text.Encoding.ASCII.GetBytes(text));
        using RawFrames from = RawFrames.Open(_here.Space(1), "eth0");
        using RawFrames to = RawFrames.Open(_there.Space(4), "eth0");
        from.Send(Frame(me.Mac, "10.1.0.99", "<stolen address>"));
        from.Send(Frame("02:99:99:99:99:99", me.Ip, "<stolen card>"));
        from.Send(Frames.Arp(me.Mac, 2, (me.Mac, "10.1.0.1"), you.Ip));
        List<string> arrived = [];
        await Poll.Until(
            () =>
            {
                from.Send(Frame(me.Mac, me.Ip, "<honest>"));
                while (to.Receive(TimeSpan.FromMilliseconds(200)) is { } frame)
                {
                    arrived.Add(System.Text.Encoding.Latin1.GetString(frame));
                }

                return arrived.Any(f => f.Contains("<honest>", StringComparison.Ordinal));
            },
            "the honest frame arrived");
        Assert.DoesNotContain(arrived, f => f.Contains("<stolen", StringComparison.Ordinal));
        Assert.DoesNotContain(arrived, f => f[12..14] == "\u0008\u0006" && f[28..32] == "\u000a\u0001\u0000\u0001");
    }

    [Fact]
    public async Task What_is_not_ours_in_open_vswitch_is_used_and_never_changed()
    {
        await _one.Ovs!.Ctl("add-br", "br-ex", "--", "set", "bridge", "br-ex", "datapath_type=netdev", "--", "add-port", "br-ex", "eth1");
        await _one.Space.Ip("link", "add", "operators0", "type", "veth", "peer", "name", "operators1");
        await _one.Ovs.Ctl("add-port", "br-ex", "operators0", "tag=7");
        string before = await Tables();

        await Make(_one, Three(_here, 1, 2, 3).Build());
        await Make(_two, Three(_there, 4, 5, 6).Build());
        await PacketBench.UntilHasAddress(_here.Space(1), "10.1.0.11");
        await PacketBench.UntilHasAddress(_there.Space(4), "10.1.0.14");
        Assert.True(await Netns.Reaches(_here.Space(1), "10.1.0.14"), "over the operator's bridge");
        Assert.Equal("br-ex", (await _one.Ovs.Ctl("list-br")).Trim());

        Assert.True((await _one.CleanUp()).Clean);
        Assert.Equal(before, await Tables());
        Assert.True((await _two.CleanUp()).Clean);
        Assert.Equal("", await _two.Ovs!.Ctl("list-br"));
        async Task<string> Tables() => await _one.Ovs.Ctl(
            "--columns=name,tag,trunks,external_ids", "list", "Port", "--", "--columns=name,datapath_type,external_ids", "list", "Bridge");
    }

    [Fact]
    public async Task A_switch_that_does_not_answer_is_the_fault_of_its_own_networks()
    {
        await Make(_one, new Sketch(_one.Compute.AttachmentOf, 77).With(3, [3]).Build());
        await _one.Ovs!.KillSwitch();
        Sketch sketch = new Sketch(_one.Compute.AttachmentOf, 77).With(3, [3]).With(1, [1]).Over("eth1", 1, tag: 100);
        Verified verified = await _one.Reconcile(sketch.Build());
        Assert.Equal("ovs-vswitchd did not take it up within 5 s; is it running?", verified.FaultOf(sketch.Vnic(1)));
        Assert.Null(verified.FaultOf(sketch.Vnic(3)));

        _one.Ovs.StartSwitch();
        await Poll.Until(
            async () => (await _one.Reconcile(sketch.Build())).Differences.IsEmpty, "the host converges once it runs again");
    }

    private static bool Seen(Capture capture, string tag, string address) =>
        capture.Lines.Any(l => l.Contains($"{tag},", StringComparison.Ordinal) && l.Contains(address, StringComparison.Ordinal));
}
