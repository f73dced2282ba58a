using System.Text.Json.Nodes;

namespace NovaOrleans.Demo;

/// <summary>The main job from an empty cloud to an empty cloud, act by act.</summary>
internal sealed class Play(Stage stage, Narrator narrator, CancellationToken stop)
{
    private static readonly Troupe[] Troupes =
    [
        new("amber", "flat", "10.10.1.0/24", new() { ["label"] = "amber-net", ["cidr"] = "10.10.1.0/24", ["bridge"] = "bramber" }),
        new("birch", "flat_dhcp", "10.10.2.0/24", new() { ["label"] = "birch-net", ["cidr"] = "10.10.2.0/24", ["bridge"] = "brbirch" }),
        new("cedar", "vlan", "10.10.3.0/24", new() { ["label"] = "cedar-net", ["cidr"] = "10.10.3.0/24", ["vlan"] = 100 }),
    ];

    private readonly Casting _casting = new(stage, stop);
    private readonly Leftovers _leftovers = new(stage, narrator, stop);
    private readonly Dictionary<Troupe, string> _networks = [];
    private IReadOnlyList<Guest> _guests = [];

    /// <summary>A cluster may have other users.</summary>
    private long _heldBefore;
    private int _boundBefore;

    private Cloud Cloud => stage.Cloud;

    public async Task Perform()
    {
        await stage.SetUp(narrator, stop);
        _heldBefore = await Held();
        _boundBefore = (int)(await OwnHost())["vnics"]!;
        await (stage.Packets ? _leftovers.Note() : Task.CompletedTask);
        await ThreeProjectsUseThreeServices();
        if (stage.Packets)
        {
            var packets = new PacketActs(stage, narrator, _guests, stop);
            await packets.AddressesAreThoseAllocated();
            await packets.ReachWhatTheyShould();
            await packets.HostileGuestsAreContained();
            await packets.TheAgentMayDie();
        }
        else
        {
            await WhatTheHostWasTold();
        }

        if (stage is ClusterStage cluster)
        {
            await new SiloAct(cluster, narrator, stop).Perform(Troupes[0], _networks[Troupes[0]]);
        }

        await new ManageAct(stage, narrator).Perform(_guests);
        await Audit("in full swing", held: _guests.Count);
        await End();
    }

    [Seed("S2"), Seed("S43")]
    private async Task ThreeProjectsUseThreeServices()
    {
        narrator.Act("Three projects, three network services, two instances each");
        foreach (Troupe troupe in Troupes)
        {
            _networks[troupe] = await narrator.Step(
                $"project {troupe.Project} uses {troupe.Service}, its network is {troupe.Cidr}", () => _casting.Open(troupe));
        }

        foreach (Troupe troupe in Troupes)
        {
            await narrator.Step(
                $"two instances of {troupe.Project}: one with a card made before, one without",
                () => _casting.Launch(troupe, _networks[troupe]));
        }

        _guests = await narrator.Step("all six are active", _casting.UntilActive);
        narrator.Rows(
            ["instance", "service", "MAC", "allocated", "runs in"],
            _guests.Select(g => new[] { g.Name, g.Of.Service, g.Mac, g.Address, g.Space }));
    }

    private async Task WhatTheHostWasTold()
    {
        narrator.Act("What the fake host was told (no packet checks without root)");
        await narrator.Check("six addresses, each in its network, no two alike", () => Task.FromResult(
            _guests.Select(g => g.Address).Distinct().Count() == _guests.Count
            && _guests.All(g => g.Address.StartsWith(g.Of.Cidr[..^4], StringComparison.Ordinal))
                ? null
                : string.Join(", ", _guests.Select(g => g.Address))));
        await narrator.Check("the host has reported all six bindings", async () =>
        {
            JsonNode host = await OwnHost();
            return (int)host["vnics"]! == _boundBefore + _guests.Count && (long)host["revision"]! == (long)host["reported_revision"]!
                ? null
                : host.ToJsonString();
        });
    }

    private async Task Audit(string when, int held) => await narrator.Check(
        $"the audit finds no leak {when}, and {held} addresses held", async () =>
        {
            JsonNode audit = (await Cloud.Get("/audit"))["audit"]!;
            bool sound = new[] { "leaks", "duplicate_addresses", "orphan_bindings" }.All(f => (long)audit[f]! == 0);
            return sound && (long)audit["held_addresses"]! == _heldBefore + held ? null : audit.ToJsonString();
        });

    private async Task<JsonNode> OwnHost() => (await Cloud.Get($"/v1.1/hosts/{stage.HostName}"))["host"]!;

    private async Task<long> Held() => (long)(await Cloud.Get("/audit"))["audit"]!["held_addresses"]!;

    private async Task End()
    {
        narrator.Act("Everything goes");
        await narrator.Step("six instances deleted, torn down on the host and confirmed", () => _casting.DeleteServers(_guests));
        await narrator.Step("cards and networks deleted", () => _casting.DeleteNetworks(_networks));
        if (stage.Packets)
        {
            await _leftovers.Check();
        }

        await Audit("at the end", held: 0);
        await narrator.Step("the projects are forgotten", _casting.ForgetProjects);
    }
}
