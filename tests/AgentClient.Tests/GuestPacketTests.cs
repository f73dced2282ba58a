using System.Collections.Immutable;
using System.Globalization;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Host;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>Guests that come up by themselves, and whom they can reach.</summary>
[Trait("tier", "kernel")]
public sealed class GuestPacketTests : PacketBench
{
    [Fact]
    [Trait("seed", "S11"), Trait("seed", "S21"), Trait("seed", "S128")]
    public async Task A_dhcp_guest_gets_exactly_its_address_route_and_mtu()
    {
        Sketch sketch = Sketch().With(1, [1, 2], dhcp: true, mtu: 1400);
        await Make(sketch.Build());
        await UntilHasAddress(sketch.Space(1), "10.1.0.11");
        await UntilHasAddress(sketch.Space(2), "10.1.0.12");
        await Poll.Until(
            async () => (await Netns.Tool("ip", "-n", sketch.Space(1), "route"))
                .Contains("default via 10.1.0.1 dev eth0", StringComparison.Ordinal),
            "the default route is there");
        Assert.Contains("mtu 1400", await Netns.Tool("ip", "-n", sketch.Space(1), "link", "show", "dev", "eth0"), StringComparison.Ordinal);
        Assert.True(await Netns.Reaches(sketch.Space(1), "10.1.0.12"));
        Assert.True(await Netns.Reaches(sketch.Space(1), "10.1.0.1"));
    }

    [Fact]
    public async Task A_port_that_was_deleted_comes_back_and_its_guest_with_it()
    {
        Sketch sketch = Sketch().With(1, [1, 2], dhcp: true);
        DesiredHost desired = sketch.Build();
        await Make(desired);
        await UntilHasAddress(sketch.Space(1), "10.1.0.11");
        await Bench.DeleteLink(sketch.PortName(1));
        await Make(desired);
        await UntilHasAddress(sketch.Space(1), "10.1.0.11");
        await Poll.Until(() => Netns.Pings(sketch.Space(1), "10.1.0.12"), "the guest is reached again");
    }

    [Fact]
    [Trait("seed", "S91"), Trait("seed", "S128"), Trait("seed", "S140")]
    public async Task A_guest_with_an_injected_file_comes_up_from_it()
    {
        Sketch sketch = Sketch().With(1, [1, 2]);
        DesiredHost desired = sketch.Build();
        foreach (int guest in new[] { 1, 2 })
        {
            string id = sketch.Spec(guest).Id.ToString();
            NetworkInfo info = new(
                sketch.Mac(guest), AgentTests.Sketch.Address(1, guest), Cidr4.Parse("10.1.0.0/24"), Ip4Address.Parse("255.255.255.0"),
                AgentTests.Sketch.Gateway(1), Ip4Address.Parse("10.1.0.255"));
            desired = desired with
            {
                Guests = desired.Guests.SetItem(id, desired.Guests[id] with
                {
                    InjectedFiles = ImmutableDictionary<string, string>.Empty
                        .Add(InterfacesFile.Path, InterfacesFile.Of(new Dictionary<int, NetworkInfo> { [0] = info })),
                }),
            };
        }

        await Make(desired);
        await UntilHasAddress(sketch.Space(1), "10.1.0.11");
        await UntilHasAddress(sketch.Space(2), "10.1.0.12");
        await Poll.Until(() => Netns.Pings(sketch.Space(1), "10.1.0.12"), "the two reach each other");
    }

    [Fact]
    public async Task Networks_do_not_reach_each_other_through_the_host()
    {
        Sketch sketch = Sketch().With(1, [1], dhcp: true).With(2, [2], dhcp: true);
        await Make(sketch.Build());
        await Bench.Space.Exec("sysctl", "-qw", "net.ipv4.ip_forward=1");
        await UntilHasAddress(sketch.Space(1), "10.1.0.11");
        await UntilHasAddress(sketch.Space(2), "10.2.0.12");
        Assert.False(await Netns.Pings(sketch.Space(1), "10.2.0.12"));
        Assert.False(await Netns.Pings(sketch.Space(1), "10.2.0.1"), "the gateway address of another network");

        // It is our table that keeps them apart.
        await Bench.FlushFirewall();
        Assert.True(await Netns.Reaches(sketch.Space(1), "10.2.0.12"));
        Assert.True(await Netns.Reaches(sketch.Space(1), "10.2.0.1"));
    }

    [Fact]
    public async Task Traffic_inside_a_bridge_passes_with_br_netfilter_and_without()
    {
        Sketch sketch = Sketch().With(1, [1, 2], dhcp: true);
        await Make(sketch.Build());
        await UntilHasAddress(sketch.Space(1), "10.1.0.11");
        await UntilHasAddress(sketch.Space(2), "10.1.0.12");
        foreach (string on in new[] { "1", "0" })
        {
            await Bench.Space.Exec("sysctl", "-qw", $"net.bridge.bridge-nf-call-iptables={on}");
            Assert.True(await Netns.Reaches(sketch.Space(1), "10.1.0.12"), $"bridge-nf-call-iptables={on}");
        }
    }

    [Fact]
    public async Task A_guest_reaches_of_the_host_only_what_serves_its_network()
    {
        Sketch sketch = Sketch().With(1, [1], dhcp: true);
        await Make(sketch.Build());
        await UntilHasAddress(sketch.Space(1), "10.1.0.11");
        Assert.True(await Netns.Reaches(sketch.Space(1), "10.1.0.1"));
        // 124: the time ran out, nothing came back.
        Assert.Equal(124, await Connect(sketch.Space(1), 22));
        Assert.Equal(0, await Connect(sketch.Space(1), 53));
        Assert.True(await Netns.Reaches(Bench.Space.Name, "10.1.0.11"), "the host reaches its guest");
    }

    [Fact]
    public async Task An_agents_restart_loses_no_ping()
    {
        Sketch sketch = Sketch().With(1, [1, 2], dhcp: true);
        DesiredHost desired = sketch.Build();
        await Make(desired);
        await UntilHasAddress(sketch.Space(1), "10.1.0.11");
        await UntilHasAddress(sketch.Space(2), "10.1.0.12");
        Task<string> ping = Netns.Exec(sketch.Space(1), "ping", "-n", "-q", "-i", "0.01", "-c", "150", "10.1.0.12");
        do
        {
            ActualHost seen = await new HostObserver(Bench.Restarted(), Bench.Compute).Observe(CancellationToken.None);
            Assert.Equal("", Planner.Make(seen, desired).ToString());
        }
        while (!ping.IsCompleted);
        Assert.Contains(" 0% packet loss", await ping, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_changes_hands_is_leased_to_its_new_card()
    {
        Sketch before = Sketch().With(1, [1], dhcp: true);
        await Make(before.Build());
        await UntilHasAddress(before.Space(1), "10.1.0.11");
        string server = Bench.DhcpPid(AgentTests.Sketch.Network(1));

        Sketch after = Sketch().With(1, [2], dhcp: true);
        DesiredHost desired = after.Build();
        (string network, DhcpScope scope) = desired.DhcpScopes.Single();
        Ip4Address address = AgentTests.Sketch.Address(1, 1);
        await Make(desired with
        {
            DhcpScopes = desired.DhcpScopes.SetItem(network, scope with { Hosts = [new(after.Mac(2), address, "guest-2")] }),
            Guards = desired.Guards.SetItem(after.PortName(2), desired.Guards[after.PortName(2)] with { Addresses = [address] }),
        });
        await UntilHasAddress(after.Space(2), "10.1.0.11");
        Assert.Equal(server, Bench.DhcpPid(AgentTests.Sketch.Network(1)));
    }

    [Fact]
    [Trait("seed", "S133")]
    public async Task After_the_last_guest_no_link_no_table_and_no_process_is_left()
    {
        Sketch sketch = Sketch().With(1, [1], dhcp: true);
        await Make(sketch.Build());
        await UntilHasAddress(sketch.Space(1), "10.1.0.11");
        string dhcp = Bench.DhcpPid(AgentTests.Sketch.Network(1));
        string[] inGuest = (await Netns.Tool("ip", "netns", "pids", sketch.Space(1))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(inGuest);

        await Make(DesiredHost.Empty);
        Assert.All([dhcp, .. inGuest], pid => Assert.Equal("", CommandLine(pid)));
        Assert.False(File.Exists("/run/netns/" + sketch.Space(1)));
        Assert.Equal("", await Bench.Space.Exec("nft", "list", "ruleset"));
        Assert.Equal("lo", (await Bench.Space.Ip("-br", "link")).Split(' ')[0]);
        Assert.Single((await Bench.Space.Ip("-br", "link")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_kernel_without_vlans_says_so_in_a_sentence()
    {
        await Bench.Space.Ip("link", "add", "up0", "type", "veth", "peer", "name", "up1");
        Sketch sketch = Sketch().With(1, [1]);
        DesiredHost desired = sketch.Build();
        VlanLink link = new("vlan100", "up0", VlanTag.Create(100), 1500);
        Verified verified = await Bench.Reconcile(desired with
        {
            VlanLinks = desired.VlanLinks.Add(link.Name, link),
            Bridges = desired.Bridges.SetItem("br1", desired.Bridges["br1"] with { Uplink = link.Name }),
        });
        if (verified.Actual.Links.TryGetValue(link.Name, out ActualLink? made))
        {
            Assert.Equal((VlanTag.Create(100), "up0", "br1"), (made.Tag, made.Parent, made.Master));
        }
        else
        {
            Assert.Equal(KernelFaults.NoVlans, verified.FaultOf(sketch.Vnic(1)));
        }
    }

    [Fact]
    public async Task A_guest_that_ends_by_itself_is_seen()
    {
        Sketch sketch = Sketch().With(1, [1]);
        await Make(sketch.Build());
        string pids = await Netns.Tool("ip", "netns", "pids", sketch.Space(1));
        foreach (string pid in pids.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // A step of its boot may have ended by itself meanwhile.
            Processes.Signal(int.Parse(pid, CultureInfo.InvariantCulture), Processes.Kill);
        }

        await Poll.Until(
            async () => (await Bench.Observe()).Guests[sketch.Spec(1).Id.ToString()] == Agent.Compute.GuestStatus.Lost,
            "the guest is known to be lost");
    }

    [Fact]
    [Trait("seed", "R16")]
    public async Task A_port_that_is_down_lets_nothing_through_and_comes_back()
    {
        Sketch sketch = Sketch().With(1, [1, 2], dhcp: true);
        DesiredHost desired = sketch.Build();
        await Make(desired);
        await UntilHasAddress(sketch.Space(1), "10.1.0.11");
        await UntilHasAddress(sketch.Space(2), "10.1.0.12");
        PlacedPort placed = desired.Ports[sketch.PortName(1)];
        await Make(desired with
        {
            Ports = desired.Ports.SetItem(sketch.PortName(1), placed with { Port = placed.Port with { Up = false } }),
        });
        Assert.False(await Netns.Pings(sketch.Space(1), "10.1.0.12"));
        Assert.False(await Netns.Pings(sketch.Space(2), "10.1.0.11"));
        Assert.True(await Netns.Reaches(sketch.Space(2), "10.1.0.1"), "the other guest");
        await Make(desired);
        await Poll.Until(() => Netns.Pings(sketch.Space(1), "10.1.0.12"), "the guest is reached again");
    }

    [Fact]
    [Trait("seed", "S155")]
    public async Task A_further_address_passes_while_it_is_the_ports_and_only_then()
    {
        Sketch sketch = Sketch().With(1, [1, 2], dhcp: true);
        DesiredHost desired = sketch.Build();
        await Make(desired);
        await UntilHasAddress(sketch.Space(1), "10.1.0.11");
        await UntilHasAddress(sketch.Space(2), "10.1.0.12");
        await Netns.Tool("ip", "-n", sketch.Space(1), "addr", "add", "10.1.0.99/24", "dev", "eth0");
        Task<int> Ping() => Netns.ExitCode(sketch.Space(1), "ping", "-n", "-c1", "-W1", "-I", "10.1.0.99", "10.1.0.12");
        Assert.NotEqual(0, await Ping());
        PortGuard guard = desired.Guards[sketch.PortName(1)];
        await Make(desired with
        {
            Guards = desired.Guards.SetItem(
                guard.Port, guard with { Addresses = [.. guard.Addresses, Ip4Address.Parse("10.1.0.99")] }),
        });
        await Poll.Until(async () => await Ping() == 0, "its packets pass");
        await Make(desired);
        Assert.NotEqual(0, await Ping());
    }

    private static string CommandLine(string pid) =>
        Processes.CommandLine(int.Parse(pid, System.Globalization.CultureInfo.InvariantCulture));

    private static Task<int> Connect(string space, int port) =>
        Netns.ExitCode(space, "timeout", "1", "bash", "-c", "exec 3<>/dev/tcp/10.1.0.1/$0", $"{port}");
}
