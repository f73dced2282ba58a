using System.Text.Json.Nodes;
using NovaOrleans.Agent;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Testing;

namespace NovaOrleans.AgentTests;

/// <summary>
/// Two hosts carry one network over a shared wire, and each has the gateway's address on its bridge (nova's
/// share_address): guests meet, and each host serves its own.
/// </summary>
[Trait("tier", "kernel")]
public sealed class SharedGatewayTests : IAsyncLifetime
{
    private const string Gateway = "10.1.0.1";
    private const string Gateway6 = "fd00:1::1";

    private LinuxBench _one = null!;
    private LinuxBench _two = null!;
    private Sketch _here = null!;
    private Sketch _there = null!;

    public async Task InitializeAsync()
    {
        (_one, _two) = (await LinuxBench.Create(), await LinuxBench.Create());
        await _one.Wire(_two, "eth1");
        int salt = Random.Shared.Next(1, 1 << 24);
        _here = new Sketch(_one.Compute.AttachmentOf, salt).With(1, [1, 2], dhcp: true).Over("eth1", 1).WithGateway6(1);
        _there = new Sketch(_two.Compute.AttachmentOf, salt).With(1, [3, 4], dhcp: true).Over("eth1", 1).WithGateway6(1);
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Fact]
    [Trait("seed", "S11"), Trait("seed", "S21")]
    public async Task Each_guest_has_its_own_hosts_gateway_and_they_reach_each_other()
    {
        await using Capture wire = await Capture.Start(_one.Space.Name, "eth1");
        foreach ((LinuxBench bench, Sketch sketch) in new[] { (_one, _here), (_two, _there) })
        {
            Verified verified = await bench.Reconcile(sketch.Build());
            Assert.True(verified.Differences.IsEmpty, $"{string.Join('\n', verified.Applied.Faults)}\n{verified.Differences}");
        }

        foreach (int guest in new[] { 1, 2, 3, 4 })
        {
            await PacketBench.UntilHasAddress(_here.Space(guest), Sketch.Address(1, guest).ToString());
            await Netns.Tool("ip", "-n", _here.Space(guest), "addr", "add", $"{_here.Address6(1, guest)}/64", "dev", "eth0", "nodad");
        }

        foreach ((int from, int to) in new[] { (1, 3), (4, 2), (1, 2), (3, 4) })
        {
            Assert.True(await Netns.Reaches(_here.Space(from), Sketch.Address(1, to).ToString()), $"guest {from} reaches guest {to}");
        }

        Assert.True(await Netns.Reaches(_here.Space(1), _here.Address6(1, 3).ToString()), "over IPv6 too");
        await EachHasItsOwn();

        // Neither host's own questions give it away, nor what it announces.
        await _one.Space.Exec("ping", "-n", "-c1", "-W1", Sketch.Address(1, 2).ToString());
        await Netns.ExitCode(_one.Space.Name, "ping", "-n", "-c1", "-W1", Sketch.Address(1, 4).ToString());
        await Netns.ExitCode(_one.Space.Name, "ping", "-n", "-c1", "-W1", _here.Address6(1, 4).ToString());
        await EachHasItsOwn(ask: false);

        string[] crossed = [.. wire.Lines.Where(Betrays)];
        Assert.True(crossed.Length == 0, string.Join('\n', crossed));
        Assert.Contains(wire.Lines, l => l.Contains("10.1.0.13", StringComparison.Ordinal));

        // It is our rules that keep it off the wire.
        await _one.FlushFirewall();
        await _two.FlushFirewall();
        await Netns.Exec(_here.Space(1), "ip", "neigh", "flush", "dev", "eth0");
        await Netns.Pings(_here.Space(1), Gateway);
        await Poll.Until(() => wire.Lines.Any(Betrays), "without the rules the gateway is asked for over the wire");
    }

    private async Task EachHasItsOwn(bool ask = true)
    {
        foreach ((LinuxBench bench, int guest) in new[] { (_one, 1), (_two, 3), (_one, 2), (_two, 4) })
        {
            string card = (string)(JsonNode.Parse(await bench.Space.Ip("-j", "link", "show", "br1"))![0]!["address"])!;
            foreach (string gateway in new[] { Gateway, Gateway6 })
            {
                if (ask)
                {
                    await Netns.Exec(_here.Space(guest), "ip", "neigh", "flush", "dev", "eth0");
                    Assert.True(await Netns.Reaches(_here.Space(guest), gateway), $"guest {guest} reaches {gateway}");
                }

                string known = await Netns.Tool("ip", "-n", _here.Space(guest), "neigh", "show", gateway);
                Assert.True(!known.Contains("lladdr", StringComparison.Ordinal) || known.Contains(card, StringComparison.Ordinal),
                    $"guest {guest} takes {gateway} to be {known}, and its host is {card}");
                Assert.True(!ask || known.Contains("lladdr", StringComparison.Ordinal), known);
            }
        }
    }

    /// <summary>A line of tcpdump's that speaks of DHCP, of who has the gateway's address, or of being a router.</summary>
    private static bool Betrays(string line) =>
        line.Contains("BOOTP", StringComparison.Ordinal) || line.Contains("router advertisement", StringComparison.Ordinal)
        || ((line.Contains("ARP", StringComparison.Ordinal) || line.Contains("neighbor", StringComparison.Ordinal))
            && line.Split(' ', ',', '>').Any(word => word.Trim(':') == Gateway || word == Gateway6));

    [Fact]
    public void A_host_that_alone_has_the_address_serves_the_wire()
    {
        DesiredHost shared = _here.Build();
        Bridge alone = shared.Bridges["br1"] with { SharesAddresses = false };
        DesiredHost desired = shared with { Bridges = shared.Bridges.SetItem("br1", alone) };
        string[] sets = ["anycast", "anycast6", "dhcp_uplinks", "ra_uplinks"];
        Assert.Equal(sets, FirewallElements.Of(shared, _ => true).Select(e => e.Set).Intersect(sets).Order());
        Assert.Empty(FirewallElements.Of(desired, _ => true).Select(e => e.Set).Intersect(sets));
    }
}
