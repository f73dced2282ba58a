using NovaOrleans.NetworkServices;
using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.SecurityGroups;

/// <summary>What may be a rule, and what keeps a group.</summary>
public sealed class SecurityGroupsRulesTests
{
    private static readonly ProjectId s_project = ProjectId.Parse("blue");
    private static readonly SecurityGroupId s_web = SecurityGroupId.New();
    private static readonly SecurityGroupId s_db = SecurityGroupId.New();
    private static readonly SecurityGroupId s_default = SecurityGroupId.New();

    [Theory]
    [InlineData(RuleProtocol.Tcp, 80, 80, "0.0.0.0/0", "0.0.0.0/0")]
    [InlineData(RuleProtocol.Udp, 0, 65535, "10.1.2.3/8", "10.0.0.0/8")]
    [InlineData(RuleProtocol.Icmp, 8, 0, "::/0", "::/0")]
    [InlineData(RuleProtocol.Icmp, 8, -1, "10.0.0.0/8", "10.0.0.0/8")]
    [InlineData(RuleProtocol.Icmp, -1, -1, "10.0.0.0/8", "10.0.0.0/8")]
    [InlineData(RuleProtocol.Any, -1, -1, "10.0.0.0/8", "10.0.0.0/8")]
    public void A_rule_is_kept_with_its_prefix_as_it_counts(RuleProtocol protocol, int from, int to, string cidr, string kept)
    {
        SecurityRule rule = Add(protocol, from, to, cidr).Value;
        Assert.Equal((protocol, from, to, kept), (rule.Protocol, rule.FromPort, rule.ToPort, rule.Cidr));
    }

    [Theory]
    [InlineData(RuleProtocol.Tcp, -1, 80, "0.0.0.0/0", "from_port")]
    [InlineData(RuleProtocol.Tcp, 81, 80, "0.0.0.0/0", "from_port")]
    [InlineData(RuleProtocol.Udp, 0, 65536, "0.0.0.0/0", "from_port")]
    [InlineData(RuleProtocol.Icmp, 256, -1, "0.0.0.0/0", "from_port")]
    [InlineData(RuleProtocol.Icmp, -1, 0, "0.0.0.0/0", "from_port")]
    [InlineData(RuleProtocol.Any, 1, 2, "0.0.0.0/0", "from_port")]
    [InlineData(RuleProtocol.Tcp, 80, 80, "10.0.0.0", "cidr")]
    [InlineData(RuleProtocol.Tcp, 80, 80, "10.0.0.0/33", "cidr")]
    [InlineData(RuleProtocol.Tcp, 80, 80, "{ 0.0.0.0/0 }", "cidr")]
    [InlineData(RuleProtocol.Tcp, 80, 80, null, "cidr")]
    public void What_is_no_rule_is_refused_by_its_field(RuleProtocol protocol, int from, int to, string? cidr, string field)
    {
        Refusal refusal = Add(protocol, from, to, cidr).Refusal!;
        Assert.Equal((RefusalCode.MalformedRequest, field), (refusal.Code, refusal.Field));
    }

    [Fact]
    public void The_source_is_a_prefix_or_a_group_of_the_project_and_not_both()
    {
        Assert.Equal(s_db, Add(RuleProtocol.Tcp, 80, 80, null, s_db).Value.SourceGroup);
        Assert.Equal(RefusalCode.MalformedRequest, Add(RuleProtocol.Tcp, 80, 80, "0.0.0.0/0", s_db).Refusal!.Code);
        Assert.Equal(RefusalCode.SecurityGroupNotFound, Add(RuleProtocol.Tcp, 80, 80, null, SecurityGroupId.New()).Refusal!.Code);
    }

    [Fact]
    public void The_same_rule_twice_is_refused_and_so_is_one_beyond_the_quota()
    {
        SecurityRule first = Add(RuleProtocol.Tcp, 80, 80, "10.0.0.0/8").Value with { RowId = 5 };
        SecurityGroupsState state = State(first);
        Refusal twice = Add(RuleProtocol.Tcp, 80, 80, "10.9.9.9/8", state: state).Refusal!;
        Assert.Equal((RefusalCode.Conflict, first.Id.ToString()), (twice.Code, twice.Subject));
        Assert.Null(Add(RuleProtocol.Tcp, 81, 81, "10.0.0.0/8", state: state, limit: 2).Refusal);
        Assert.Equal(RefusalCode.QuotaExceeded, Add(RuleProtocol.Tcp, 81, 81, "10.0.0.0/8", state: state, limit: 1).Refusal!.Code);
    }

    [Fact]
    public void A_group_that_is_used_and_the_default_one_stay()
    {
        SecurityGroupsState state = State(Add(RuleProtocol.Tcp, 80, 80, null, s_db).Value);
        Assert.Null(SecurityGroupsRules.Delete(state, state.Find(s_web)!, 0));
        Assert.Equal(RefusalCode.SecurityGroupInUse, SecurityGroupsRules.Delete(state, state.Find(s_web)!, 1)!.Code);
        Refusal named = SecurityGroupsRules.Delete(state, state.Find(s_db)!, 0)!;
        Assert.Contains("'web'", named.Reason, StringComparison.Ordinal);
        Assert.Equal(RefusalCode.RequestedStateInvalid, SecurityGroupsRules.Delete(state, state.Find(s_default)!, 0)!.Code);
        Assert.Null(SecurityGroupsRules.Scrub(state, new Dictionary<SecurityGroupId, long>()));
        Assert.Equal(
            RefusalCode.SecurityGroupInUse,
            SecurityGroupsRules.Scrub(state, new Dictionary<SecurityGroupId, long> { [s_default] = 1 })!.Code);
    }

    [Fact]
    public void A_rule_of_its_own_that_names_it_keeps_no_group()
    {
        SecurityGroupsState state = State(Add(RuleProtocol.Any, -1, -1, null, s_web).Value);
        Assert.Null(SecurityGroupsRules.Delete(state, state.Find(s_web)!, 0));
    }

    [Fact]
    public void Names_are_one_group_each_and_none_is_the_default()
    {
        SecurityGroupsState state = State();
        Assert.Equal([s_default], SecurityGroupsRules.Resolve(state, []).Value);
        Assert.Equal([s_db, s_web], SecurityGroupsRules.Resolve(state, ["db", "web", "db"]).Value);
        Assert.Equal("nope", SecurityGroupsRules.Resolve(state, ["web", "nope"]).Refusal!.Subject);
        Assert.Equal(RefusalCode.Conflict, SecurityGroupsRules.Create(state, "web", -1)!.Code);
        Assert.Equal(RefusalCode.QuotaExceeded, SecurityGroupsRules.Create(state, "new", 3)!.Code);
        Assert.Null(SecurityGroupsRules.Create(state, "new", 4));
        Assert.Equal(RefusalCode.Conflict, SecurityGroupsRules.Rename(state, s_web, "db", null).Refusal!.Code);
        Assert.Equal(("web", "text"), (SecurityGroupsRules.Rename(state, s_web, null, "text").Value is var r ? (r.Name, r.Description) : default));
        Assert.Equal(RefusalCode.RequestedStateInvalid, SecurityGroupsRules.Rename(state, s_default, "mine", null).Refusal!.Code);
    }

    [Fact]
    public void Of_blocked_prefixes_there_is_a_limit_and_one_form_each()
    {
        BlockedPrefixesState many = new([.. Enumerable.Range(0, BlockedPrefixesRules.Most)
            .Select(i => new BlockedPrefix(i, $"10.{i / 256}.{i % 256}.0/24", DateTimeOffset.UnixEpoch))]);
        Assert.Equal("198.51.100.0/24", BlockedPrefixesRules.Block(new([]), "198.51.100.7/24").Value);
        Assert.Equal("2001:db8::/32", BlockedPrefixesRules.Block(new([]), "2001:db8::/32").Value);
        Assert.Equal(RefusalCode.MalformedRequest, BlockedPrefixesRules.Block(new([]), "everywhere").Refusal!.Code);
        Assert.Equal("10.0.0.0/24", BlockedPrefixesRules.Block(many, "10.0.0.0/24").Value);
        Assert.Equal(RefusalCode.Conflict, BlockedPrefixesRules.Block(many, "192.0.2.0/24").Refusal!.Code);
    }

    private static Outcome<SecurityRule> Add(
        RuleProtocol protocol, int from, int to, string? cidr, SecurityGroupId? source = null, SecurityGroupsState? state = null,
        long limit = 20) =>
        SecurityGroupsRules.AddRule(
            state ?? State(), new AddSecurityRule(s_web, protocol, from, to, cidr, source), SecurityRuleId.New(), limit);

    private static SecurityGroupsState State(params SecurityRule[] ofWeb) => new(s_project,
    [
        new SecurityGroupView(2, s_db, s_project, "db", "", []),
        new SecurityGroupView(3, s_default, s_project, SecurityGroupsRules.Default, "", []),
        new SecurityGroupView(1, s_web, s_project, "web", "", ofWeb),
    ]);
}
