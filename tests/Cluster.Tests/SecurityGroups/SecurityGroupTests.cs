using NovaOrleans.Projects;

namespace NovaOrleans.SecurityGroups;

/// <summary>Groups of a project, and which hosts hear of them.</summary>
public abstract class SecurityGroupTests : CloudTests
{
    private ISecurityGroupsGrain Groups => Cloud.Grains.GetGrain<ISecurityGroupsGrain>(Cloud.Blue.Value);

    [Fact]
    public async Task The_default_group_is_there_when_it_is_asked_for_and_lets_its_own_members_in()
    {
        SecurityGroupView made = Assert.Single(await Groups.List());
        Assert.Equal("default", made.Name);
        SecurityRule rule = Assert.Single(made.Rules);
        Assert.Equal((RuleProtocol.Any, made.Id), (rule.Protocol, rule.SourceGroup!.Value));
        Assert.True(made.RowId > 0 && rule.RowId > 0);
        Assert.Equal([made.Id], (await Groups.Resolve([])).Value);
        await Cloud.Restart();
        Assert.Equal(made.Id, Assert.Single(await Groups.List()).Id);
    }

    [Fact]
    public async Task Groups_and_rules_are_kept_counted_and_named_once()
    {
        SecurityGroupView web = await Make("web");
        var key = new RequestKey("k1", "hash");
        SecurityGroupView keyed = (await Groups.Create(new CreateSecurityGroup("keyed", "", "ann", key))).Value;
        Assert.Equal(keyed.Id, (await Groups.Create(new CreateSecurityGroup("keyed", "", "ann", key))).Value.Id);
        Assert.Equal(
            RefusalCode.KeyReused,
            (await Groups.Create(new CreateSecurityGroup("other", "", "ann", key with { BodyHash = "2" }))).Refusal!.Code);
        Assert.Equal(RefusalCode.Conflict, (await Groups.Create(new CreateSecurityGroup("web", "", "ann"))).Refusal!.Code);

        SecurityRule rule = await Open(web.Id, 80);
        Assert.Equal(RefusalCode.Conflict, (await Groups.AddRule(Port(web.Id, 80))).Refusal!.Code);
        await Cloud.Restart();
        Assert.Equal(rule, Assert.Single((await Groups.Describe(web.Id)).Value.Rules));
        Assert.Null((await Groups.RemoveRule(rule.Id, "ann")).Refusal);
        Assert.Null((await Groups.RemoveRule(rule.Id, "ann")).Refusal);
        Assert.Empty((await Groups.Describe(web.Id)).Value.Rules);
        Assert.Equal("db", (await Groups.Rename(web.Id, "db", null, "ann")).Value.Name);

        Assert.Null((await Groups.Delete(web.Id, "ann")).Refusal);
        Assert.Equal(RefusalCode.SecurityGroupNotFound, (await Groups.Describe(web.Id)).Refusal!.Code);
        await Make("db");
    }

    [Fact]
    public async Task Quotas_of_groups_and_of_rules_are_the_projects()
    {
        IProjectGrain project = Cloud.Grains.GetGrain<IProjectGrain>(Cloud.Blue.Value);
        await project.Create(null, "op");
        await project.SetQuotas(
            new Dictionary<QuotaKind, long?> { [QuotaKind.SecurityGroups] = 2, [QuotaKind.SecurityGroupRules] = 1 }, "op");
        SecurityGroupView web = await Make("web");
        Assert.Equal(RefusalCode.QuotaExceeded, (await Groups.Create(new CreateSecurityGroup("db", "", "ann"))).Refusal!.Code);
        await Open(web.Id, 80);
        Assert.Equal(RefusalCode.QuotaExceeded, (await Groups.AddRule(Port(web.Id, 81))).Refusal!.Code);
    }

    [Fact]
    public async Task A_rule_is_told_to_the_hosts_of_members_and_to_no_other()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud), other = await TestHost.Start(Cloud, "node2");
        SecurityGroupView web = await Make("web"), db = await Make("db");
        await Launch(host, web.Id);
        await Launch(other, db.Id);
        long before = (await Cloud.Host("node2").Describe()).Revision;

        SecurityRule rule = await Open(web.Id, 80);
        await host.Until(() => Task.FromResult(RulesOn(host, web.Id).Select(r => r.Id).SequenceEqual([rule.Id])), "the host has the rule");
        Assert.Equal(before, (await Cloud.Host("node2").Describe()).Revision);

        await Groups.RemoveRule(rule.Id, "ann");
        await host.Until(() => Task.FromResult(RulesOn(host, web.Id).Count == 0), "the rule is gone from the host");
    }

    [Fact]
    public async Task A_hint_that_is_lost_is_made_good()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        SecurityGroupView web = await Make("web");
        await Launch(host, web.Id);
        // The rule's row is committed, and whoever wrote it ends before anybody is told.
        await Cloud.Ledger.Commit<bool>(async s =>
        {
            await SecurityGroupRows.Insert(
                s, web.Id, new SecurityRule(SecurityRuleId.New(), RuleProtocol.Tcp, 80, 80, "0.0.0.0/0", null));
            return true;
        });
        await Cloud.Restart();
        await host.OpenSession();
        await host.Until(() => Task.FromResult(RulesOn(host, web.Id).Count == 1), "the host has the rule");
    }

    [Fact]
    public async Task An_instance_joins_and_leaves_groups_while_it_runs()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud), other = await TestHost.Start(Cloud, "node2");
        SecurityGroupView web = await Make("web"), db = await Make("db");
        Assert.Null((await Groups.AddRule(new AddSecurityRule(db.Id, RuleProtocol.Tcp, 5432, 5432, null, web.Id))).Refusal);
        await Launch(host, db.Id);
        InstanceView instance = await Launch(other, db.Id);
        IInstanceGrain grain = Cloud.Instance(instance.Id);
        string address = other.Has[instance.Vnics[0]].Binding.Info.IpAddress!.Value.ToString();

        Assert.Null((await grain.AddSecurityGroup(Cloud.Blue, web.Id, "ann")).Refusal);
        Assert.Null((await grain.AddSecurityGroup(Cloud.Blue, web.Id, "ann")).Refusal);
        await other.Until(
            () => Task.FromResult(other.Has[instance.Vnics[0]].Binding.SecurityGroups.SequenceEqual([db.Id, web.Id])), "its host knows");
        await host.Until(() => Task.FromResult(MembersOn(host, web.Id).SequenceEqual([address])), "who lets web in knows its new member");

        Assert.Equal(["db", "web"], (await Cloud.Query.GroupsOfInstances([instance.Id])).Select(g => g.Name));
        Assert.Equal(RefusalCode.SecurityGroupInUse, (await Groups.Delete(web.Id, "ann")).Refusal!.Code);
        Assert.Null((await grain.RemoveSecurityGroup(Cloud.Blue, web.Id, "ann")).Refusal);
        await host.Until(() => Task.FromResult(MembersOn(host, web.Id).Count == 0), "the member has left");
        Assert.Equal(RefusalCode.SecurityGroupNotFound, (await grain.RemoveSecurityGroup(Cloud.Blue, web.Id, "ann")).Refusal!.Code);
        Assert.Equal(RefusalCode.RequestedStateInvalid, (await grain.RemoveSecurityGroup(Cloud.Blue, db.Id, "ann")).Refusal!.Code);
        Assert.Equal(RefusalCode.InstanceNotFound, (await grain.AddSecurityGroup(Cloud.Red, web.Id, "ann")).Refusal!.Code);
        Assert.Equal(
            RefusalCode.SecurityGroupNotFound, (await grain.AddSecurityGroup(Cloud.Blue, SecurityGroupId.New(), "ann")).Refusal!.Code);
    }

    [Fact]
    public async Task What_is_blocked_for_all_is_told_to_every_host_with_guests()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        await Launch(host, (await Make("web")).Id);
        IBlockedPrefixesGrain blocked = Cloud.Grains.GetGrain<IBlockedPrefixesGrain>(0);
        BlockedPrefix prefix = (await blocked.Block("198.51.100.9/24", "op")).Value;
        Assert.Equal(prefix, (await blocked.Block("198.51.100.0/24", "op")).Value);
        await host.Until(
            () => Task.FromResult(host.Facts.GetValueOrDefault("blocked") is BlockedPrefixesFact { Prefixes: ["198.51.100.0/24"] }),
            "the host blocks it");
        await blocked.Unblock(prefix.RowId, "op");
        await host.Until(() => Task.FromResult(!host.Facts.ContainsKey("blocked")), "the host blocks nothing");
        Assert.Empty(await blocked.List());
    }

    [Fact]
    public async Task A_project_is_scrubbed_of_groups_that_nobody_is_in()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        SecurityGroupView web = await Make("web"), db = await Make("db");
        await Groups.AddRule(new AddSecurityRule(db.Id, RuleProtocol.Any, -1, -1, null, web.Id));
        InstanceView instance = await Launch(host, web.Id);
        Assert.Equal(RefusalCode.SecurityGroupInUse, (await Groups.Scrub("op")).Refusal!.Code);
        await Cloud.Instance(instance.Id).Delete(null, "ann");
        await host.Until(async () => await Cloud.StatusOf(instance.Id) is null, "the instance is gone");
        Assert.Null((await Groups.Scrub("op")).Refusal);
        Assert.Equal("default", Assert.Single(await Groups.List()).Name);
    }

    private static IReadOnlyList<SecurityRule> RulesOn(TestHost host, SecurityGroupId group) =>
        host.Facts.GetValueOrDefault($"group:{group}") is SecurityGroupFact fact ? fact.Rules : [];

    private static IReadOnlyList<string> MembersOn(TestHost host, SecurityGroupId group) =>
        host.Facts.GetValueOrDefault($"members:{group}") is GroupMembersFact fact ? fact.Addresses : [];

    private async Task<SecurityGroupView> Make(string name) =>
        (await Groups.Create(new CreateSecurityGroup(name, "", "ann"))).Value;

    private async Task<SecurityRule> Open(SecurityGroupId group, int port) => (await Groups.AddRule(Port(group, port))).Value;

    private static AddSecurityRule Port(SecurityGroupId group, int port) =>
        new(group, RuleProtocol.Tcp, port, port, "0.0.0.0/0", null) { Actor = "ann" };

    private async Task<InstanceView> Launch(TestHost host, params SecurityGroupId[] groups)
    {
        VnicView vnic = await Cloud.MakeCard();
        var id = InstanceId.New();
        Outcome<InstanceView> made = await Cloud.Instance(id).Create(
            Cloud.Launch(vnic.Id) with { Host = host.Name, SecurityGroups = groups });
        Assert.Null(made.Refusal);
        await host.Until(async () => await Cloud.StatusOf(id) == InstanceStatus.Active, "the instance is active");
        return (await Cloud.Instance(id).Describe()).Value;
    }
}

public sealed class SqliteSecurityGroupTests : SecurityGroupTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresSecurityGroupTests : SecurityGroupTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
