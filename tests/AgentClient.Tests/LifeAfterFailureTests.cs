using System.Collections.Immutable;
using System.Text.Json.Nodes;
using NovaOrleans.Agent;
using NovaOrleans.Testing;

namespace NovaOrleans.AgentTests;

/// <summary>
/// A host with guests is spoilt in every way that operators know of: it converges, touches what differs and nothing
/// else, says what it mended, and its guests speak again.
/// </summary>
[Trait("tier", "kernel")]
public sealed class LifeAfterFailureTests : PacketBench
{
    private Repairs _repairs = Repairs.None;

    [Fact]
    [Trait("seed", "S132")]
    public async Task Whatever_is_spoilt_is_mended_told_and_counted_and_guests_speak_again()
    {
        Sketch sketch = Sketch().With(1, [1, 2], dhcp: true);
        DesiredHost desired = sketch.Build();
        Assert.Empty(await Round(desired));
        await UntilTheySpeak(sketch);
        Assert.Empty(await Round(desired));

        await Bench.DeleteLink(sketch.PortName(1));
        IReadOnlyList<Step> port = await Round(desired);
        Assert.IsType<AddPort>(Assert.Single(port));
        await UntilTheySpeak(sketch);

        await Bench.FlushFirewall();
        IReadOnlyList<Step> rules = await Round(desired);
        Assert.Contains(rules, s => s is LoadFirewall);
        Assert.All(rules, s => Assert.Equal(Phase.OpenFirewall, s.Phase));

        await Bench.Space.Exec("nft", "flush", "chain", "bridge", "nova", "guard");
        Assert.IsType<LoadFirewall>(Assert.Single(await Round(desired)));

        await Bench.Space.Exec("nft", "add", "element", "bridge", "nova", "vmports", "{ \"stranger0\" }");
        Assert.IsType<RemoveElement>(Assert.Single(await Round(desired)));

        await Bench.KillDhcp(AgentTests.Sketch.Network(1));
        Assert.IsType<StartDhcp>(Assert.Single(await Round(desired)));

        string card = await Card();
        await Bench.DeleteLink("br1");
        IReadOnlyList<Step> bridge = await Round(desired);
        // Guests know their gateway by it, and would look for the old one for a while.
        Assert.Equal(card, await Card());
        Assert.Equal(
            ["br1", Step.DhcpSubject(AgentTests.Sketch.Network(1).ToString()), .. new[] { 1, 2 }.Select(sketch.PortName)],
            bridge.Select(s => s.Subject).Distinct().Order(StringComparer.Ordinal));
        await UntilTheySpeak(sketch);

        Assert.Equal(4 + rules.Count + bridge.Count, _repairs.Count);
        Assert.Equal("br1", _repairs.Recent[^bridge.Count].What);
        Assert.Empty(await Round(desired));
    }

    [Fact]
    public async Task After_the_machines_restart_everything_comes_back_and_is_told_as_repaired()
    {
        Sketch sketch = Sketch().With(1, [1, 2], dhcp: true);
        DesiredHost desired = sketch.Build();
        await Round(desired);
        await UntilTheySpeak(sketch);

        // What a restart leaves: files. Links, rules, processes, guests and the machine's id of this boot are gone.
        foreach (int guest in new[] { 1, 2 })
        {
            await Bench.RemoveGuestAtOnce(sketch.Spec(guest).Id);
        }

        await Bench.Space.Rebuild();
        IReadOnlyList<Step> repaired = await Round(desired);
        await UntilTheySpeak(sketch);
        Assert.Contains(repaired, s => s is AddBridge);
        Assert.Contains(repaired, s => s is StartDhcp);
        Assert.Contains(repaired, s => s is LoadFirewall);
        Assert.Equal(2, repaired.Count(s => s is StartGuest));
    }

    [Fact]
    public async Task What_is_asked_for_is_no_repair()
    {
        Sketch sketch = Sketch().With(1, [1], dhcp: true);
        Assert.Empty(await Round(sketch.Build()));
        Assert.Empty(await Round(Sketch().With(1, [1, 2], dhcp: true).Build()));
        Assert.Empty(await Round(Sketch().With(1, [2], dhcp: true, mtu: 1400).Build()));
        Assert.Empty(await Round(DesiredHost.Empty));
        Assert.Equal(0, _repairs.Count);
    }

    /// <summary>One round, and what of it was a repair. Each is that of a new agent: what is known comes from the file.</summary>
    private async Task<IReadOnlyList<Step>> Round(DesiredHost desired)
    {
        Verified verified = await Make(desired);
        RepairFile file = new(Path.Combine(Bench.State, "repairs.json"));
        ImmutableDictionary<string, string> wanted = Fingerprints.Of(verified.Actual, desired);
        IReadOnlyList<Step> repaired = file.Read().Among(verified.Applied, wanted);
        file.Write(file.Read().With(repaired, verified, wanted, DateTimeOffset.UnixEpoch));
        _repairs = file.Read();
        return repaired;
    }

    private async Task<string> Card() =>
        (string)(JsonNode.Parse(await Bench.Space.Ip("-j", "link", "show", "br1"))![0]!["address"])!;

    private static Task UntilTheySpeak(Sketch sketch) => Poll.Until(
        async () => await Netns.Pings(sketch.Space(1), "10.1.0.12") && await Netns.Pings(sketch.Space(2), "10.1.0.1"),
        "the guests reach each other and their gateway", TimeSpan.FromSeconds(40));
}
