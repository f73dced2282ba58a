using System.Diagnostics;

namespace NovaOrleans.Hosts;

/// <summary>What a host is told follows its rows, whoever wrote them.</summary>
public abstract class LookingTests : CloudTests
{
    private static readonly SecurityGroupId s_web = SecurityGroupId.New();
    private static readonly SecurityGroupId s_peers = SecurityGroupId.New();

    [Fact]
    public async Task A_change_of_the_network_is_told_with_its_bindings_anew_at_their_generation()
    {
        NetworkId network = await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView vnic = await Cloud.MakeCard();
        await Cloud.MakeActive(host, vnic.Id);
        BindRecord before = host.Has[vnic.Id];

        Assert.Null((await Cloud.Network(network).Update(
            new UpdateNetwork("op", Dns: [Ip4Address.Parse("10.0.0.53")]))).Refusal);
        await host.Until(() => Task.FromResult(host.Has[vnic.Id].Binding.Info.Dns == "10.0.0.53"), "the host has the new name server");

        Assert.Equal(before.Binding.Generation, host.Has[vnic.Id].Binding.Generation);
        Assert.True(host.Has[vnic.Id].Revision > before.Revision);
        Assert.Equal(InstanceStatus.Active, await Cloud.StatusOf(before.Instance.Id));
    }

    [Fact]
    public async Task Nothing_is_told_where_nothing_changed()
    {
        NetworkId network = await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView vnic = await Cloud.MakeCard();
        await MakeGroups();
        await MakeActive(host, vnic.Id, s_web);
        long revision = (await Cloud.Host("node1").Describe()).Revision;

        await host.OpenSession();
        await Told(host, network, vnic.Id, "10.0.0.53");
        Assert.Equal(revision + 1, (await Cloud.Host("node1").Describe()).Revision);

        // What the grain has is what its rows say then, and not what it was given: its facts are not told anew.
        await Cloud.Restart();
        await Told(host, network, vnic.Id, "10.0.0.54");
        Assert.Equal(revision + 2, (await Cloud.Host("node1").Describe()).Revision);
    }

    [Fact]
    public async Task An_instance_that_was_not_launched_here_keeps_the_name_that_it_was_bound_with()
    {
        NetworkId network = await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        VnicView vnic = (await Cloud.Pool(network).CreateVnic(new CreateVnic(VnicId.New(), Cloud.Blue, "ann"))).Value;
        InstanceId unknown = InstanceId.New();
        HostBinding binding =
            (await Cloud.Vnic(vnic.Id).Attach(new AttachVnic(unknown, Cloud.Blue, "theirs", host.Name, 0, "ann"))).Value;
        Assert.Null((await Cloud.Host("node1").Bind(new InstanceSpec(unknown, "theirs", Cloud.Blue, [vnic.Id]), [binding])).Refusal);

        await Told(host, network, vnic.Id, "10.0.0.53");

        Assert.Equal("theirs", host.Has[vnic.Id].Binding.HostName);
    }

    [Fact]
    public async Task The_rules_of_a_group_and_the_members_that_they_name_are_told_before_the_binding()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud), other = await TestHost.Start(Cloud, "node2");
        await MakeGroups();
        VnicView first = await Cloud.MakeCard(), second = await Cloud.MakeCard();
        await MakeActive(host, first.Id, s_web);

        Assert.Equal([$"group:{s_web}", $"members:{s_peers}"], host.Facts.Keys.Order());
        Assert.Empty(((GroupMembersFact)host.Facts[$"members:{s_peers}"]).Addresses);
        Assert.True(host.LastRevisionOf($"group:{s_web}") < host.Has[first.Id].Revision);

        // A member that comes on another host is told to this one, and told to be gone when it goes.
        InstanceView peer = await MakeActive(other, second.Id, s_peers);
        await host.Until(
            () => Task.FromResult(((GroupMembersFact)host.Facts[$"members:{s_peers}"]).Addresses is ["10.0.0.3"]), "the member is known");
        await Cloud.Instance(peer.Id).Delete(null, "ann");
        await other.Until(async () => await Cloud.StatusOf(peer.Id) is null, "the peer is gone");
        await host.Until(
            () => Task.FromResult(((GroupMembersFact)host.Facts[$"members:{s_peers}"]).Addresses is []), "the member is gone");
    }

    [Fact]
    public async Task A_hint_that_was_lost_is_made_good_when_a_session_is_opened()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        await MakeGroups();
        VnicView vnic = await Cloud.MakeCard();
        await MakeActive(host, vnic.Id, s_web);
        await LetIn(443);

        await host.OpenSession();
        await host.Until(() => Task.FromResult(LetsIn(host, 443)), "the host has the rule as it is now");
    }

    [Fact]
    public async Task Of_a_storm_of_hints_many_are_looked_at_together()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        await MakeGroups();
        await MakeActive(host, (await Cloud.MakeCard()).Id, s_web);
        IHostGrain grain = Cloud.Host("node1");
        long before = (await grain.Describe()).Revision, began = Stopwatch.GetTimestamp();
        for (int port = 1001; port <= 1100; port++)
        {
            await LetIn(port);
            await grain.LookAgain(HostNews.Groups);
        }

        await host.Until(() => Task.FromResult(LetsIn(host, 1100)), "the host has the last rule");

        // Each look finds one fact changed, and then rests for a tenth of a second at least.
        double tenths = Stopwatch.GetElapsedTime(began).TotalSeconds * 10;
        Assert.InRange((await grain.Describe()).Revision - before, 1, 2 + tenths);
    }

    [Fact]
    public async Task Facts_go_with_the_last_binding_that_needs_them_and_are_forgotten_when_that_is_reported()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        await MakeGroups();
        VnicView vnic = await Cloud.MakeCard();
        InstanceView instance = await MakeActive(host, vnic.Id, s_web);
        Assert.NotEmpty(host.Facts);

        await Cloud.Instance(instance.Id).Delete(null, "ann");
        await host.Until(async () => await Cloud.StatusOf(instance.Id) is null && host.Facts.Count == 0, "the facts are taken back");
        await host.Until(async () => await RowsOfFacts() == 0, "no row is left of them");
    }

    [Fact]
    public async Task A_flow_is_explained_from_policy_and_from_what_the_hosts_reported()
    {
        await Cloud.MakeNetwork();
        TestHost host = await TestHost.Start(Cloud);
        await MakeGroups();
        VnicView client = await Cloud.MakeCard(), server = await Cloud.MakeCard();
        await MakeActive(host, client.Id);
        await MakeActive(host, server.Id, s_web);
        ExplainFlow Flow(int port) => new(client.Id, "10.0.0.3", false, RuleProtocol.Tcp, port);

        Assert.Equal(FlowVerdict.Allowed, (await Cloud.Query.Explain(Flow(80))).Value.Verdict);
        Assert.Equal(FlowVerdict.Dropped, (await Cloud.Query.Explain(Flow(22))).Value.Verdict);
        Assert.Equal(
            [NicState.Applied, NicState.Applied],
            (await Cloud.Query.Standings([client.Id, server.Id])).Select(s => s.State));

        await host.Report(BindingOutcome.Failed, "the bridge is gone");
        FlowView drift = (await Cloud.Query.Explain(Flow(80))).Value;
        Assert.Equal(FlowVerdict.Drift, drift.Verdict);
        Assert.EndsWith("the bridge is gone", drift.Because, StringComparison.Ordinal);
        Assert.Equal(RefusalCode.VnicNotFound, (await Cloud.Query.Explain(Flow(80) with { Vnic = VnicId.New() })).Refusal!.Code);
    }

    /// <summary>The rule of <c>web</c> lets this port in, and nobody is told.</summary>
    private Task LetIn(int port) => Cloud.Ledger.Commit<bool>(async s =>
    {
        await s.Execute("update security_group_rules set from_port = @port, to_port = @port where group_uuid = @id and cidr is not null",
            ("port", port), ("id", s_web));
        return true;
    });

    private static bool LetsIn(TestHost host, int port) =>
        ((SecurityGroupFact)host.Facts[$"group:{s_web}"]).Rules.Any(r => r.FromPort == port);

    private async Task<long> RowsOfFacts() =>
        await Cloud.Ledger.Read(s => s.QueryOne("select count(*) as n from host_facts", r => r.Long("n")));

    private async Task<InstanceView> MakeActive(TestHost host, VnicId vnic, params SecurityGroupId[] groups)
    {
        var id = InstanceId.New();
        Outcome<InstanceView> made = await Cloud.Instance(id).Create(
            Cloud.Launch(vnic) with { Host = host.Name, SecurityGroups = groups });
        Assert.Null(made.Refusal);
        await host.Until(async () => await Cloud.StatusOf(id) == InstanceStatus.Active, "the instance is active");
        return made.Value;
    }

    /// <summary>
    /// The host has looked at everything, and found that the network has another name server: its look at that is a later one, or
    /// takes both together.
    /// </summary>
    private async Task Told(TestHost host, NetworkId network, VnicId vnic, string server)
    {
        await Cloud.Host("node1").LookAgain(HostNews.All);
        Assert.Null((await Cloud.Network(network).Update(new UpdateNetwork("op", Dns: [Ip4Address.Parse(server)]))).Refusal);
        await host.Until(() => Task.FromResult(host.Has[vnic].Binding.Info.Dns == server), "the host has the new name server");
    }

    /// <summary>The group <c>web</c> lets port 80 in from anywhere and everything in from <c>peers</c>.</summary>
    private Task MakeGroups() => Cloud.Ledger.Commit<bool>(async s =>
    {
        foreach ((SecurityGroupId id, string name) in new[] { (s_web, "web"), (s_peers, "peers") })
        {
            await s.Execute(
                "insert into security_groups (uuid, project_id, name, description) values (@id, @project, @name, '')",
                ("id", id), ("project", Cloud.Blue), ("name", name));
        }

        foreach ((int protocol, int port, string? cidr, SecurityGroupId? source) in
            new (int, int, string?, SecurityGroupId?)[] { (6, 80, "0.0.0.0/0", null), (0, -1, null, s_peers) })
        {
            await s.Execute(
                """
                insert into security_group_rules (uuid, group_uuid, protocol, from_port, to_port, cidr, source_group_uuid)
                values (@id, @group, @protocol, @port, @port, @cidr, @source)
                """,
                ("id", SecurityRuleId.New()), ("group", s_web), ("protocol", protocol), ("port", port), ("cidr", cidr),
                ("source", source?.Value));
        }

        return true;
    });
}

public sealed class SqliteLookingTests : LookingTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresLookingTests : LookingTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
