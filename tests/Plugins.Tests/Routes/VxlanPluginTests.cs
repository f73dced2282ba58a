using System.Text.Json.Nodes;
using System.Xml.Linq;
using NovaOrleans.BuiltIn;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Routes;

/// <summary>
/// An overlay that was written outside of the core, of the contract alone: <c>tests/ThirdParty/Vxlan</c>. Its doors, its grain, and what
/// its hosts are to be.
/// </summary>
[Collection("built-in cloud")]
public sealed class VxlanPluginTests(BuiltInCloud cloud)
{
    private static readonly ServicePath s_path = ServicePath.Parse("nova.network.vxlan");
    private static readonly Ip4Address s_here = Ip4Address.Parse("192.0.2.1");

    [Fact]
    [Trait("seed", "S9"), Trait("seed", "S10"), Trait("seed", "S139")]
    public async Task A_segment_without_a_subnet_gives_a_MAC_and_twelve_nulls()
    {
        string project = await cloud.Project("vxlan");
        Reply segment = (await cloud.Send("POST vxlan/segments", project, """{"segment":{"label":"bare"}}""")).Is(201);
        Assert.Null(segment.Resource["cidr"]);
        string id = await Endpoint(project, segment.Id);
        JsonObject info = (await cloud.Send($"GET vxlan/endpoints/{id}", project)).Is(200).Resource["network_info"]!.AsObject();
        Assert.Equal(13, info.Count);
        Assert.Equal("mac_address", Assert.Single(info, f => f.Value is not null).Key);
    }

    [Fact]
    [Trait("seed", "S16"), Trait("seed", "S27"), Trait("seed", "S59"), Trait("seed", "S60"), Trait("seed", "S61")]
    public async Task Two_projects_have_the_same_addresses_in_segments_of_their_own()
    {
        string[] projects = [await cloud.Project("vxlan"), await cloud.Project("vxlan")];
        List<string> vnis = [];
        foreach (string project in projects)
        {
            const string body = """<segment label="lab" cidr="10.77.0.0/24" gateway="10.77.0.1"/>""";
            XElement made = (await cloud.Send("POST vxlan/segments", project, body, accept: "application/xml")).Is(201).Xml;
            vnis.Add((string)made.Attribute("vni")!);
            Assert.Equal("1450", (string?)made.Attribute("mtu"));
            string endpoint = await Endpoint(project, (string)made.Attribute("id")!);
            Reply shown = (await cloud.Send($"GET vxlan/endpoints/{endpoint}", project)).Is(200);
            Assert.Equal("10.77.0.2", (string?)shown.Resource["address"]);
            Assert.Equal("10.77.0.1", (string?)shown.Resource["network_info"]!["gateway"]);
            (await cloud.Send($"GET vxlan/endpoints/{endpoint}", projects.First(p => p != project))).Is(404);
        }

        Assert.Equal(2, vnis.Distinct().Count());
    }

    [Fact]
    public async Task A_VNI_is_one_segments_until_it_is_deleted_also_after_the_grain_was_forgotten()
    {
        string project = await cloud.Project("vxlan");
        Reply first = (await cloud.Send("POST vxlan/segments", project, """{"segment":{"label":"one","vni":77}}""", key: "k1")).Is(201);
        Assert.Equal(77, (int)first.Resource["vni"]!);
        string again = """{"segment":{"label":"one","vni":77}}""";
        Assert.Equal(409, (await cloud.Send("POST vxlan/segments", project, again)).Status);
        await cloud.Forget();
        Assert.Equal(409, (await cloud.Send("POST vxlan/segments", project, again)).Status);

        string endpoint = await Endpoint(project, first.Id);
        Assert.Equal(409, (await cloud.Send($"DELETE vxlan/segments/{first.Id}", project)).Status);
        (await cloud.Send($"DELETE vxlan/endpoints/{endpoint}", project)).Is(204);
        (await cloud.Send($"DELETE vxlan/segments/{first.Id}", project)).Is(204);
        await cloud.Forget();
        (await cloud.Send("POST vxlan/segments", project, again)).Is(201);
    }

    [Fact]
    [Trait("seed", "S101")]
    public async Task A_repeated_create_is_one_segment_and_takes_one_VNI()
    {
        string project = await cloud.Project("vxlan");
        Reply[] made = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ =>
            cloud.Send("POST vxlan/segments", project, """{"segment":{"label":"once"}}""", key: "same")));
        Assert.Single(made.Select(m => m.Is(201).Text).Distinct());
        Assert.Single((await cloud.Send("GET vxlan/segments", project)).Is(200).Json["segments"]!.AsArray());
        int vni = (int)made[0].Resource["vni"]!;
        Reply next = (await cloud.Send("POST vxlan/segments", project, """{"segment":{"label":"next"}}""")).Is(201);
        Assert.NotEqual(vni, (int)next.Resource["vni"]!);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_both_figures()
    {
        string project = await cloud.Project("vxlan");
        Reply wrong = (await cloud.Send("POST vxlan/segments", project,
            """{"segment":{"label":"big","mtu":1500,"vni":16777216,"gateway":"10.0.0.1","subnet":"x"}}""")).Is(400);
        string[] fields = [.. wrong.Resource["faults"]!.AsArray().Select(f => (string)f!["field"]!)];
        Assert.Equal(["segment.gateway", "segment.mtu", "segment.subnet", "segment.vni"], fields.Order(StringComparer.Ordinal));
        Assert.Contains("more than the 1500 that pass between the hosts: accepted is at most 1450", wrong.Text, StringComparison.Ordinal);
        (await cloud.Send("GET vxlan/networks", project)).Is(404);
        (await cloud.Send("GET flat/segments", project)).Is(404);
    }

    [Fact]
    [Trait("seed", "S119"), Trait("seed", "S125")]
    public async Task A_launch_that_says_nothing_gets_an_endpoint_in_the_projects_own_segment()
    {
        string project = await cloud.Project("vxlan");
        IOsService os = cloud.Services.OsService(s_path).Value;
        var vnic = VnicId.New();
        Assert.True((await os.GetDefaultVnicId(ProjectId.Parse(project), vnic)).Refused);
        (await cloud.Send("POST vxlan/segments", project, """{"segment":{"label":"lab"}}""")).Is(201);
        Assert.Equal(vnic, (await os.GetDefaultVnicId(ProjectId.Parse(project), vnic)).Value);
        Assert.Equal(vnic, (await os.GetDefaultVnicId(ProjectId.Parse(project), vnic)).Value);
        Assert.Single((await cloud.Send("GET vxlan/endpoints", project)).Is(200).Json["endpoints"]!.AsArray());
        Assert.Null(await os.GetProjectVpnAddressAndPort(ProjectId.Parse(project)));
    }

    [Fact]
    [Trait("seed", "S132"), Trait("seed", "S141")]
    public void Its_host_sends_to_where_the_others_are_whatever_the_order_it_was_told_in()
    {
        HostBinding[] here = [Bound(2), Bound(1), Bound(3, network: 2, vni: "601", bare: true)];
        MemberFact[] elsewhere =
            [Member(5, "192.0.2.3"), Member(4, "192.0.2.2"), Member(6, "192.0.2.2"), Member(7, null), Member(1, "192.0.2.9")];
        string expected = """
            vxlan vx600 vni 600 local 192.0.2.1 port 4789 mtu 1450
              00:00:00:00:00:00 dst 192.0.2.2
              00:00:00:00:00:00 dst 192.0.2.3
              02:00:00:00:00:04 dst 192.0.2.2
              02:00:00:00:00:05 dst 192.0.2.3
              02:00:00:00:00:06 dst 192.0.2.2
            vxlan vx601 vni 601 local 192.0.2.1 port 4789 mtu 1450
            bridge br1 mtu 1450 uplink vx600 addresses none
            bridge br2 mtu 1450 uplink vx601 addresses none
            port nv000000000001 on br1 nic 0 02:00:00:00:00:01 mtu 1450
            port nv000000000002 on br1 nic 0 02:00:00:00:00:02 mtu 1450
            port nv000000000003 on br2 nic 0 02:00:00:00:00:03 mtu 1450
            guard nv000000000001 02:00:00:00:00:01 10.0.0.1
            guard nv000000000002 02:00:00:00:00:02 10.0.0.2
            """;
        INetAgent agent = Agent(s_here);
        Assert.Equal(expected, FragmentText.Of(agent.Translate(here, elsewhere)));
        Assert.Equal(expected, FragmentText.Of(agent.Translate([.. here.Reverse()], [.. elsewhere.Reverse()])));
        Assert.True(agent.RequiresFileInjection(here[0]));
        Assert.False(agent.RequiresFileInjection(here[2]));
    }

    [Fact]
    public void A_host_that_is_nowhere_says_so_and_one_without_endpoints_is_empty()
    {
        Assert.Equal(HostFragment.Empty, Agent(null).Translate([], [Member(4, "192.0.2.2")]));
        InvalidOperationException nowhere =
            Assert.Throws<InvalidOperationException>(() => Agent(null).Translate([Bound(1)], []));
        Assert.Contains("--my_ip", nowhere.Message, StringComparison.Ordinal);
    }

    private async Task<string> Endpoint(string project, string segment) => (await cloud.Send(
        "POST vxlan/endpoints", project, $$$"""{"endpoint":{"segment_id":"{{{segment}}}"}}""")).Is(201).Id;

    private INetAgent Agent(Ip4Address? address) => cloud.Services.Get(s_path).Value.GetNetAgent(new Link(address));

    private static HostBinding Bound(int number, int network = 1, string vni = "600", bool bare = false) => Given.Binding(
        number, s_path.Value, Given.Facts(network) with { Mtu = 1450, Extra = new Dictionary<string, string> { ["vni"] = vni } },
        bare ? new NetworkInfo(Given.Mac(number)) : Given.Info(number));

    private static MemberFact Member(int number, string? address) =>
        new(Bound(number), HostName.Parse("node" + number), address);

    private sealed class Link(Ip4Address? address) : IHostLink
    {
        public HostName Host { get; } = HostName.Parse("node1");

        public Ip4Address? Address => address;

        public Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;

        public Task UntilVerified(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;

        public Task UntilGone(IReadOnlyList<VnicId> vnics) => Task.CompletedTask;
    }
}
