using NovaOrleans.Agent;

namespace NovaOrleans.AgentTests;

/// <summary>Drift as a table and as figures, of a host in memory.</summary>
public sealed class DriftTests : IAsyncLifetime
{
    private readonly FakeBench _bench = new(ovs: true);
    private readonly DateTimeOffset _noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public Task InitializeAsync() => _bench.AddUplink("eth1");

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private DesiredHost Two() => new Sketch(_bench.Compute.AttachmentOf)
        .With(1, [1], dhcp: true).With(2, [2]).Over("eth1", 2, tag: 100).Build();

    private async Task<IReadOnlyList<DriftRow>> See(Drift drift, DesiredHost desired, int minutes)
    {
        ActualHost actual = await _bench.Observe();
        return drift.See(Planner.Make(actual, desired), desired, actual, _noon.AddMinutes(minutes));
    }

    [Fact]
    public async Task A_row_says_what_was_wanted_what_was_found_and_since_when()
    {
        DesiredHost desired = Two();
        await _bench.Reconcile(desired);
        Drift drift = new();
        Assert.Empty(await See(drift, desired, 0));
        Assert.Empty(Drift.Table([]));

        await _bench.SetMtu("br1", 1280);
        await _bench.DeleteSwitchPort("nvp-vlan100");
        await _bench.KillDhcp(Sketch.Network(1));
        string dhcp = Step.DhcpSubject(Sketch.Network(1).ToString());
        (string, string, string)[] expected =
        [
            ("br1", "link br1 mtu 1500", "mtu 1280"),
            ("vlan100", "ovs port nvp-vlan100 on nvs-eth1 tag 100", "absent"),
            (dhcp, "dhcp br1 10.1.0.0/24 server 10.1.0.1", "not running"),
        ];
        Assert.Equal(expected, (await See(drift, desired, 1)).Select(r => (r.What, r.Wanted, r.Found)));

        await _bench.DeleteLink("br1");
        IReadOnlyList<DriftRow> later = await See(drift, desired, 2);
        Assert.Equal(_noon.AddMinutes(1), Assert.Single(later, r => r.What == "vlan100").Since);
        Assert.Equal(_noon.AddMinutes(2), Assert.Single(later, r => r.Wanted == "bridge br1 mtu 1500").Since);

        string[] table = [.. Drift.Table(later)];
        Assert.Matches("^  what +wanted +found +since$", table[0]);
        Assert.Contains(table, l => l.EndsWith("12:01:00", StringComparison.Ordinal) && l.Contains(" absent ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Figures_are_in_the_format_of_prometheus()
    {
        DesiredHost desired = Two();
        Verified verified = await _bench.Reconcile(desired);
        await _bench.KillDhcp(Sketch.Network(1));
        using AgentMetrics metrics = new();
        string path = Path.Combine(_bench.State, "figures", "nova.prom");
        using MetricsFile file = new(metrics, path);
        metrics.Ran(verified.Applied);
        metrics.Repaired([new SetUp(Phase.Links, "br1"), new SetUp(Phase.Links, "br2"), new SetUp(Phase.Ports, "nv1")]);
        metrics.Looked(Planner.Make(await _bench.Observe(), desired), faults: 2, repairsEver: 7);
        await file.Write(CancellationToken.None);

        string[] lines = await File.ReadAllLinesAsync(path);
        Assert.All(
            [
                "# TYPE nova_agent_repairs_total counter", "nova_agent_repairs_total{phase=\"Links\"} 2",
                "nova_agent_repairs_total{phase=\"Ports\"} 1", "nova_agent_rounds_total 1", "# TYPE nova_agent_differences gauge",
                "nova_agent_differences{phase=\"Dhcp\"} 1", "nova_agent_differences{phase=\"Ports\"} 0",
                "nova_agent_differences{phase=\"Translate\"} 2", "nova_agent_repairs_ever 7",
                "nova_agent_steps_total{outcome=\"failed\"} 0",
            ],
            line => Assert.Contains(line, lines));
        Assert.Contains(lines, l => l.StartsWith("# HELP nova_agent_differences ", StringComparison.Ordinal));
    }
}
