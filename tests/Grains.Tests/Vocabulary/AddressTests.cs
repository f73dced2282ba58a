namespace NovaOrleans.Vocabulary;

/// <summary>
/// Values that cannot be wrong: what is written comes back, what is none is refused, the default is harmless.
/// </summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("0.0.0.0", 0u)]
    [InlineData("10.0.0.7", 0x0A000007u)]
    [InlineData("255.255.255.255", uint.MaxValue)]
    public void An_ipv4_address_is_its_32_bits(string text, uint bits)
    {
        Ip4Address address = Ip4Address.Parse(text);
        Assert.Equal((bits, text), (address.Bits, address.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.0.1")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.07")]
    [InlineData("010.0.0.7")]
    [InlineData("10.0.0.-1")]
    [InlineData(" 10.0.0.7")]
    [InlineData("10.0.0.7\n")]
    [InlineData("10.0..7")]
    [InlineData("0x0a.0.0.7")]
    [InlineData("167772167")]
    [InlineData("10.0.0.٧")]
    public void What_is_no_ipv4_address_is_refused(string? text) => Assert.False(Ip4Address.TryParse(text, out _));

    [Theory]
    [InlineData("fd00::7", "fd00::7")]
    [InlineData("FD00:0:0:0:0:0:0:7", "fd00::7")]
    [InlineData("::", "::")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")]
    public void An_ipv6_address_is_printed_as_rfc_5952_says(string text, string printed) =>
        Assert.Equal(printed, Ip6Address.Parse(text).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10.0.0.7")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[fd00::7]")]
    [InlineData("[fd00::7]:80")]
    [InlineData("fd00::/64")]
    [InlineData("fd00:::7")]
    public void What_is_no_ipv6_address_is_refused(string? text) => Assert.False(Ip6Address.TryParse(text, out _));

    [Theory]
    [InlineData("02:1b:77:49:54:fd")]
    [InlineData("02-1B-77-49-54-FD")]
    public void A_mac_is_read_in_both_spellings_and_printed_in_one(string text) =>
        Assert.Equal("02:1b:77:49:54:fd", MacAddress.Parse(text).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00:00:00:00:00:00")]
    [InlineData("01:00:5e:00:00:01")]
    [InlineData("ff:ff:ff:ff:ff:ff")]
    [InlineData("02:1b:77:49:54")]
    [InlineData("02:1b:77:49:54:fd:00")]
    [InlineData("02:1b:77:49:54:fg")]
    [InlineData("021b.7749.54fd")]
    [InlineData("02:1b:77:49:54:+d")]
    public void What_is_no_unicast_mac_is_refused(string? text) => Assert.False(MacAddress.TryParse(text, out _));

    [Fact]
    public void A_random_mac_is_locally_administered_unicast_and_comes_back_from_its_text()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        for (int i = 0; i < 1000; i++)
        {
            MacAddress mac = MacAddress.Random(random);
            Assert.True(mac.Bits >> 40 == 2 && MacAddress.Parse(mac.ToString()) == mac, $"{mac}, seed {seed}");
        }
    }

    [Fact]
    public void The_link_local_address_of_a_mac_is_rfc_4862s() =>
        Assert.Equal("fe80::1b:77ff:fe49:54fd", Ip6Address.LinkLocal(MacAddress.Parse("02:1b:77:49:54:fd")).ToString());

    [Fact]
    public void Addresses_order_as_numbers_and_not_as_text()
    {
        Assert.True(Ip4Address.Parse("9.0.0.0") < Ip4Address.Parse("10.0.0.0"));
        Assert.True(Ip4Address.Parse("200.0.0.0") > Ip4Address.Parse("100.0.0.0"));
        Assert.True(Ip6Address.Parse("fd00::9") < Ip6Address.Parse("fd00::10"));
        Assert.True(Ip6Address.Parse("8000::") > Ip6Address.Parse("7fff::"));
        Assert.True(MacAddress.Parse("02:00:00:00:00:09") < MacAddress.Parse("02:00:00:00:00:10"));
    }

    [Fact]
    public void Defaults_print_and_compare()
    {
        Assert.Equal("0.0.0.0", default(Ip4Address).ToString());
        Assert.Equal("::", default(Ip6Address).ToString());
        Assert.Equal("00:00:00:00:00:00", default(MacAddress).ToString());
        Assert.Equal(0, default(VlanTag).Value);
    }
}
