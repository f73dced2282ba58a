using System.Numerics;

namespace NovaOrleans.Vocabulary;

public sealed class PrefixTests
{
    [Theory]
    [InlineData("10.0.0.0/24", "10.0.0.0", "255.255.255.0", "10.0.0.255", 256)]
    [InlineData("10.0.0.0/8", "10.0.0.0", "255.0.0.0", "10.255.255.255", 1 << 24)]
    [InlineData("10.0.0.7/32", "10.0.0.7", "255.255.255.255", "10.0.0.7", 1)]
    [InlineData("0.0.0.0/0", "0.0.0.0", "0.0.0.0", "255.255.255.255", 1L << 32)]
    public void A_prefix_knows_its_ends(string text, string network, string mask, string broadcast, long size)
    {
        Cidr4 cidr = Cidr4.Parse(text);
        Assert.Equal(text, cidr.ToString());
        Assert.Equal(
            (network, mask, broadcast, size),
            (cidr.Network.ToString(), cidr.Netmask.ToString(), cidr.Broadcast.ToString(), cidr.Size));
    }

    [Theory]
    [InlineData("10.0.0.7/24", "10.0.0.0/24")]
    [InlineData("10.0.0.1/0", "0.0.0.0/0")]
    [InlineData("10.0.0.0/33", null)]
    [InlineData("10.0.0.0", null)]
    [InlineData("10.0.0.0/", null)]
    [InlineData("/24", null)]
    [InlineData("10.0.0.0/-1", null)]
    [InlineData("10.0.0.0/+8", null)]
    [InlineData("10.0.0.0/24/24", null)]
    [InlineData("fd00::/64", null)]
    [InlineData(null, null)]
    public void A_prefix_with_host_bits_or_none_is_refused_and_mended_where_it_can_be(string? text, string? mended)
    {
        Assert.False(Cidr4.TryParse(text, out _));
        Assert.Equal(mended, Cidr4.WithoutHostBits(text));
    }

    [Fact]
    public void Overlap_is_the_same_as_having_an_address_in_common()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        for (int i = 0; i < 2000; i++)
        {
            (Cidr4 a, Cidr4 b) = (RandomPrefix(random), RandomPrefix(random));
            bool common = a.Network <= b.Broadcast && b.Network <= a.Broadcast;
            Assert.True(a.Overlaps(b) == common && b.Overlaps(a) == common, $"{a} and {b}, seed {seed}");
            Assert.True(a.Contains(a.Network) && a.Contains(a.Broadcast), $"{a}, seed {seed}");
        }
    }

    [Theory]
    [InlineData("fd00:1::/64", true)]
    [InlineData("::/0", true)]
    [InlineData("fd00:1::7/128", true)]
    [InlineData("fd00:1::7/64", false)]
    [InlineData("fd00:1::/129", false)]
    [InlineData("fd00:1::", false)]
    [InlineData("10.0.0.0/24", false)]
    public void An_ipv6_prefix_has_no_host_bits(string text, bool good)
    {
        Assert.Equal(good, Cidr6.TryParse(text, out Cidr6 cidr));
        Assert.Equal(good ? text : "::/0", cidr.ToString());
    }

    [Fact]
    public void The_address_of_a_mac_is_in_the_prefix_and_rfc_4862s()
    {
        Cidr6 cidr = Cidr6.Parse("fd00:1::/64");
        Ip6Address address = cidr.AddressOf(MacAddress.Parse("02:1b:77:49:54:fd"));
        Assert.Equal("fd00:1::1b:77ff:fe49:54fd", address.ToString());
        Assert.True(cidr.Contains(address));
        Assert.False(Cidr6.Parse("fd00:2::/64").Contains(address));
    }

    [Fact]
    public void A_range_is_inclusive_and_not_backwards()
    {
        (Ip4Address low, Ip4Address high) = (Ip4Address.Parse("10.0.0.2"), Ip4Address.Parse("10.0.0.9"));
        Assert.True(AddressRange.TryCreate(low, high, out AddressRange range));
        Assert.Equal(8, range.Size);
        Assert.True(range.Contains(low) && range.Contains(high) && !range.Contains(high + 1));
        Assert.False(AddressRange.TryCreate(high, low, out _));
        Assert.True(AddressRange.TryCreate(default, new Ip4Address(uint.MaxValue), out range));
        Assert.Equal(1L << 32, range.Size);
    }

    private static Cidr4 RandomPrefix(Random random)
    {
        int length = random.Next(0, 33);
        uint mask = length == 0 ? 0 : uint.MaxValue << (32 - length);
        // Few distinct high bits, so that many pairs overlap.
        uint bits = BitOperations.RotateLeft((uint)random.Next(16), 28) | (uint)random.Next(4);
        Assert.True(Cidr4.TryCreate(new Ip4Address(bits & mask), length, out Cidr4 cidr));
        return cidr;
    }
}
