using Microsoft.Extensions.Configuration;
using NovaOrleans.NetworkServices.Flat;
using NovaOrleans.NetworkServices.Vlan;

namespace NovaOrleans.BuiltIn;

public sealed class ServiceOptionsTests
{
    [Fact]
    public void A_section_gives_the_defaults_of_a_services_networks()
    {
        VlanOptions options = VlanOptions.Read(Section(
            ("vlan_interface", "eth1"), ("vlan_start", "200"), ("mtu", "1450"), ("dns1", "9.9.9.9"),
            ("vpn_public_address", "198.51.100.1"), ("dhcp_domain", "lan"), ("dhcp_lease_time", "3600")));
        Assert.Equal(("eth1", 200, 1000, "198.51.100.1"), (
            options.VlanInterface, options.VlanStart, options.VpnStart, options.VpnPublicAddress));
        Assert.Equal((1450, 30, "9.9.9.9"), (
            options.Networks.Mtu, options.Networks.QuarantineSeconds, string.Join(' ', options.Networks.Dns.Asked)));
        Assert.Equal(("lan", 3600), (options.Networks.DhcpDomain, options.Networks.DhcpLeaseTime));
    }

    [Fact]
    public void A_key_that_is_unknown_or_wrong_stops_the_start_with_all_of_them_named()
    {
        FormatException fault = Assert.Throws<FormatException>(() =>
            FlatOptions.Read(Section(("mtu", "1"), ("vlan_interface", "eth0"))));
        Assert.StartsWith("NetworkServices:flat: Field 'mtu' was '1'", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Field 'vlan_interface' is not known here", fault.Message, StringComparison.Ordinal);
    }

    private static IConfigurationSection Section(params (string Key, string Value)[] keys) => new ConfigurationBuilder()
        .AddInMemoryCollection(keys.Select(k => KeyValuePair.Create($"NetworkServices:flat:{k.Key}", (string?)k.Value)))
        .Build()
        .GetSection("NetworkServices:flat");
}
