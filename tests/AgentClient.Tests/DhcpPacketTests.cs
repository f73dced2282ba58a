using NovaOrleans.Agent;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>What guests are told by the network's server: leases, names, router advertisements.</summary>
[Trait("tier", "kernel")]
public sealed class DhcpPacketTests : PacketBench
{
    [Fact]
    [Trait("seed", "S21")]
    public async Task A_guest_that_leaves_gives_its_lease_back_and_the_server_goes_on()
    {
        await Make(Sketch().With(1, [1, 2], dhcp: true).Build());
        await UntilLeased(1, 2);
        string server = Bench.DhcpPid(AgentTests.Sketch.Network(1));

        await Make(Sketch().With(1, [2, 3], dhcp: true).Build());
        await UntilLeased(2, 3);
        Assert.Equal(server, Bench.DhcpPid(AgentTests.Sketch.Network(1)));

        // A server that was killed is started again with the leases that it had given.
        await Bench.KillDhcp(AgentTests.Sketch.Network(1));
        await Make(Sketch().With(1, [2, 3], dhcp: true).Build());
        Assert.NotEqual(server, Bench.DhcpPid(AgentTests.Sketch.Network(1)));
        await UntilLeased(2, 3);
    }

    [Fact]
    public async Task The_server_answers_for_its_guests_names_from_the_moment_they_are_known()
    {
        Sketch sketch = Sketch().With(1, [1, 2], dhcp: true, six: true);
        await Make(sketch.Build());
        await UntilHasAddress(sketch.Space(1), "10.1.0.11");
        Assert.Contains("10.1.0.12", await Ask(sketch, "guest-2"), StringComparison.Ordinal);
        string whole = await Ask(sketch, "guest-2.novalocal");
        Assert.Contains("10.1.0.12", whole, StringComparison.Ordinal);
        Assert.Contains($"{sketch.Address6(1, 2)}", whole, StringComparison.Ordinal);

        await Make(Sketch().With(1, [1, 2, 3], dhcp: true, six: true).Build());
        await Poll.Until(
            async () => (await Ask(sketch, "guest-3")).Contains("10.1.0.13", StringComparison.Ordinal), "the new name is known");
        await Make(Sketch().With(1, [1, 2], dhcp: true, six: true).Build());
        await Poll.Until(
            async () => !(await Ask(sketch, "guest-3")).Contains("10.1.0.13", StringComparison.Ordinal), "the name is forgotten");
    }

    [Fact]
    [Trait("seed", "S21")]
    public async Task Guests_make_the_address_of_their_mac_and_reach_router_and_each_other_with_it()
    {
        Sketch sketch = Sketch().With(1, [1, 2], dhcp: true, mtu: 1400, six: true);
        await Make(sketch.Build());
        foreach (int guest in new[] { 1, 2 })
        {
            await Poll.Until(
                async () => await HasUsable(sketch.Space(guest), sketch.Address6(1, guest)), $"guest {guest} has its address");
        }

        string routes = await Netns.Tool("ip", "-n", sketch.Space(1), "-6", "route");
        Assert.Contains("default via fe80::1 dev eth0", routes, StringComparison.Ordinal);
        Assert.True(await Netns.Reaches(sketch.Space(1), "fd00:1::1"), "the router");
        Assert.True(await Netns.Reaches(sketch.Space(1), $"{sketch.Address6(1, 2)}"), "the other guest");
        Assert.Equal("1400", (await Netns.Exec(sketch.Space(1), "cat", "/proc/sys/net/ipv6/conf/eth0/mtu")).Trim());
    }

    [Fact]
    public async Task A_network_without_ipv4_has_router_advertisements_alone()
    {
        Sketch sketch = Sketch().With(1, [1], dhcp: true, six: true);
        DesiredHost desired = sketch.Build();
        (string network, DhcpScope scope) = desired.DhcpScopes.Single();
        DhcpScope alone = scope with { Cidr = null, Server = null, Router = null, DnsServers = [], Hosts = [] };
        await Make(desired with { DhcpScopes = desired.DhcpScopes.SetItem(network, alone) });
        await Poll.Until(async () => await HasUsable(sketch.Space(1), sketch.Address6(1, 1)), "the guest has its address");
        Assert.DoesNotContain("10.1.0.", await Netns.Tool("ip", "-n", sketch.Space(1), "addr"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_that_is_not_offered_the_router_has_an_address_and_no_default_route()
    {
        Sketch sketch = Sketch().With(1, [1], dhcp: true);
        DesiredHost desired = sketch.Build();
        (string network, DhcpScope scope) = desired.DhcpScopes.Single();
        scope = scope with { Hosts = [scope.Hosts[0] with { OffersRouter = false }] };
        await Make(desired with { DhcpScopes = desired.DhcpScopes.SetItem(network, scope) });
        await UntilHasAddress(sketch.Space(1), "10.1.0.11");
        await Poll.Until(
            async () => (await Console(sketch)).Contains("lease eth0 10.1.0.11/24 router= dns=10.1.0.1", StringComparison.Ordinal),
            "the guest has written down its lease");
        Assert.DoesNotContain("default", await Netns.Tool("ip", "-n", sketch.Space(1), "route"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_gives_root_away_where_it_can_still_read_its_files()
    {
        await Make(Sketch().With(1, [1], dhcp: true).Build());
        string status = await File.ReadAllTextAsync($"/proc/{Bench.DhcpPid(AgentTests.Sketch.Network(1))}/status");
        string user = status.Split('\n').Single(l => l.StartsWith("Uid:", StringComparison.Ordinal));
        Assert.DoesNotContain("\t0", user, StringComparison.Ordinal);
        await UntilLeased(1);
        await Make(Sketch().With(1, [1, 2], dhcp: true).Build());
        await UntilLeased(1, 2);
    }

    private Task UntilLeased(params int[] guests) => Poll.Until(
        () => Bench.Leases.Read().Select(l => l.Address).ToHashSet()
            .SetEquals(guests.Select(g => AgentTests.Sketch.Address(1, g))),
        $"leases of exactly {string.Join(", ", guests)}");

    private static Task<string> Ask(Sketch sketch, string name) => Netns.Exec(
        sketch.Space(1), "sh", "-c", "busybox nslookup \"$0\" 10.1.0.1 2>&1 || true", name);

    private Task<string> Console(Sketch sketch) =>
        File.ReadAllTextAsync(Path.Combine(Bench.State, "guests", sketch.Spec(1).Id.ToString(), "console"));

    private static async Task<bool> HasUsable(string space, Ip6Address address) =>
        (await Netns.Tool("ip", "-n", space, "-6", "-o", "addr", "show", "dev", "eth0")).Split('\n')
            .Any(l => l.Contains($" {address}/64 ", StringComparison.Ordinal) && !l.Contains("tentative", StringComparison.Ordinal));
}
