using NovaOrleans.Instances;
using NovaOrleans.Ledger;
using NovaOrleans.NetworkServices;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Queries;

/// <summary>Which gate stops a packet: plain calls, no cloud.</summary>
public class FlowRulesTests
{
    private static readonly SecurityGroupId s_web = SecurityGroupId.New();
    private static readonly SecurityGroupId s_peers = SecurityGroupId.New();
    private static readonly HostName s_host = HostName.Parse("h1");

    [Theory]
    [InlineData(RuleProtocol.Tcp, 80, FlowVerdict.Allowed, "group web lets in tcp/80-81 from 0.0.0.0/0")]
    [InlineData(RuleProtocol.Tcp, 81, FlowVerdict.Allowed, "group web lets in tcp/80-81 from 0.0.0.0/0")]
    [InlineData(RuleProtocol.Tcp, 82, FlowVerdict.Dropped, "no rule of web lets tcp/82 from 10.0.0.2 in")]
    [InlineData(RuleProtocol.Udp, 80, FlowVerdict.Dropped, "no rule of web lets udp/80 from 10.0.0.2 in")]
    [InlineData(RuleProtocol.Icmp, 8, FlowVerdict.Allowed, "group web lets in icmp from the members of group")]
    public void The_rules_of_the_receiver_decide(RuleProtocol protocol, int port, FlowVerdict verdict, string because)
    {
        FlowFacts facts = Facts(Nic("10.0.0.2"), Nic("10.0.0.3", s_web));

        FlowView answer = FlowRules.Explain(facts, new ExplainFlow(facts.Nic.Binding.Vnic, "10.0.0.3", false, protocol, port));

        Assert.Equal(verdict, answer.Verdict);
        Assert.StartsWith(because, answer.Because, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_has_not_made_it_so_is_drift_and_says_what_it_said()
    {
        FlowFacts late = Facts(Nic("10.0.0.2"), Nic("10.0.0.3", s_web) with { Revision = 9 });
        FlowFacts failed = Facts(
            Nic("10.0.0.2") with { Outcome = BindingOutcome.Failed, Fault = "this host has no link eth7" }, Nic("10.0.0.3", s_web));

        Assert.Contains("reported revision 7, and this is 9", Http(late).Because, StringComparison.Ordinal);
        Assert.Equal((FlowVerdict.Drift, FlowVerdict.Drift), (Http(late).Verdict, Http(failed).Verdict));
        Assert.EndsWith("this host has no link eth7", Http(failed).Because, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.77", "no VNIC of network blue has 10.0.0.77")]
    [InlineData("192.0.2.9", "192.0.2.0/24 is blocked for every guest")]
    [InlineData("10.9.0.4", "10.9.0.4 lies in network red")]
    [InlineData("10.0.0.1", "the host takes no tcp/80 from its guests", 8080)]
    public void What_no_group_is_asked_about_is_stopped_before(string peer, string because, int port = 80)
    {
        FlowFacts facts = Facts(Nic("10.0.0.2"), null) with { OtherNetwork = peer == "10.9.0.4" ? "red" : null };
        because = because.Replace("tcp/80", $"tcp/{port}", StringComparison.Ordinal);

        FlowView answer = FlowRules.Explain(facts, new ExplainFlow(facts.Nic.Binding.Vnic, peer, false, RuleProtocol.Tcp, port));

        Assert.Equal(FlowVerdict.Dropped, answer.Verdict);
        Assert.StartsWith(because, answer.Because, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_is_down_stops_everything_and_the_outside_is_reached_by_the_gateway()
    {
        NicStanding nic = Nic("10.0.0.2");
        FlowFacts down = Facts(nic with { Binding = nic.Binding with { Up = false } }, Nic("10.0.0.3"));

        Assert.Equal(FlowVerdict.Dropped, Http(down).Verdict);
        FlowFacts outside = Facts(nic, null);
        FlowView answer = FlowRules.Explain(outside, new ExplainFlow(nic.Binding.Vnic, "198.51.100.1", false, RuleProtocol.Tcp, 80));
        Assert.Equal(FlowVerdict.Allowed, answer.Verdict);
        Assert.Contains(answer.Steps, s => s.Contains("reached by the gateway 10.0.0.1", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_an_other_end_it_tells_what_the_groups_let_in()
    {
        FlowFacts facts = Facts(Nic("10.0.0.3", s_web), null);

        FlowView answer = FlowRules.Explain(facts, new ExplainFlow(facts.Nic.Binding.Vnic, null, false, RuleProtocol.Any, null));

        Assert.Equal(FlowVerdict.Allowed, answer.Verdict);
        Assert.Equal(3, answer.Steps.Count);
    }

    private static FlowView Http(FlowFacts facts) =>
        FlowRules.Explain(facts, new ExplainFlow(facts.Nic.Binding.Vnic, "10.0.0.3", false, RuleProtocol.Tcp, 80));

    private static FlowFacts Facts(NicStanding nic, NicStanding? peer) => new(nic, peer, false)
    {
        Groups =
        [
            new SecurityGroupFact(s_web, "web",
            [
                new(SecurityRuleId.New(), RuleProtocol.Tcp, 80, 81, "0.0.0.0/0", null),
                new(SecurityRuleId.New(), RuleProtocol.Icmp, -1, -1, null, s_peers),
            ]),
        ],
        Members = new[] { "10.0.0.2" }.ToLookup(_ => s_peers),
        Blocked = ["192.0.2.0/24"],
    };

    private static NicStanding Nic(string address, params SecurityGroupId[] groups)
    {
        var info = new NetworkInfo(MacAddress.Parse("02:00:00:00:00:01"), Ip4Address.Parse(address), Cidr4.Parse("10.0.0.0/24"))
        {
            Gateway = Ip4Address.Parse("10.0.0.1"),
        };
        var network = new NetworkFacts(
            NetworkId.New(), "blue", null, null, null, 1500, "nft", "none", false, new Dictionary<string, string>());
        var binding = new HostBinding(
            VnicId.New(), InstanceId.New(), 0, 1, ServicePath.Parse("test.net.flat"), ProjectId.Parse("blue"), "vm", network, info)
        {
            SecurityGroups = groups,
        };
        return new NicStanding(binding, s_host, 7, 7, BindingOutcome.Applied, null);
    }
}
