using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.NetworkServices.Host;

namespace NovaOrleans.AgentTests;

/// <summary>
/// What every host does, in memory or in the kernel: the same tests, so that the two cannot drift apart.
/// </summary>
public abstract class HostSuite : IAsyncLifetime
{
    private HostBench _bench = null!;
    private Sketch _sketch = null!;

    private protected abstract Task<HostBench> Open();

    public async Task InitializeAsync()
    {
        _bench = await Open();
        _sketch = Other();
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private int Salt { get; } = Random.Shared.Next(1, 1 << 24);

    private Sketch Other() => new(_bench.Compute.AttachmentOf, Salt);

    private static Plan NothingLeft(Verified verified)
    {
        Assert.True(verified.Differences.IsEmpty, $"{string.Join('\n', verified.Applied.Faults)}\n{verified.Differences}");
        Assert.Empty(verified.Applied.Faults);
        return verified.Applied.Plan;
    }

    [Fact]
    [Trait("seed", "S18"), Trait("seed", "S132")]
    public async Task A_desired_host_is_made_and_a_second_time_there_is_nothing_to_do()
    {
        DesiredHost desired = _sketch.With(1, [1, 2], dhcp: true).With(2, [3]).Build();
        Assert.NotEmpty(NothingLeft(await _bench.Reconcile(desired)).Steps);
        Assert.Empty(NothingLeft(await _bench.Reconcile(desired)).Steps);
        ActualHost actual = await _bench.Observe();
        Assert.Equal("br1", actual.Links[_sketch.PortName(1)].Master);
        Assert.Equal(["10.2.0.1/24"], actual.Links["br2"].Addresses);
        Assert.All(actual.Guests.Values, status => Assert.Equal(GuestStatus.Running, status));
    }

    [Fact]
    public async Task An_operators_bridge_is_used_as_it_is_and_left_as_it_was()
    {
        await _bench.AddForeignBridge("br7", mtu: 1400);
        DesiredHost desired = _sketch.With(7, [1]).Build();
        Plan plan = NothingLeft(await _bench.Reconcile(desired));
        Assert.DoesNotContain(plan.Steps, s => s.Subject == "br7" && s is not AddElement);
        ActualLink during = (await _bench.Observe()).Links["br7"];
        NothingLeft(await _bench.Reconcile(DesiredHost.Empty));
        ActualLink after = (await _bench.Observe()).Links["br7"];
        Assert.Equal((1400, false, 0), (during.Mtu, during.Ours, during.Addresses.Count));
        Assert.Equal((1400, false), (after.Mtu, after.Ours));
    }

    [Fact]
    [Trait("seed", "S133")]
    public async Task A_bridge_of_ours_goes_with_its_last_port_and_nothing_is_left()
    {
        IEnumerable<string> before = (await _bench.Observe()).Links.Keys;
        NothingLeft(await _bench.Reconcile(_sketch.With(1, [1, 2], dhcp: true).Build()));
        NothingLeft(await _bench.Reconcile(Other().With(1, [1], dhcp: true).Build()));
        Assert.Contains("br1", (await _bench.Observe()).Links.Keys);
        NothingLeft(await _bench.Reconcile(DesiredHost.Empty));
        ActualHost after = await _bench.Observe();
        Assert.Equal(before, after.Links.Keys);
        Assert.False(after.Firewall.Present);
        Assert.Empty(after.Dhcp);
        Assert.Empty(after.Guests);
    }

    [Fact]
    public async Task What_was_spoilt_is_mended_and_nothing_else_is_touched()
    {
        DesiredHost desired = _sketch.With(1, [1, 2], dhcp: true).With(2, [3]).Build();
        NothingLeft(await _bench.Reconcile(desired));

        await _bench.DeleteLink(_sketch.PortName(1));
        Plan port = NothingLeft(await _bench.Reconcile(desired));
        Assert.Equal([_sketch.PortName(1)], port.Steps.Select(s => s.Subject).Distinct());

        await _bench.FlushFirewall();
        Plan firewall = NothingLeft(await _bench.Reconcile(desired));
        Assert.All(firewall.Steps, s => Assert.True(s is LoadFirewall or AddElement, s.ToString()));

        await _bench.KillDhcp(Sketch.Network(1));
        Plan dhcp = NothingLeft(await _bench.Reconcile(desired));
        Assert.IsType<StartDhcp>(Assert.Single(dhcp.Steps));

        await _bench.DeleteLink("br2");
        Plan bridge = NothingLeft(await _bench.Reconcile(desired));
        Assert.Equal(["br2", _sketch.PortName(3)], bridge.Steps.Select(s => s.Subject).Distinct());
    }

    [Fact]
    public async Task A_port_moves_to_another_network_without_being_made_anew()
    {
        NothingLeft(await _bench.Reconcile(_sketch.With(1, [1]).Build()));
        Plan plan = NothingLeft(await _bench.Reconcile(Other().With(2, [1]).Build()));
        Assert.Contains(plan.Steps, s => s is MovePort { Bridge: "br2" });
        Assert.DoesNotContain(plan.Steps, s => s is AddPort or RemoveLink { Kind: not LinkKind.Bridge });
    }

    [Fact]
    public async Task Many_ports_go_at_once()
    {
        DesiredHost desired = _sketch.With(1, [.. Enumerable.Range(1, 12)]).Build();
        NothingLeft(await _bench.Reconcile(desired));
        NothingLeft(await _bench.Reconcile(Other().With(1, [12]).Build()));
        ActualHost actual = await _bench.Observe();
        Assert.Equal([_sketch.PortName(12)], actual.Links.Values.Where(l => l.Kind == LinkKind.Veth).Select(l => l.Name));
        Assert.DoesNotContain(actual.Firewall.Elements, e => e.Owner == _sketch.PortName(1));
    }

    [Fact]
    public async Task A_fault_stops_its_branch_and_the_rest_of_the_host_goes_on()
    {
        DesiredHost good = _sketch.With(1, [1]).With(2, [2]).Build();
        DesiredHost desired = good with
        {
            Bridges = good.Bridges.SetItem("br2", good.Bridges["br2"] with { Uplink = "nowhere0" }),
        };
        Verified verified = await _bench.Reconcile(desired);
        Assert.Null(verified.FaultOf(_sketch.Vnic(1)));
        Assert.Equal("this host has no link nowhere0 to be its uplink", verified.FaultOf(_sketch.Vnic(2)));
        Assert.Equal(GuestStatus.Defined, verified.Actual.Guests[_sketch.Spec(2).Id.ToString()]);
    }

    [Fact]
    [Trait("seed", "R22")]
    public async Task Floating_addresses_come_and_go_and_nothing_is_left_of_them()
    {
        await _bench.AddUplink("pub0");
        DesiredHost without = _sketch.With(1, [1, 2]).Build();
        DesiredHost with = WithFloating(without, "203.0.113.50", 1);
        Assert.Contains(NothingLeft(await _bench.Reconcile(with)).Steps, s => s is AddFloatingAddress);
        Assert.Empty(NothingLeft(await _bench.Reconcile(with)).Steps);
        ActualHost actual = await _bench.Observe();
        Assert.Equal(["203.0.113.50"], actual.Links["pub0"].FloatingAddresses);
        Assert.Empty(actual.Links["pub0"].Addresses);
        Assert.True(actual.Forwards);

        Plan moved = NothingLeft(await _bench.Reconcile(WithFloating(without, "203.0.113.50", 2)));
        Assert.Contains(moved.Steps, s => s is ForgetFlows);
        Assert.DoesNotContain(moved.Steps, s => s is AddFloatingAddress or RemoveFloatingAddress);

        // What is ours is told from the address itself, so that it is also found when our tables are gone.
        await _bench.FlushFirewall();
        NothingLeft(await _bench.Reconcile(without));
        actual = await _bench.Observe();
        Assert.Empty(actual.Links["pub0"].FloatingAddresses);
        Assert.DoesNotContain(actual.Firewall.Elements, e => e.Family == "ip");
        NothingLeft(await _bench.Reconcile(with));
        NothingLeft(await _bench.Reconcile(DesiredHost.Empty));
        Assert.Empty((await _bench.Observe()).Links["pub0"].FloatingAddresses);
    }

    private static DesiredHost WithFloating(DesiredHost desired, string floating, int guest) => desired with
    {
        FloatingNats = desired.FloatingNats.SetItem(floating, new FloatingNat(
            Vocabulary.Ip4Address.Parse(floating), Sketch.Address(1, guest), "br1", "pub0")),
        SourceNats = desired.SourceNats.SetItem("br1", new SourceNat(
            Vocabulary.Cidr4.Parse("10.1.0.0/24"), "br1", "pub0", Vocabulary.Ip4Address.Parse("203.0.113.9"))),
        PortForwards = desired.PortForwards.SetItem("vpn", new PortForward(
            Vocabulary.Ip4Address.Parse("203.0.113.9"), 1000, Sketch.Address(1, 1), 1194, "br1")),
        MetadataBridges = ["br1"],
    };

    [Fact]
    public async Task An_overlay_follows_who_is_elsewhere_and_leaves_nothing()
    {
        await _bench.AddCarrier("eth3", "192.0.2.1/24");
        IEnumerable<string> before = (await _bench.Observe()).Links.Keys;
        Sketch With(int vni, params ForwardingEntry[] entries) =>
            Other().With(1, [1], mtu: 1450).Overlay(1, vni, "192.0.2.1", entries);
        ForwardingEntry[] first = [Sketch.Flood("192.0.2.2"), _sketch.At(8, "192.0.2.2"), _sketch.At(9, "192.0.2.2")];
        NothingLeft(await _bench.Reconcile(With(500, first).Build()));
        Assert.Empty(NothingLeft(await _bench.Reconcile(With(500, first).Build())).Steps);
        ActualLink link = (await _bench.Observe()).Links["vx1"];
        Assert.Equal(("br1", 1450, false), (link.Master, link.Mtu, link.Vxlan!.Learns));
        Assert.Equal(first, link.Vxlan.Forwarding);

        // One goes to a third host, and one goes: the link stays, and nothing is flooded in between.
        ForwardingEntry[] then = [Sketch.Flood("192.0.2.2"), Sketch.Flood("192.0.2.3"), _sketch.At(9, "192.0.2.3")];
        string[] changes =
        [
            $"- fdb {_sketch.Mac(8)} dst 192.0.2.2 on vx1", "+ fdb 00:00:00:00:00:00 dst 192.0.2.3 on vx1",
            $"~ fdb {_sketch.Mac(9)} dst 192.0.2.3 on vx1",
        ];
        Assert.Equal(changes, NothingLeft(await _bench.Reconcile(With(500, then).Build())).Steps.Select(s => s.ToString()));

        await _bench.RemoveForwarding("vx1", then[1]);
        await _bench.AddForwarding("vx1", Sketch.Flood("192.0.2.77"));
        Assert.Equal(
            ["- fdb 00:00:00:00:00:00 dst 192.0.2.77 on vx1", "+ fdb 00:00:00:00:00:00 dst 192.0.2.3 on vx1"],
            NothingLeft(await _bench.Reconcile(With(500, then).Build())).Steps.Select(s => s.ToString()));

        Plan another = NothingLeft(await _bench.Reconcile(With(501, then).Build()));
        Assert.Equal(["- vxlan vx1", "+ vxlan vx1 id 501 local 192.0.2.1 port 4789 nolearning mtu 1450"],
            another.Steps.Where(s => s is RemoveLink or AddVxlanLink).Select(s => s.ToString()));
        NothingLeft(await _bench.Reconcile(DesiredHost.Empty));
        Assert.Equal(before, (await _bench.Observe()).Links.Keys);
    }

    [Fact]
    public async Task A_host_whose_dhcp_leases_change_is_reloaded_and_not_restarted()
    {
        NothingLeft(await _bench.Reconcile(_sketch.With(1, [1], dhcp: true).Build()));
        Plan plan = NothingLeft(await _bench.Reconcile(Other().With(1, [1, 2], dhcp: true).Build()));
        ReloadDhcp reload = Assert.Single(plan.Steps.OfType<ReloadDhcp>());
        Assert.Equal([$"{_sketch.Mac(2)},10.1.0.12,guest-2", "10.1.0.12 guest-2"], reload.Added);
        Assert.Empty(reload.Removed);
    }

    [Fact]
    public async Task A_port_of_an_instance_that_somebody_else_runs_is_a_tap()
    {
        DesiredHost desired = new Sketch(_ => OpenedByHypervisor.Instance, Salt).With(1, [1]).Build() with
        {
            Guests = DesiredHost.Named<WantedGuest>(),
        };
        NothingLeft(await _bench.Reconcile(desired));
        Assert.Equal(LinkKind.Tap, (await _bench.Observe()).Links[_sketch.PortName(1)].Kind);
        Assert.Empty(NothingLeft(await _bench.Reconcile(desired)).Steps);
    }

    [Fact]
    public async Task A_change_of_a_group_touches_its_elements_and_nothing_else()
    {
        Sketch With(int port) => Other().With(1, [1, 2]).InGroups(1, 7).InGroups(2, 7).WithRules(7, Sketch.Tcp(port));
        NothingLeft(await _bench.Reconcile(With(80).Build()));
        Plan plan = NothingLeft(await _bench.Reconcile(With(443).Build()));
        Assert.Equal(["AddElement", "RemoveElement"], plan.Steps.Select(s => s.GetType().Name).Order());
        Assert.Empty(NothingLeft(await _bench.Reconcile(With(443).Build())).Steps);
    }

    [Fact]
    public async Task Groups_on_an_operators_bridge_that_is_not_filtered_are_a_fault_and_the_setting_stays()
    {
        await _bench.AddForeignBridge("br7", mtu: 1500);
        await _bench.SetBridgeFilter(on: false);
        DesiredHost desired = _sketch.With(7, [1]).With(1, [2]).InGroups(1, 7).InGroups(2, 7).Build();
        Verified verified = await _bench.Reconcile(desired);
        Assert.StartsWith("bridged packets of br7 are not handed", verified.FaultOf(_sketch.Vnic(1)), StringComparison.Ordinal);
        Assert.Null(verified.FaultOf(_sketch.Vnic(2)));
        Assert.Equal(BridgeFilter.Off, verified.Actual.BridgeFilter);
        await _bench.SetBridgeFilter(on: true);
        NothingLeft(await _bench.Reconcile(desired));
    }

    [Fact]
    public async Task Everything_an_agent_made_can_be_cleaned_up()
    {
        NothingLeft(await _bench.Reconcile(_sketch.With(1, [1], dhcp: true).Build()));
        (bool clean, string printed) = await _bench.CleanUp();
        Assert.True(clean, printed);
        ActualHost after = await _bench.Observe();
        Assert.DoesNotContain(after.Links.Values, l => l.Ours);
        Assert.Empty(after.Guests);
    }
}

public sealed class FakeHostSuite : HostSuite
{
    private protected override Task<HostBench> Open() => Task.FromResult<HostBench>(new FakeBench());
}

[Trait("tier", "kernel")]
public sealed class LinuxHostSuite : HostSuite
{
    private protected override async Task<HostBench> Open() => await LinuxBench.Create();
}
