using Microsoft.Extensions.DependencyInjection;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.Networks;
using NovaOrleans.NetworkServices;
using NovaOrleans.Outcomes;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;
using NovaOrleans.Vocabulary;
using Orleans.Serialization;

namespace NovaOrleans.Wire;

/// <summary>
/// What crosses the wire arrives as it left. Calls inside one process copy nothing that is immutable, so only this shows a type
/// that cannot be read back.
/// </summary>
public sealed class RoundTripTests : IDisposable
{
    private static readonly ServicePath s_service = ServicePath.Parse("nova.network.flat_dhcp");
    private static readonly ProjectId s_project = ProjectId.Parse("demo");
    private static readonly MacAddress s_mac = MacAddress.Parse("02:1b:77:49:54:fd");
    private static readonly Subnet4 s_subnet = Subnet();

    private readonly ServiceProvider _provider = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public void Dispose() => _provider.Dispose();

    public static TheoryData<object> Values() =>
    [
        s_mac, s_project, s_service, HostName.Parse("host-1"), VlanTag.Create(4094), NetworkId.New(), VnicId.New(),
        Ip4Address.Parse("10.0.0.7"), Ip6Address.Parse("fd00::7"), Cidr4.Parse("10.0.0.0/24"), Cidr6.Parse("fd00::/64"),
        s_subnet.Allowed, (Outcome<long>)7L, (Outcome<VnicId>)VnicId.New(), Outcome.Done,
        new RequestKey("key-1", "hash"), new VnicGeneration(VnicId.New(), 3), new HostSession(2, 9),
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_arrives_as_it_left(object value) => Assert.Equal(value, Sent(value));

    [Fact]
    public void A_refusal_arrives_with_all_its_faults()
    {
        Refusal refusal = new(RefusalCode.NoMoreAddresses, "full", "id", "field", new Dictionary<string, string> { ["size"] = "4" })
        {
            More = [new Refusal(RefusalCode.MalformedRequest, "second")],
        };
        Outcome<NetworkView> arrived = (Outcome<NetworkView>)Sent((Outcome<NetworkView>)refusal)!;
        Assert.True(arrived.Refused);
        Assert.Equal(("full", "4", "second"), (arrived.Refusal.Reason, arrived.Refusal.Details!["size"], arrived.Refusal.More[0].Reason));
    }

    [Fact]
    public void Both_kinds_of_host_record_arrive_with_their_revision()
    {
        var instance = new InstanceSpec(InstanceId.New(), "web1", s_project, [VnicId.New()]);
        var info = new NetworkInfo(s_mac, Ip4Address.Parse("10.0.0.7"), s_subnet.Cidr) { CidrV6 = Cidr6.Parse("fd00::/64") };
        var facts = new NetworkFacts(
            NetworkId.New(), "blue", "br100", null, VlanTag.Create(7), 1500, "nft", "dnsmasq", true, new Dictionary<string, string>());
        var bind = new BindRecord(5, instance, new HostBinding(
            instance.Nics[0], instance.Id, 0, 2, s_service, s_project, "web1", facts, info));
        var teardown = new TeardownRecord(6, instance.Id, instance.Nics[0], 2);
        var records = (HostRecords)Sent(new HostRecords(6, true, [bind, teardown]))!;
        BindRecord back = Assert.IsType<BindRecord>(records.Records[0]);
        Assert.Equal((5, s_subnet.Cidr, 7), (back.Revision, back.Binding.Info.Cidr, back.Binding.Network!.Vlan!.Value.Value));
        Assert.Equal(teardown, records.Records[1]);
    }

    [Fact]
    public void A_network_and_a_card_arrive_whole()
    {
        var network = new NetworkView(
            3, NetworkId.New(), s_service, s_project, "blue", NetworkLife.Open, new NetworkLinks("br100", null, VlanTag.Create(7)),
            s_subnet, new Subnet6(Cidr6.Parse("fd00::/64"), null))
        {
            Vpn = new VpnFacts("192.0.2.1", 1000, Ip4Address.Parse("10.0.0.2")),
            QuarantineSeconds = 9,
            Revision = 4,
            Extra = new Dictionary<string, string> { ["vni"] = "42" },
        };
        var arrived = (NetworkView)Sent(network)!;
        Assert.Equal(network with { Subnet4 = null }, arrived with { Subnet4 = null, Extra = network.Extra });
        Assert.Equal(network.Extra, arrived.Extra);
        Assert.Equal((s_subnet.Cidr, s_subnet.Allowed), (arrived.Subnet4!.Cidr, arrived.Subnet4.Allowed));

        var port = new PortView(
            PortId.New(), network.Id, s_project, Ip4Address.Parse("10.0.0.7"), null, PortPhase.Held, VnicId.New(), true, default);
        var card = new VnicView(1, port.Vnic!.Value, s_service, s_project, s_mac, null, [port], null, null, 1, 2, default);
        Assert.Equal(port, Assert.Single(((VnicView)Sent(card)!).Ports));
    }

    private object? Sent(object value)
    {
        var serializer = _provider.GetRequiredService<Serializer<object>>();
        return serializer.Deserialize(serializer.SerializeToArray(value));
    }

    private static Subnet4 Subnet()
    {
        AddressRange.TryCreate(Ip4Address.Parse("10.0.0.2"), Ip4Address.Parse("10.0.0.254"), out AddressRange allowed);
        return new Subnet4(Cidr4.Parse("10.0.0.0/24"), Ip4Address.Parse("10.0.0.1"), null, allowed, [Ip4Address.Parse("9.9.9.9")]);
    }
}
