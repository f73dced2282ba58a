using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.Networks;
using NovaOrleans.NetworkServices;
using NovaOrleans.Pools;
using NovaOrleans.Projects;
using NovaOrleans.Vnics;
using Orleans.Serialization;

namespace NovaOrleans.Vocabulary;

/// <summary>The views and records that go from silo to facade and host: nothing of them is lost on the way.</summary>
public sealed class ViewSerializationTests : IDisposable
{
    private static readonly DateTimeOffset Then = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
    private static readonly ServicePath Vlan = ServicePath.Parse("nova.network.vlan");
    private static readonly ProjectId Blue = ProjectId.Parse("blue");
    private static readonly HostName Node = HostName.Parse("node1");
    private static readonly MacAddress Mac = MacAddress.Parse("02:00:00:00:00:01");
    private static readonly NetworkId Network = NetworkId.New();
    private static readonly VnicId Vnic = VnicId.New();
    private static readonly InstanceId Instance = InstanceId.New();

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_network() => Same(new NetworkView(
        7, Network, Vlan, Blue, "blue", NetworkLife.Closing, new NetworkLinks("br7", "eth1", VlanTag.Create(7), 1450), Subnet(), Subnet6())
    {
        Vpn = new VpnFacts("192.0.2.1", 1000, Ip4Address.Parse("10.0.0.2")),
        Injected = true,
        Priority = 3,
        NetworkHost = Node,
        QuarantineSeconds = 9,
        Revision = 5,
        CreatedAt = Then,
        UpdatedAt = Then,
    });

    [Fact]
    public void A_card_with_its_port() => Same(new VnicView(
        7, Vnic, Vlan, Blue, Mac, "a", [Port()], Instance, Node, 2, 3, Then));

    [Fact]
    public void An_instance() => Same(new InstanceView(
        7, Instance, Blue, Vlan, "web", InstanceStatus.Error, Node, [Vnic], "no bridge", Then, Then)
    {
        ImageRef = "i",
        FlavorRef = "f",
        Metadata = new Dictionary<string, string> { ["k"] = "v" },
    });

    [Fact]
    public void A_project() => Same(new ProjectView(Blue, "The blue", null, Vlan, Then));

    [Fact]
    public void A_pool() => Same(new PoolView(Network, 253, 7, 2, 1, Then));

    [Fact]
    public void A_hosts_records_keep_their_kinds()
    {
        var info = new NetworkInfo(
            Mac, Ip4Address.Parse("10.0.0.7"), Cidr4.Parse("10.0.0.0/24"), Ip4Address.Parse("255.255.255.0"))
        {
            AddressV6 = Ip6Address.Parse("fd00::7"),
            CidrV6 = Cidr6.Parse("fd00::/64"),
            RaServer = "fd00::1/128",
            Additional = ["10.0.0.8"],
        };
        var facts = new NetworkFacts(
            Network, "blue", "br7", null, VlanTag.Create(7), 1500, "nft", "dnsmasq", true, new Dictionary<string, string> { ["a"] = "b" });
        var spec = new InstanceSpec(Instance, "web", Blue, [Vnic])
        {
            Machine = new MachineSpec(512, 2, new MachineImage("tiny", "k", "i", "quiet", null, "qcow2", "config-2")),
        };
        var bind = new BindRecord(3, spec, new HostBinding(Vnic, Instance, 0, 2, Vlan, Blue, "web", facts, info));
        HostRecords records = new(4, true, [bind, new TeardownRecord(4, Instance, Vnic, 2)]);
        HostRecords copy = Copy(records);
        Assert.Equal((4, true), (copy.Head, copy.IsSnapshot));
        Assert.Equal([typeof(BindRecord), typeof(TeardownRecord)], copy.Records.Select(r => r.GetType()));
        Assert.Equal(Text(bind), Text(Assert.IsType<BindRecord>(copy.Records[0])));
        Assert.Equal(Text(records.Records[1]), Text(copy.Records[1]));
    }

    private static Subnet4 Subnet()
    {
        Assert.True(AddressRange.TryCreate(Ip4Address.Parse("10.0.0.3"), Ip4Address.Parse("10.0.0.254"), out AddressRange range));
        return new Subnet4(
            Cidr4.Parse("10.0.0.0/24"), Ip4Address.Parse("10.0.0.1"), null, range, [Ip4Address.Parse("192.0.2.53")]);
    }

    private static Subnet6 Subnet6() => new(Cidr6.Parse("fd00::/64"), Ip6Address.Parse("fd00::1"));

    private static PortView Port() => new(
        PortId.New(), Network, Blue, Ip4Address.Parse("10.0.0.7"), Ip6Address.Parse("fd00::7"), PortPhase.Held, Vnic, true, Then);

    private void Same<T>(T view) => Assert.Equal(Text(view), Text(Copy(view)));

    private T Copy<T>(T view)
    {
        var serializer = _services.GetRequiredService<Serializer>();
        return serializer.Deserialize<T>(serializer.SerializeToArray(view))!;
    }

    /// <summary>All public values, lists included, which records do not compare by value.</summary>
    private static string Text<T>(T view) => JsonSerializer.Serialize(view, view!.GetType());
}
