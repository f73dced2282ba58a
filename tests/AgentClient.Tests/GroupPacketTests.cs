using System.Net.Sockets;
using NovaOrleans.Agent;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Testing;
using static NovaOrleans.AgentTests.Sketch;

namespace NovaOrleans.AgentTests;

/// <summary>What comes in to guests in security groups, on real guests; and that a change of it is a few elements.</summary>
[Trait("tier", "kernel")]
public sealed class GroupPacketTests : PacketBench
{
    [Fact]
    [Trait("seed", "S11"), Trait("seed", "D6")]
    public async Task A_group_is_closed_until_a_rule_opens_it_and_its_revocation_cuts_what_it_let_in()
    {
        Sketch Web(params SecurityRule[] rules) => Sketch().With(1, [1, 2], dhcp: true).InGroups(2, 7).WithRules(7, rules);
        Sketch sketch = Web();
        await Make(sketch.Build());
        // DHCP passes, and so does what the guest asks for itself.
        await UntilHasAddress(sketch.Space(1), "10.1.0.11");
        await UntilHasAddress(sketch.Space(2), "10.1.0.12");
        using IDisposable web = SpaceSockets.Echo(sketch.Space(2), 80), other = SpaceSockets.Echo(sketch.Space(2), 81);
        using IDisposable mine = SpaceSockets.Echo(sketch.Space(1), 90);
        await IsServed(sketch.Space(2), "10.1.0.11", 90);
        Assert.True(await Netns.Reaches(sketch.Space(2), "10.1.0.11"));
        Assert.True(await SpaceSockets.Refuses(sketch.Space(1), "10.1.0.12", 80));
        Assert.False(await Netns.Pings(sketch.Space(1), "10.1.0.12"));
        Assert.False(await Netns.Pings(Bench.Space.Name, "10.1.0.12"), "the host is not let in either");

        await Make(Web(Tcp(80)).Build());
        using Socket flow = await SpaceSockets.Connect(sketch.Space(1), "10.1.0.12", 80);
        Assert.True(await flow.Answers("open"));
        await IsServed(Bench.Space.Name, "10.1.0.12", 80);
        Assert.True(await SpaceSockets.Refuses(sketch.Space(1), "10.1.0.12", 81));

        Verified closed = await Make(Web().Build());
        Assert.Equal("- nft element inet ports4 { P . 6 . 80 . 0.0.0.0/0 }\n", WithoutNumbers(closed.Applied.Plan));
        Assert.False(await flow.Answers("cut"));
        Assert.True(await SpaceSockets.Refuses(sketch.Space(1), "10.1.0.12", 80));
    }

    [Fact]
    public async Task A_group_as_source_follows_its_members_by_one_element()
    {
        Sketch With(params string[] members) => Sketch().With(1, [1, 2, 3], dhcp: true).InGroups(3, 7)
            .WithRules(7, Rule(RuleProtocol.Tcp, 1, 1000, null, 8)).WithMembers(8, members);
        Sketch sketch = With("10.1.0.11");
        await Make(sketch.Build());
        foreach (int guest in new[] { 1, 2, 3 })
        {
            await UntilHasAddress(sketch.Space(guest), $"10.1.0.{guest + 10}");
        }

        using IDisposable server = SpaceSockets.Echo(sketch.Space(3), 80);
        using Socket flow = await SpaceSockets.Connect(sketch.Space(1), "10.1.0.13", 80);
        Assert.True(await flow.Answers("member"));
        Assert.True(await SpaceSockets.Refuses(sketch.Space(2), "10.1.0.13", 80), "the same network is no reason to be let in");

        Verified second = await Make(With("10.1.0.11", "10.1.0.12").Build());
        Assert.Equal("+ nft element inet members4 { P . 10.1.0.12 }\n", WithoutNumbers(second.Applied.Plan));
        await IsServed(sketch.Space(2), "10.1.0.13", 80);

        await Make(With("10.1.0.12").Build());
        Assert.False(await flow.Answers("gone"), "who left the group is cut off");
        await IsServed(sketch.Space(2), "10.1.0.13", 80);
    }

    [Fact]
    public async Task Icmp_is_let_in_by_type_and_ipv6_by_prefixes_of_its_own()
    {
        Sketch With(params SecurityRule[] rules) => Sketch().With(1, [1, 2], dhcp: true).WithGateway6(1).InGroups(2, 7).WithRules(7, rules);
        Sketch sketch = With(Rule(RuleProtocol.Icmp, 13, -1, Anyone, null), Tcp(80, Anyone6));
        await Make(sketch.Build());
        await UntilHasAddress(sketch.Space(1), "10.1.0.11");
        await UntilHasAddress(sketch.Space(2), "10.1.0.12");
        foreach (int guest in new[] { 1, 2 })
        {
            await Netns.Tool(
                "ip", "-n", sketch.Space(guest), "addr", "replace", $"{sketch.Address6(1, guest)}/64", "dev", "eth0", "nodad");
        }

        string six = sketch.Address6(1, 2).ToString();
        using IDisposable web = SpaceSockets.Echo(sketch.Space(2), 80), other = SpaceSockets.Echo(sketch.Space(2), 81);
        Assert.False(await Netns.Pings(sketch.Space(1), "10.1.0.12"), "a timestamp's rule lets no echo in");
        await IsServed(sketch.Space(1), six, 80);
        Assert.True(await SpaceSockets.Refuses(sketch.Space(1), six, 81));
        Assert.True(await SpaceSockets.Refuses(sketch.Space(1), "10.1.0.12", 80), "a rule of IPv6 is none of IPv4");
        Assert.False(await Netns.Pings(sketch.Space(1), six));

        await Make(With(Rule(RuleProtocol.Icmp, 8, 0, Anyone, null), Rule(RuleProtocol.Icmp, 128, 0, Anyone6, null)).Build());
        Assert.True(await Netns.Reaches(sketch.Space(1), "10.1.0.12"));
        Assert.True(await Netns.Reaches(sketch.Space(1), six));
        Assert.True(await SpaceSockets.Refuses(sketch.Space(1), six, 80));

        await Make(With(Rule(RuleProtocol.Icmp, -1, -1, Anyone, null)).Build());
        Assert.True(await Netns.Reaches(sketch.Space(1), "10.1.0.12"));
        Assert.False(await Netns.Pings(sketch.Space(1), six));
    }

    [Fact]
    public async Task A_blocked_prefix_reaches_no_guest_whatever_its_groups_say()
    {
        Sketch With(params string[] blocked) => Sketch().With(1, [1, 2, 3], dhcp: true).Blocking(blocked)
            .InGroups(2, 7).WithRules(7, Rule(RuleProtocol.Any, -1, -1, Anyone, null));
        Sketch sketch = With();
        await Make(sketch.Build());
        foreach (int guest in new[] { 1, 2, 3 })
        {
            await UntilHasAddress(sketch.Space(guest), $"10.1.0.{guest + 10}");
        }

        Assert.True(await Netns.Reaches(sketch.Space(1), "10.1.0.12"));
        await Make(With("10.1.0.10/31", "10.1.0.11/32").Build());
        Assert.False(await Netns.Pings(sketch.Space(1), "10.1.0.12"));
        Assert.False(await Netns.Pings(sketch.Space(3), "10.1.0.11"), "nor is it reached by guests without groups");
        Assert.True(await Netns.Reaches(sketch.Space(3), "10.1.0.12"));
        await Make(With().Build());
        Assert.True(await Netns.Reaches(sketch.Space(1), "10.1.0.12"));
    }

    [Fact]
    public async Task Two_projects_with_the_same_addresses_are_told_apart()
    {
        // Guests 1 and 2 are one project's, 3 and 4 another's; the host has no address in either network.
        Sketch sketch = Sketch().With(1, [1, 2]).With(2, [3, 4]).InGroups(2, 7).InGroups(4, 8)
            .WithRules(7, Tcp(80)).WithRules(8, Tcp(81));
        await Make(SameAddresses(sketch, sketch.Build()));
        (int Guest, string Address)[] all = [(1, "10.1.0.11"), (2, "10.1.0.12"), (3, "10.1.0.11"), (4, "10.1.0.12")];
        foreach ((int guest, string address) in all)
        {
            await EndDhcpClient(sketch.Space(guest));
            await Netns.Tool("ip", "-n", sketch.Space(guest), "addr", "add", $"{address}/24", "dev", "eth0");
            await Netns.Tool("ip", "-n", sketch.Space(guest), "link", "set", "eth0", "up");
        }

        List<IDisposable> servers = [];
        foreach (int guest in new[] { 2, 4 })
        {
            servers.AddRange([SpaceSockets.Echo(sketch.Space(guest), 80), SpaceSockets.Echo(sketch.Space(guest), 81)]);
        }

        // The same four addresses and ports in both networks at once, let in by one group and not by the other.
        using Socket blue = await SpaceSockets.Connect(sketch.Space(1), "10.1.0.12", 80, from: 4000);
        Assert.True(await SpaceSockets.Refuses(sketch.Space(3), "10.1.0.12", 80, from: 4000));
        using Socket red = await SpaceSockets.Connect(sketch.Space(3), "10.1.0.12", 81, from: 4001);
        Assert.True(await SpaceSockets.Refuses(sketch.Space(1), "10.1.0.12", 81, from: 4001));
        Assert.True(await blue.Answers("blue"));
        Assert.True(await red.Answers("red"));
        servers.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task With_br_netfilter_off_nothing_comes_in_and_the_agent_turns_it_on()
    {
        Sketch sketch = Sketch().With(1, [1, 2], dhcp: true).InGroups(2, 7)
            .WithRules(7, Rule(RuleProtocol.Any, -1, -1, Anyone, null));
        DesiredHost desired = sketch.Build();
        await Make(desired);
        await UntilHasAddress(sketch.Space(1), "10.1.0.11");
        await UntilHasAddress(sketch.Space(2), "10.1.0.12");
        Assert.True(await Netns.Reaches(sketch.Space(1), "10.1.0.12"));

        await Bench.Space.Exec("sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=0");
        Assert.True(await Netns.Reaches(sketch.Space(1), "10.1.0.12"), "our bridges ask for it themselves");
        await Bench.Space.Ip("link", "set", "br1", "type", "bridge", "nf_call_iptables", "0");
        Assert.False(await Netns.Pings(sketch.Space(1), "10.1.0.12"));

        Verified mended = await Make(desired);
        Assert.IsType<TuneBridge>(Assert.Single(mended.Applied.Plan.Steps));
        Assert.True(await Netns.Reaches(sketch.Space(1), "10.1.0.12"));
    }

    [Fact]
    public async Task An_element_that_somebody_took_or_added_is_mended()
    {
        DesiredHost desired = Sketch().With(1, [1]).InGroups(1, 7, 8).WithRules(
                7, Tcp(22, "192.0.2.0/24"), Rule(RuleProtocol.Udp, 0, 65535, Anyone6, null), Rule(RuleProtocol.Icmp, 3, 4, Anyone, null))
            .WithRules(8, Rule(RuleProtocol.Any, -1, -1, null, 8), Rule(RuleProtocol.Tcp, 20, 30, "192.0.2.7/32", null))
            .WithMembers(8, "10.1.0.11", "fd00:1::b").Blocking("198.51.100.0/24", "2001:db8::/32").Build();
        await Make(desired);
        string[] sets = ["ports4", "ports6", "icmp4", "members4", "members6", "profiles4", "profiles6"];
        foreach (string set in sets)
        {
            string kind = set.StartsWith('p') && set.Contains("files", StringComparison.Ordinal) ? "map" : "set";
            await Bench.Space.Exec("nft", "flush", kind, "inet", "nova", set);
        }

        await Bench.Space.Exec("nft", "add", "element", "bridge", "nova", "blocked4", "{ 203.0.113.0/24 }");
        Verified mended = await Make(desired);
        Assert.Equal(
            sets.Append("blocked4").Order(),
            mended.Applied.Plan.Steps.Select(s => s switch
            {
                AddElement add => add.Element.Set,
                RemoveElement remove => remove.Element.Set,
                _ => s.ToString(),
            }).Distinct().Order());
        Assert.True((await Make(desired)).Applied.Plan.IsEmpty);
    }

    private static DesiredHost SameAddresses(Sketch sketch, DesiredHost host)
    {
        foreach ((int guest, int like) in new[] { (3, 1), (4, 2) })
        {
            PortGuard guard = host.Guards[sketch.PortName(guest)];
            host = host with { Guards = host.Guards.SetItem(guard.Port, guard with { Addresses = [Address(1, like)] }) };
        }

        return host with
        {
            Bridges = DesiredHost.Named<Bridge>().AddRange(
                host.Bridges.Select(b => KeyValuePair.Create(b.Key, b.Value with { Addresses = [] }))),
        };
    }

    private static async Task IsServed(string space, string address, int port)
    {
        using Socket socket = await SpaceSockets.Connect(space, address, port);
        Assert.True(await socket.Answers("hello"));
    }

    /// <summary>Profiles are numbered by a digest.</summary>
    private static string WithoutNumbers(Plan plan) =>
        System.Text.RegularExpressions.Regex.Replace(plan.ToString(), @"\{ \d+ \. ", "{ P . ");
}
