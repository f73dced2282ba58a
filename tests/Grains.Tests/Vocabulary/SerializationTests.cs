using Microsoft.Extensions.DependencyInjection;
using NovaOrleans.Outcomes;
using Orleans.Serialization;

namespace NovaOrleans.Vocabulary;

/// <summary>What a grain answers is what its caller gets: every value crosses Orleans' serializer whole.</summary>
public sealed class SerializationTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Values_come_back_equal()
    {
        Same(Ip4Address.Parse("10.0.0.7"));
        Same(Ip6Address.Parse("fd00::7"));
        Same(MacAddress.Parse("02:1b:77:49:54:fd"));
        Same(Cidr4.Parse("10.0.0.0/24"));
        Same(Cidr6.Parse("fd00:1::/64"));
        Same(VlanTag.Create(4094));
        Same(Vni.Create(16_777_215));
        Same(ServicePath.Parse("nova.network.vlan"));
        Same(ProjectId.Parse("blue"));
        Same(HostName.Parse("node1"));
        Same(NetworkId.New());
        Same(VnicId.New());
        Same(PortId.New());
        Same(InstanceId.New());
        Same(new RequestKey("k", "hash"));
        Assert.True(AddressRange.TryCreate(Ip4Address.Parse("10.0.0.2"), Ip4Address.Parse("10.0.0.9"), out AddressRange range));
        Same(range);
    }

    [Fact]
    public void Defaults_come_back_as_defaults()
    {
        Same(default(Ip4Address));
        Same(default(MacAddress));
        Same(default(Cidr4));
        Same(default(ServicePath));
        Same(default(ProjectId));
        Same(default(HostName));
        Same(default(VlanTag));
    }

    [Fact]
    public void An_outcome_is_its_value_or_its_refusal_on_the_other_side_too()
    {
        Outcome<MacAddress> value = Copy<Outcome<MacAddress>>(MacAddress.Parse("02:00:00:00:00:01"));
        Assert.False(value.Refused);
        Assert.Equal("02:00:00:00:00:01", value.Value.ToString());

        var refusal = new Refusal(
            RefusalCode.NoMoreAddresses, "It is full.", "subject", "field", new Dictionary<string, string> { ["size"] = "253" })
        {
            More = [new Refusal(RefusalCode.MacInUse, "And taken.")],
        };
        Outcome<MacAddress> refused = Copy<Outcome<MacAddress>>(refusal);
        Assert.True(refused.Refused);
        Assert.Equal((refusal.Code, refusal.Reason, refusal.Subject, refusal.Field),
            (refused.Refusal.Code, refused.Refusal.Reason, refused.Refusal.Subject, refused.Refusal.Field));
        Assert.Equal("253", refused.Refusal.Details!["size"]);
        Assert.Equal(RefusalCode.MacInUse, Assert.Single(refused.Refusal.More).Code);
        Assert.Throws<InvalidOperationException>(() => refused.Value);
        Assert.False(Copy(Outcome.Done).Refused);
    }

    [Fact]
    public void An_operating_fault_says_on_the_other_side_whether_to_repeat()
    {
        var fault = new OperatingFaultException("the disk is full", mayRetry: true);
        OperatingFaultException copy = Assert.IsType<OperatingFaultException>(Copy<Exception>(fault));
        Assert.Equal(("the disk is full", true), (copy.Message, copy.MayRetry));
    }

    private void Same<T>(T value) => Assert.Equal(value, Copy(value));

    private T Copy<T>(T value)
    {
        var serializer = _services.GetRequiredService<Serializer>();
        return serializer.Deserialize<T>(serializer.SerializeToArray(value))!;
    }
}
