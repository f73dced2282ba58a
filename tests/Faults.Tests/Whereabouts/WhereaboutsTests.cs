using System.Text.Json.Nodes;

namespace NovaOrleans.Faults;

/// <summary>
/// Where a machine is, is what the ledger says, whatever a host believes: over a cluster of processes, with guests on real hosts
/// and packets between them.
/// </summary>
[Trait("tier", "cluster")]
public sealed class WhereaboutsTests : IAsyncLifetime
{
    private const string Contested = "10.77.0.3";
    private const string Another = "10.77.0.4";
    private const string Watcher = "10.77.0.10";
    private TwoHosts _hosts = null!;

    public async Task InitializeAsync() => _hosts = await TwoHosts.Make();

    public async Task DisposeAsync() => await _hosts.DisposeAsync();

    [Fact]
    [Trait("seed", "D7")]
    public async Task A_host_that_was_given_up_wipes_itself_when_it_returns_and_whoever_has_its_addresses_notices_nothing()
    {
        string watcher = await _hosts.Launch("watcher", host: 1, Watcher);
        await Dead(watcher);
        await Frozen(watcher);
        await SilosDie(watcher);

        JsonNode audit = await _hosts.Asked(HttpMethod.Get, "/audit");
        Assert.Empty(audit["audit"]!["findings"]!.AsArray());
    }

    /// <summary>Its agent is killed; it comes back as a new process on a host where everything is as it was.</summary>
    private async Task Dead(string watcher)
    {
        string lost = await _hosts.Launch("lost", host: 0, Contested);
        await TwoHosts.UntilPings(watcher, Contested);
        await _hosts.Cluster.Agents[0].Kill();
        await _hosts.SetWire(0, up: false);
        string heir = await GiveUp(lost, "heir", Contested, watcher);

        using PingStream pings = PingStream.Start(TwoHosts.SpaceOf(watcher), Contested);
        await Poll.Until(() => pings.Answered > 10, "the heir is pinged");
        await _hosts.Cluster.Agents[0].Start();
        await Wiped(lost);
        await _hosts.SetWire(0, up: true);
        await TwoHosts.UntilPings(watcher, Contested);
        (_, IReadOnlyList<int> missing) = await pings.Stop();
        Assert.Empty(missing);
        await StillHas(heir, Contested);
        await _hosts.Delete(heir);
    }

    /// <summary>Its agent stands still meanwhile, and then goes on with what it believed.</summary>
    private async Task Frozen(string watcher)
    {
        string lost = await _hosts.Launch("late", host: 0, Another);
        await TwoHosts.UntilPings(watcher, Another);
        long ignored = (long)(await _hosts.Host(0))["ignored_reports"]!;
        _hosts.Cluster.Agents[0].Freeze();
        await _hosts.SetWire(0, up: false);
        string heir = await GiveUp(lost, "second", Another, watcher);

        _hosts.Cluster.Agents[0].Thaw();
        await Wiped(lost);
        await _hosts.SetWire(0, up: true);
        await StillHas(heir, Another);
        await TwoHosts.UntilPings(watcher, Another);
        Assert.True((long)(await _hosts.Host(0))["ignored_reports"]! > ignored, "what it said of the past was counted and ignored");
    }

    /// <summary>Each silo once, and so the one that an agent's session is with: it goes on, from the revision that it has.</summary>
    private async Task SilosDie(string watcher)
    {
        long[] epochs = [(long)(await _hosts.Host(0))["epoch"]!, (long)(await _hosts.Host(1))["epoch"]!];
        string[] ports = await _hosts.Ports(1);
        using PingStream pings = PingStream.Start(TwoHosts.SpaceOf(watcher), Another);
        for (int silo = 0; silo < 2; silo++)
        {
            await _hosts.Cluster.Silos[silo].Kill();
            string guest = await _hosts.Launch($"after{silo}", host: 0, $"10.77.0.{5 + silo}");
            await TwoHosts.UntilPings(watcher, $"10.77.0.{5 + silo}");
            Assert.True(TwoHosts.HasGuest(guest));
            await _hosts.Cluster.Silos[silo].Start();
        }

        (_, IReadOnlyList<int> missing) = await pings.Stop();
        Assert.Empty(missing);
        Assert.Equal(ports, await _hosts.Ports(1));
        long[] now = [(long)(await _hosts.Host(0))["epoch"]!, (long)(await _hosts.Host(1))["epoch"]!];
        Assert.Equal(epochs, now);
    }

    /// <summary>The operator says that the host is dead; another machine gets its address, while the first still has it.</summary>
    private async Task<string> GiveUp(string lost, string heir, string address, string watcher)
    {
        await _hosts.Fence(0);
        await _hosts.UntilServer(lost, "ERROR");
        await _hosts.Delete(lost);
        string other = await _hosts.Launch(heir, host: 1, address);
        await TwoHosts.UntilPings(watcher, address);
        Assert.True(await TwoHosts.HasAddress(lost, address), "nobody has told the lost host anything");
        Assert.NotEmpty(await _hosts.Ports(0));
        return other;
    }

    private async Task Wiped(string lost)
    {
        await Poll.Until(
            async () => !TwoHosts.HasGuest(lost) && (await _hosts.Ports(0)).Length == 0,
            "the host that returned has neither guest nor port", TimeSpan.FromSeconds(90));
        await Poll.Until(
            async () => (string?)(await _hosts.Host(0))["status"] == "LIVE", "the host is live again", TimeSpan.FromSeconds(90));
    }

    private async Task StillHas(string heir, string address)
    {
        await _hosts.UntilServer(heir, "ACTIVE");
        Assert.True(await TwoHosts.HasAddress(heir, address));
        JsonNode server = (await _hosts.Asked(HttpMethod.Get, $"/v1.1/servers/{heir}"))["server"]!;
        Assert.Equal(address, (string?)server["addresses"]!["blue"]![0]!["addr"]);
    }
}
