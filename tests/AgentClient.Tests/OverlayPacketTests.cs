using NovaOrleans.Agent;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>Two hosts that are joined by IP and nothing else: overlays between them, on real packets.</summary>
[Trait("tier", "kernel")]
public sealed class OverlayPacketTests : IAsyncLifetime
{
    private const string AddressOfOne = "192.0.2.1";
    private const string AddressOfTwo = "192.0.2.2";

    private LinuxBench _one = null!;
    private LinuxBench _two = null!;
    private Sketch _here = null!;
    private Sketch _there = null!;

    public async Task InitializeAsync()
    {
        (_one, _two) = (await LinuxBench.Create(), await LinuxBench.Create());
        await _one.Wire(_two, "eth1");
        await _one.AddAddress("eth1", $"{AddressOfOne}/24");
        await _two.AddAddress("eth1", $"{AddressOfTwo}/24");
        int salt = Random.Shared.Next(1, 1 << 24);
        (_here, _there) = (new(_one.Compute.AttachmentOf, salt), new(_two.Compute.AttachmentOf, salt));
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    /// <summary>Networks 1 and 2 are VNIs 100 and 200, with guests 1 and 2 on the first host, and 3 and 4 on the second one.</summary>
    private Task MakeBoth() => Task.WhenAll(
        Make(_one, _here, [1, 2], AddressOfOne, [3, 4], AddressOfTwo), Make(_two, _there, [3, 4], AddressOfTwo, [1, 2], AddressOfOne));

    private static async Task Make(LinuxBench bench, Sketch sketch, int[] guests, string local, int[] others, string remote)
    {
        sketch.With(1, guests[..1], dhcp: true, mtu: 1450)
            .Overlay(1, 100, local, Sketch.Flood(remote), sketch.At(others[0], remote))
            .With(2, guests[1..], dhcp: true, mtu: 1400)
            .Overlay(2, 200, local, Sketch.Flood(remote), sketch.At(others[1], remote));
        Verified verified = await bench.Reconcile(sketch.Build());
        Assert.True(verified.Differences.IsEmpty, $"{string.Join('\n', verified.Applied.Faults)}\n{verified.Differences}");
        foreach ((int guest, int network) in guests.Zip([1, 2]))
        {
            await PacketBench.UntilHasAddress(sketch.Space(guest), Sketch.Address(network, guest).ToString());
        }
    }

    [Fact]
    [Trait("seed", "S11"), Trait("seed", "S128"), Trait("seed", "S132")]
    public async Task Guests_reach_those_of_their_VNI_on_the_other_host_and_no_others()
    {
        await using Capture wire = await Capture.Start(_one.Space.Name, "eth1");
        await MakeBoth();
        Assert.True(await Netns.Reaches(_here.Space(1), "10.1.0.13"), "VNI 100, from host to host");
        Assert.True(await Netns.Reaches(_here.Space(2), "10.2.0.14"), "VNI 200, from host to host");

        // As long as may be, and no longer: 1450 are 1422 and the headers of IP and ICMP.
        Assert.Contains("mtu 1450", await Netns.Tool("ip", "-n", _here.Space(1), "link", "show", "eth0"), StringComparison.Ordinal);
        Assert.Equal(0, await Netns.ExitCode(_here.Space(1), "ping", "-n", "-c1", "-W2", "-Mdo", "-s1422", "10.1.0.13"));
        Assert.NotEqual(0, await Netns.ExitCode(_here.Space(1), "ping", "-n", "-c1", "-W1", "-Mdo", "-s1423", "10.1.0.13"));

        // Guest 1 says that the other VNI's guests are on its own wire; nobody there answers.
        foreach ((int other, string address) in new[] { (4, "10.2.0.14"), (2, "10.2.0.12") })
        {
            await Netns.Tool("ip", "-n", _here.Space(1), "route", "replace", $"{address}/32", "dev", "eth0");
            Assert.False(await Netns.Pings(_here.Space(1), address), $"guest {other} is of another VNI");
        }

        await Poll.Until(() => Seen(wire, "vni 100", "10.1.0.13") && Seen(wire, "vni 200", "10.2.0.14"), "both VNIs are on the wire");
        string[] outer = [.. wire.Lines.Where(l => l.Contains("VXLAN", StringComparison.Ordinal))];
        Assert.NotEmpty(outer);
        Assert.All(outer, l => Assert.True(Goes(l, AddressOfOne, AddressOfTwo) || Goes(l, AddressOfTwo, AddressOfOne), l));
    }

    [Fact]
    public async Task Nothing_is_learned_and_a_guest_that_moved_is_reached_where_it_is_told_to_be()
    {
        await MakeBoth();
        Assert.True(await Netns.Reaches(_here.Space(1), "10.1.0.13"));
        string[] wanted = [$"00:00:00:00:00:00 dst {AddressOfTwo}", $"{_here.Mac(3)} dst {AddressOfTwo}"];
        ActualHost now = await _one.Observe();
        Assert.Equal(wanted, now.Links["vx1"].Vxlan!.Forwarding.Select(e => e.ToString()));

        // Told to be nowhere, it is not reached, though its host is there and says so with each answer.
        await _one.RemoveForwarding("vx1", Sketch.Flood(AddressOfTwo));
        await _one.RemoveForwarding("vx1", _here.At(3, AddressOfTwo));
        Assert.False(await Netns.Pings(_here.Space(1), "10.1.0.13"));
        await _one.AddForwarding("vx1", _here.At(3, AddressOfTwo));
        Assert.True(await Netns.Reaches(_here.Space(1), "10.1.0.13"), "by its MAC alone: it is known and needs no flooding");
    }

    [Fact]
    public async Task A_host_is_reached_by_its_default_route_unless_it_has_none()
    {
        Assert.Null(await _one.Host.OwnAddress(CancellationToken.None));
        await _one.Space.Ip("route", "add", "default", "via", AddressOfTwo, "dev", "eth1");
        Assert.Equal(Ip4Address.Parse(AddressOfOne), await _one.Host.OwnAddress(CancellationToken.None));
    }

    /// <summary>From host to host, and not to a multicast group.</summary>
    private static bool Goes(string line, string from, string to) => line.Contains($" {from}.", StringComparison.Ordinal)
        && line.Contains($" > {to}.4789: ", StringComparison.Ordinal);

    private static bool Seen(Capture capture, string vni, string address) => capture.Lines.Any(l =>
        l.Contains(vni, StringComparison.Ordinal)) && capture.Lines.Any(l => l.Contains(address, StringComparison.Ordinal));
}
