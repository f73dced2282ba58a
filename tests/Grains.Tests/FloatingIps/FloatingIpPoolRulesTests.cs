using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.FloatingIps;

public sealed class FloatingIpPoolRulesTests
{
    private static readonly ProjectId s_blue = ProjectId.Parse("blue");
    private static readonly VnicId s_vnic = VnicId.New();

    [Theory]
    [InlineData("203.0.113.0/29", 6, "203.0.113.1", "203.0.113.6")]
    [InlineData("203.0.113.4/31", 2, "203.0.113.4", "203.0.113.5")]
    [InlineData("203.0.113.7/32", 1, "203.0.113.7", "203.0.113.7")]
    [Trait("seed", "R24")]
    public void A_range_is_the_addresses_that_a_machine_can_have(string range, int count, string first, string last)
    {
        IReadOnlyList<Ip4Address> addresses = FloatingIpPoolRules.AddressesOf(Cidr4.Parse(range)).Value;
        Assert.Equal((count, first, last), (addresses.Count, addresses[0].ToString(), addresses[^1].ToString()));
    }

    [Fact]
    public void A_range_has_a_limit_that_is_named()
    {
        Assert.Equal(4094, FloatingIpPoolRules.AddressesOf(Cidr4.Parse("198.18.0.0/20")).Value.Count);
        Refusal refusal = FloatingIpPoolRules.AddressesOf(Cidr4.Parse("198.18.0.0/19")).Refusal!;
        Assert.Equal((RefusalCode.MalformedRequest, "ip_range"), (refusal.Code, refusal.Field));
        Assert.Contains("198.18.0.0/19", refusal.Reason, StringComparison.Ordinal);
        Assert.NotNull(FloatingIpPoolRules.AddressesOf(Cidr4.Parse("0.0.0.0/0")).Refusal);
    }

    [Fact]
    public void Another_projects_address_is_not_there()
    {
        FloatingIpPoolState state = State(s_blue);
        Assert.Equal(RefusalCode.FloatingIpNotFound, Known(state, ProjectId.Parse("red")).Refusal!.Code);
        Assert.Equal(RefusalCode.FloatingIpNotFound, Known(null, s_blue).Refusal!.Code);
        Assert.Equal(RefusalCode.FloatingIpNotFound, Known(State(null), s_blue).Refusal!.Code);
        Assert.Equal(state, Known(state, s_blue).Value);
        Assert.Equal(state, Known(state, null).Value);
    }

    [Fact]
    public void What_stands_for_a_fixed_ip_is_not_released()
    {
        Assert.True(FloatingIpPoolRules.Release(State(s_blue)).Value);
        Assert.False(FloatingIpPoolRules.Release(State(null)).Value);
        FloatingIpPoolState used = State(s_blue) with { View = State(s_blue).View with { Fixed = Ip4Address.Parse("10.0.0.7") } };
        Assert.Equal(RefusalCode.FloatingIpInUse, FloatingIpPoolRules.Release(used).Refusal!.Code);
    }

    [Fact]
    [Trait("seed", "R21"), Trait("seed", "R22")]
    public void It_stands_for_a_port_of_the_project_where_hosts_translate_and_for_the_same_again_is_no_news()
    {
        FloatingIpPoolState state = State(s_blue);
        AssociateFloatingIp command = new(state.View.Id, s_blue, s_vnic, null, "ann");
        FloatingIpPoolState.Target target = new(
            PortId.New(), Ip4Address.Parse("10.0.0.7"), NetworkId.New(), ServicePath.Parse("test.net.flat"), Nat: true);

        Assert.Equal(RefusalCode.VnicNotFound, FloatingIpPoolRules.Associate(state, command).Refusal!.Code);
        Assert.Equal(
            RefusalCode.NotImplemented,
            FloatingIpPoolRules.Associate(state with { Wanted = target with { Nat = false } }, command).Refusal!.Code);
        Assert.Equal(
            RefusalCode.FloatingIpInUse,
            FloatingIpPoolRules.Associate(
                state with { Wanted = target, WantedHas = Ip4Address.Parse("203.0.113.9") }, command).Refusal!.Code);
        Assert.Equal((target, true), FloatingIpPoolRules.Associate(state with { Wanted = target }, command).Value);
        FloatingIpPoolState same = state with { Wanted = target, View = state.View with { Port = target.Port } };
        Assert.Equal((target, false), FloatingIpPoolRules.Associate(same, command).Value);
    }

    private static Outcome<FloatingIpPoolState> Known(FloatingIpPoolState? state, ProjectId? project) =>
        FloatingIpPoolRules.Known(state, state?.View.Id ?? FloatingIpId.New(), project);

    private static FloatingIpPoolState State(ProjectId? project) => new(
        new FloatingIpView(1, FloatingIpId.New(), Ip4Address.Parse("203.0.113.5"), "nova", null, project), 1, null);
}
