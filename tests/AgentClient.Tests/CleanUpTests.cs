using System.Text.Json.Nodes;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Testing;

namespace NovaOrleans.AgentTests;

/// <summary><c>--cleanup</c>: what agents made is gone, what others made is as it was.</summary>
[Trait("tier", "kernel")]
public sealed class CleanUpTests : IAsyncLifetime
{
    private LinuxBench _bench = null!;

    public async Task InitializeAsync() => _bench = await LinuxBench.Create(ovs: true);

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private async Task<DesiredHost> Furnish(Sketch sketch)
    {
        await _bench.AddForeignBridge("br3", mtu: 1500);
        await _bench.AddUplink("eth1");
        await _bench.AddUplink("eth2");
        await _bench.Space.Exec("nft", "add table inet theirs; add chain inet theirs c; add rule inet theirs c counter");
        DesiredHost desired = sketch
            .With(1, [1], dhcp: true).Over("eth2", 1)
            .With(2, [2], dhcp: true).Over("eth1", 2, tag: 100)
            .With(3, [3]).Build();
        return desired;
    }

    private async Task<string> Theirs() => string.Join('\n',
        await _bench.Space.Ip("-o", "-4", "addr"), await _bench.Space.Exec("nft", "list", "ruleset"),
        string.Join(' ', JsonNode.Parse(await _bench.Space.Ip("-j", "link"))!.AsArray()
            .Select(l => $"{l!["ifindex"]}:{l["ifname"]} {l["mtu"]} {l["master"]}")),
        await _bench.Ovs!.Ctl("show"));

    [Fact]
    [Trait("seed", "S133")]
    public async Task Everything_of_ours_goes_and_nothing_else_is_touched()
    {
        Sketch sketch = new(_bench.Compute.AttachmentOf, Random.Shared.Next(1, 1 << 24));
        DesiredHost desired = await Furnish(sketch);
        string before = await Theirs();
        Verified verified = await _bench.Reconcile(desired);
        Assert.True(verified.Differences.IsEmpty, $"{verified.Differences}");
        Assert.NotEqual(before, await Theirs());

        (bool clean, string printed) = await _bench.CleanUp();
        Assert.True(clean, printed);
        Assert.EndsWith("nothing of ours is left\n", printed, StringComparison.Ordinal);
        Assert.Equal(before, await Theirs());
        Assert.False(Directory.Exists(_bench.State), "the agent's folder is left");
        Assert.False(File.Exists("/run/netns/" + sketch.Space(1)), "a guest is left");
        Assert.Equal((true, "nothing of ours is left\n"), await _bench.CleanUp());
    }

    [Fact]
    public async Task Running_guests_may_keep_what_they_are_plugged_into_and_it_is_named()
    {
        int salt = Random.Shared.Next(1, 1 << 24);
        Sketch sketch = new(s => s.Name == "guest-1" ? OpenedByHypervisor.Instance : _bench.Compute.AttachmentOf(s), salt);
        Verified verified = await _bench.Reconcile(await Furnish(sketch));
        Assert.True(verified.Differences.IsEmpty, $"{verified.Differences}");
        foreach (int guest in new[] { 2, 3 })
        {
            await Netns.Tool("ip", "-n", sketch.Space(guest), "addr", "replace", $"{Sketch.Address(guest, guest)}/24", "dev", "eth0");
        }

        (bool clean, string printed) = await _bench.CleanUp(keepGuests: true);
        Assert.True(clean, printed);
        string[] kept = [.. printed.Split('\n').Where(l => l.StartsWith('=')).Select(l => l.Split(' ')[1])];
        Assert.Equal(
            new[] { "br2", "br3", sketch.PortName(2), sketch.PortName(3), "nvp-vlan100", "vlan100" }.Order(StringComparer.Ordinal),
            kept.Order(StringComparer.Ordinal));
        ActualHost after = await _bench.Observe();
        Assert.Equal(kept.Where(k => k != "br3").Order(StringComparer.Ordinal),
            after.Links.Values.Where(l => l.Ours).Select(l => l.Name).Order(StringComparer.Ordinal));
        Assert.False(after.Firewall.Present);
        Assert.Empty(after.Dhcp);
        Assert.Contains("eth1", after.Switch!.Bridges["nvs-eth1"].Ports.Keys);
        Assert.True(await Netns.Reaches(sketch.Space(2), "10.2.0.1"), "the guest still has its bridge");
    }
}
