using System.Xml.Linq;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Flat;
using NovaOrleans.NetworkServices.FlatDhcp;
using NovaOrleans.NetworkServices.Vlan;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.BuiltIn;

public sealed class NetAgentTests
{
    private static readonly INetworkService[] s_services =
        [new FlatNetworkService(), new FlatDhcpNetworkService(), new VlanNetworkService()];

    [Fact]
    [Trait("seed", "S92"), Trait("seed", "S142")]
    public void The_interface_element_says_mac_tap_model_and_mtu()
    {
        foreach (INetworkService service in s_services)
        {
            NetworkFacts facts = Given.Facts() with { Mtu = 1400 };
            HostBinding binding = Given.Binding(7, service.Path.Value, facts);
            XElement xml = XElement.Parse(service.GetNetAgent(null!).GetInterfaceXml(binding));
            Assert.Equal(("interface", "ethernet"), (xml.Name.LocalName, xml.Attribute("type")?.Value));
            Assert.Equal("02:00:00:00:00:07", xml.Element("mac")?.Attribute("address")?.Value);
            Assert.Equal("nv000000000007", xml.Element("target")?.Attribute("dev")?.Value);
            Assert.Equal("no", xml.Element("target")?.Attribute("managed")?.Value);
            Assert.Equal("virtio", xml.Element("model")?.Attribute("type")?.Value);
            Assert.Equal("1400", xml.Element("mtu")?.Attribute("size")?.Value);
        }
    }

    [Fact]
    [Trait("seed", "S135")]
    public void Only_flat_writes_into_the_guest_and_only_where_the_network_says_so()
    {
        NetworkFacts injected = Given.Facts() with { Injected = true };
        Assert.Equal([true, false, false], s_services.Select(s =>
            s.GetNetAgent(null!).RequiresFileInjection(Given.Binding(7, s.Path.Value, injected))));
        Assert.False(s_services[0].GetNetAgent(null!).RequiresFileInjection(Given.Binding(7, "nova.network.flat")));
    }

    [Fact]
    public void A_network_without_a_bridge_of_its_own_gets_one_named_by_its_id()
    {
        HostBinding binding = Given.Binding(7, "nova.network.flat", Given.Facts(0xabc) with { Bridge = null });
        string bridge = Assert.Single(s_services[0].GetNetAgent(null!).Translate([binding], []).Bridges).Name;
        Assert.Equal("nvbr00000abc", bridge);
        Assert.True(Names.IsLink(bridge));
    }

    [Fact]
    [Trait("seed", "S115"), Trait("seed", "S131")]
    public void The_verbs_of_the_seed_go_to_the_host_link_and_nowhere_else()
    {
        var link = new RecordingLink();
        INetAgent agent = s_services[2].GetNetAgent(link);
        VnicId[] vnics = [Given.Vnic(1), Given.Vnic(2)];
        Assert.True(agent.BindVnicsToPorts(vnics).IsCompletedSuccessfully);
        Assert.True(agent.SetupComputeNetwork(vnics).IsCompletedSuccessfully);
        Assert.True(agent.TeardownComputeNetwork(vnics).IsCompletedSuccessfully);
        Assert.Equal(["bind 2", "verified 2", "gone 2"], link.Calls);
    }

    [Fact]
    [Trait("seed", "S138"), Trait("seed", "S139")]
    public void The_network_info_has_exactly_the_seeds_thirteen_keys_and_an_L2_one_only_a_MAC()
    {
        var info = new NetworkInfo(Given.Mac(7));
        Assert.Equal(
            [
                "cidr", "cidr_v6", "netmask", "netmask_v6", "gateway", "gateway_v6", "dhcp_server", "broadcast", "dns",
                "ra_server", "mac_address", "ip_address", "address_v6",
            ],
            info.ToDictionary().Select(p => p.Key));
        Assert.Equal("mac_address", Assert.Single(info.ToDictionary(), p => p.Value is not null).Key);
    }

    private sealed class RecordingLink : IHostLink
    {
        public List<string> Calls { get; } = [];
        public HostName Host { get; } = HostName.Parse("compute-1");
        public Task BindVnicsToPorts(IReadOnlyList<VnicId> vnics) => Record($"bind {vnics.Count}");
        public Task UntilVerified(IReadOnlyList<VnicId> vnics) => Record($"verified {vnics.Count}");
        public Task UntilGone(IReadOnlyList<VnicId> vnics) => Record($"gone {vnics.Count}");

        private Task Record(string call)
        {
            Calls.Add(call);
            return Task.CompletedTask;
        }
    }
}
