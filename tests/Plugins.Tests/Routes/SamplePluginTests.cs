using System.Text.Json.Nodes;
using NovaOrleans.BuiltIn;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Routes;

/// <summary>
/// A third party's service, with no IP at all and no net-service, in the same cloud as the built-in ones (seed S4, S9, S20).
/// </summary>
[Collection("built-in cloud")]
public sealed class SamplePluginTests(BuiltInCloud cloud)
{
    private static readonly ServicePath s_path = ServicePath.Parse("sample.network.l2");

    [Fact]
    [Trait("seed", "S4"), Trait("seed", "S9"), Trait("seed", "S20"), Trait("seed", "S34"), Trait("seed", "S35")]
    [Trait("seed", "S119"), Trait("seed", "S125")]
    public async Task A_guest_gets_a_card_with_a_MAC_and_no_address()
    {
        string project = await cloud.Project("l2");
        (await cloud.Send("POST l2/segments", project, """{"segment":{"label":"lab"}}""")).Is(201);
        Reply list = (await cloud.Send("GET l2/segments", project)).Is(200);
        Assert.Equal("lab", (string)Assert.Single(list.Json["segments"]!.AsArray())!["label"]!);
        var vnic = VnicId.New();
        IOsService os = cloud.Services.OsService(s_path).Value;
        Assert.Equal(vnic, (await os.GetDefaultVnicId(ProjectId.Parse(project), vnic)).Value);
        Assert.False((await cloud.Services.OsApiService(s_path).Value.ValidateVnics(ProjectId.Parse(project), [vnic])).Refused);
        Assert.Null(await os.GetProjectVpnAddressAndPort(ProjectId.Parse(project)));
    }

    [Fact]
    [Trait("seed", "S10"), Trait("seed", "S16"), Trait("seed", "S56"), Trait("seed", "S59")]
    [Trait("seed", "S61")]
    public async Task Its_routes_are_its_own_and_the_built_in_ones_are_not_there()
    {
        string project = await cloud.Project("l2");
        (await cloud.Send("GET l2/networks", project)).Is(404);
        (await cloud.Send("GET vlan/segments", project)).Is(404);
        Reply wrong = (await cloud.Send("POST l2/segments", project, """{"segment":{"cidr":"10.0.0.0/24"}}""")).Is(400);
        JsonArray faults = wrong.Resource["faults"]!.AsArray();
        Assert.Equal(2, faults.Count);
    }

    [Fact]
    [Trait("seed", "S9"), Trait("seed", "S139")]
    public void Its_host_has_a_bridge_a_port_and_a_guard_without_addresses()
    {
        INetAgent agent = cloud.Services.Get(s_path).Value.GetNetAgent(null!);
        HostBinding binding = Given.Binding(7, s_path.Value, Given.Facts(), new NetworkInfo(Given.Mac(7)));
        HostFragment fragment = agent.Translate([binding], []);
        Assert.Equal(
            """
            bridge br1 mtu 1500 uplink none addresses none
            port nv000000000007 on br1 nic 0 02:00:00:00:00:07 mtu 1500
            guard nv000000000007 02:00:00:00:00:07 
            """.TrimEnd(' '),
            FragmentText.Of(fragment));
        Assert.Equal("mac_address", Assert.Single(agent.GetNetworkInfo(binding).ToDictionary(), p => p.Value is not null).Key);
        Assert.False(agent.RequiresFileInjection(binding));
    }
}
