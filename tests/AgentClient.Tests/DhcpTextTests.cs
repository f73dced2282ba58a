using NovaOrleans.Agent;
using NovaOrleans.Agent.Leases;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Host;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>What dnsmasq is told, and what its lease file says.</summary>
public sealed class DhcpTextTests
{
    private static readonly DhcpScope Plain = new(
        new NetworkId(Guid.Empty), "br1", Cidr4.Parse("10.1.0.0/24"), Ip4Address.Parse("10.1.0.1"), Ip4Address.Parse("10.1.0.1"),
        [Ip4Address.Parse("9.9.9.9")], 1400, 600,
        [new(MacAddress.Parse("02:00:00:00:00:01"), Ip4Address.Parse("10.1.0.5"), "vm1") { OffersRouter = false }]);

    [Fact]
    public void A_server_that_is_not_named_serves_no_dns_and_knows_no_names()
    {
        Assert.Equal(
            """
            no-hosts
            bind-interfaces
            interface=br1
            except-interface=lo
            no-resolv
            port=0
            dhcp-authoritative
            dhcp-ignore=tag:!known
            dhcp-lease-max=256
            dhcp-range=10.1.0.0,static,255.255.255.0,600s
            dhcp-option=option:router,10.1.0.1
            dhcp-option=tag:norouter,option:router
            dhcp-option=option:dns-server,9.9.9.9
            dhcp-option-force=option:mtu,1400

            """,
            DhcpText.Configuration(Plain));
        Assert.Equal(["02:00:00:00:00:01,set:norouter,10.1.0.5,vm1"], DhcpText.HostLines(Plain));
    }

    [Fact]
    public void A_server_that_is_named_asks_the_others_or_its_hosts_own()
    {
        DhcpScope served = Plain with { DnsServers = [Plain.Server!.Value], Domain = "novalocal" };
        string alone = DhcpText.Configuration(served);
        Assert.Contains("domain-needed\nbogus-priv\nexpand-hosts\nlocal=/novalocal/\n", alone, StringComparison.Ordinal);
        Assert.DoesNotContain("no-resolv", alone, StringComparison.Ordinal);
        string asking = DhcpText.Configuration(served with { DnsServers = [Plain.Server!.Value, .. Plain.DnsServers] });
        Assert.Contains("no-resolv\nserver=9.9.9.9\n", asking, StringComparison.Ordinal);
        Assert.Contains("10.1.0.5 vm1", DhcpText.HostLines(served));
    }

    [Theory]
    [InlineData("1795664465 52:54:00:77:00:12 10.77.0.12 web2 01:52:54:00:77:00:12", "10.77.0.12")]
    [InlineData("1795664465 52:54:00:77:00:12 10.77.0.12 * *", "10.77.0.12")]
    [InlineData("0 52:54:00:77:00:12 10.77.0.12 * *", null)]
    [InlineData("1795664465 52:54:00:77:00:12 10.77.0.1", null)]
    [InlineData("1795664465 52:54:00:77:00 10.77.0.12 web2 *", null)]
    [InlineData("17956644651795664465 52:54:00:77:00:12 10.77.0.12 web2 *", null)]
    [InlineData("1795664465 52:54:00:77:00:12 10.77.0.12 web2 ", null)]
    [InlineData("duid 00:01:00:01", null)]
    public void A_line_that_is_no_lease_is_left_out(string line, string? address) =>
        Assert.Equal(address, LeaseFile.LeaseOf(line)?.Address.ToString());

    [Fact]
    public void A_host_line_says_whose_it_is_with_the_router_and_without()
    {
        DhcpHost host = Plain.Hosts[0];
        Assert.Equal((host.Mac, host.Address), DhcpText.HostOf(DhcpText.HostLine(host)));
        Assert.Equal((host.Mac, host.Address), DhcpText.HostOf(DhcpText.HostLine(host with { OffersRouter = true })));
        Assert.All(DhcpText.NameLines(host), l => Assert.Null(DhcpText.HostOf(l)));
    }

    [Fact]
    public void The_first_card_with_a_gateway_has_the_default_route()
    {
        DefaultRoutes routes = new(
        [
            Card(3, nic: 2, gateway: true), Card(1, nic: 0, gateway: false), Card(2, nic: 1, gateway: true),
            Card(4, nic: 0, gateway: true, instance: 2),
        ]);
        Assert.Equal([true, true, false, true], new[] { 1, 2, 3, 4 }.Select(n => routes.Has(Mac(n))));
        Assert.Null(routes.Of(Card(3, nic: 2, gateway: true).Info).Gateway);
    }

    private static MacAddress Mac(int number) => MacAddress.Parse($"02:00:00:00:00:{number:x2}");

    private static HostBinding Card(int number, int nic, bool gateway, int instance = 1) => new(
        VnicId.New(), new InstanceId(new Guid(instance, 0, 0, new byte[8])), nic, 1, ServicePath.Parse("test.one"),
        ProjectId.Parse("p"), "vm", null,
        new NetworkInfo(Mac(number), Gateway: gateway ? Ip4Address.Parse("10.0.0.1") : null));
}
