using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.NetworkServices;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>From bindings to the desired host, and whose fault it is when they cannot be joined.</summary>
public sealed class TranslateTests
{
    private static readonly SketchService One = new("test.one");
    private static readonly SketchService Two = new("test.two");

    private static DesiredHost Translate(params (InstanceSpec Spec, HostBinding Binding)[] bound)
    {
        Dictionary<ServicePath, INetAgent> agents = new[] { One, Two }.ToDictionary(s => s.Path, s => s.GetNetAgent(null!));
        HostRecord[] records = [.. bound.Select((b, i) => new BindRecord(i + 1, b.Spec, b.Binding))];
        HostAssignment assignment = new HostAssignment(1, 0).With(1, new HostRecords(records.Length, true, records));
        return new Translator(agents, new NoneDriver()).Translate(assignment);
    }

    [Fact]
    [Trait("seed", "S147")]
    public void Two_services_that_describe_a_bridge_otherwise_are_the_fault_of_the_later_one()
    {
        Bound first = new(1, One.Path, "br1"), second = new(2, Two.Path, "br1", Mtu: 1400), third = new(3, Two.Path, "br2");
        DesiredHost host = Translate(first.Pair, second.Pair, third.Pair);
        Assert.Equal([first.Port, third.Port], host.Ports.Keys);
        Assert.Equal([first.Port, third.Port], host.Guards.Keys);
        Assert.Equal("test.two: br1 is described otherwise by another network service", host.Faults[second.Vnic]);
        Assert.Single(host.Faults);
    }

    [Fact]
    public void Two_services_that_describe_a_bridge_alike_share_it()
    {
        DesiredHost host = Translate(new Bound(1, One.Path, "br1").Pair, new Bound(2, Two.Path, "br1").Pair);
        Assert.Equal(2, host.Ports.Count);
        Assert.Empty(host.Faults);
    }

    [Fact]
    public void A_service_that_this_host_does_not_have_is_a_fault_of_its_bindings_alone()
    {
        Bound missing = new(1, ServicePath.Parse("test.absent"), "br1"), good = new(2, One.Path, "br2");
        DesiredHost host = Translate(missing.Pair, good.Pair);
        Assert.Equal("no such network service: test.absent is not installed on this host", host.Faults[missing.Vnic]);
        Assert.Equal([good.Port], host.Ports.Keys);
    }

    [Theory]
    [InlineData("br1;reboot")]
    [InlineData("a-bridge-name-that-is-too-long")]
    [InlineData("-x")]
    public void A_name_that_no_link_may_have_goes_no_further(string bridge)
    {
        Bound bad = new(1, One.Path, bridge);
        DesiredHost host = Translate(bad.Pair);
        Assert.Empty(host.Bridges);
        Assert.Empty(host.Ports);
        Assert.Contains($"'{bridge}' is no name for a link", host.Faults[bad.Vnic], StringComparison.Ordinal);
    }

    [Fact]
    public void An_instance_with_a_nic_missing_is_defined_and_waits()
    {
        Bound bound = new(1, One.Path, "br1");
        InstanceSpec spec = bound.Spec with { Nics = [bound.Vnic, VnicId.New()] };
        Assert.False(Translate((spec, bound.Binding)).Guests.Values.Single().Complete);
        Assert.True(Translate(bound.Pair).Guests.Values.Single().Complete);
    }

    [Fact]
    [Trait("seed", "S91")]
    public void A_guest_whose_service_injects_gets_a_file_for_all_of_its_nics()
    {
        Bound bound = new(1, One.Path, "br1", Injected: true);
        WantedGuest guest = Translate(bound.Pair).Guests.Values.Single();
        Assert.Contains("address 10.0.0.1", guest.InjectedFiles["/etc/network/interfaces"], StringComparison.Ordinal);
        Assert.Empty(Translate(new Bound(2, One.Path, "br1").Pair).Guests.Values.Single().InjectedFiles);
    }

    [Fact]
    [Trait("seed", "S91"), Trait("seed", "S140")]
    public void An_interfaces_file_says_what_the_network_info_says()
    {
        MacAddress mac = MacAddress.Parse("02:00:00:00:00:01");
        NetworkInfo full = new(
            mac, Ip4Address.Parse("10.0.0.7"), Cidr4.Parse("10.0.0.0/24"), Ip4Address.Parse("255.255.255.0"),
            Ip4Address.Parse("10.0.0.1"), Ip4Address.Parse("10.0.0.255"), Dns: "8.8.8.8 8.8.4.4")
        {
            AddressV6 = Ip6Address.Parse("fd00::7"),
            NetmaskV6 = 64,
            GatewayV6 = Ip6Address.Parse("fd00::1"),
        };
        NetworkInfo dhcp = new(mac, Ip4Address.Parse("10.1.0.7"), DhcpServer: Ip4Address.Parse("10.1.0.1"));
        Assert.Equal(
            """
            auto lo
            iface lo inet loopback

            auto eth0
            iface eth0 inet static
                address 10.0.0.7
                netmask 255.255.255.0
                broadcast 10.0.0.255
                gateway 10.0.0.1
                dns-nameservers 8.8.8.8 8.8.4.4
            iface eth0 inet6 static
                address fd00::7
                netmask 64
                gateway fd00::1

            auto eth1
            iface eth1 inet manual

            auto eth2
            iface eth2 inet dhcp

            """,
            InterfacesFile.Of(new Dictionary<int, NetworkInfo> { [2] = dhcp, [0] = full, [1] = new(mac) }));
    }
}

/// <summary>A binding in a line: VNIC, instance and address follow from the number.</summary>
internal sealed record Bound(int Number, ServicePath Service, string Bridge, int Mtu = 1500, bool Injected = false, long Generation = 1)
{
    public VnicId Vnic => new(new Guid(Number, 1, 0, 0, 0, 0, 0, 0, 0, 0, (byte)Number));
    public string Port => NetworkServices.Host.GuestPort.NameOf(Vnic);

    public InstanceSpec Spec => new(
        new InstanceId(new Guid(Number, 2, 0, 0, 0, 0, 0, 0, 0, 1, (byte)Number)),
        $"vm{Number}", ProjectId.Parse("p"), [Vnic]);

    public HostBinding Binding => new(
        Vnic, Spec.Id, 0, Generation, Service, Spec.Project, Spec.Name,
        new NetworkFacts(
            new NetworkId(Guid.Empty), "net", Bridge, null, null, Mtu, "nft", "none", Injected, new Dictionary<string, string>()),
        new NetworkInfo(
            MacAddress.Parse($"02:00:00:00:00:{Number:x2}"), Ip4Address.Parse($"10.0.0.{Number}"), Cidr4.Parse("10.0.0.0/24")));

    public (InstanceSpec, HostBinding) Pair => (Spec, Binding);
}
