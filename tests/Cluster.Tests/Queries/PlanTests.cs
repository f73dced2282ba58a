using NovaOrleans.SecurityGroups;

namespace NovaOrleans.Queries;

/// <summary>
/// How PostgreSQL looks things up while it has no statistics yet: until then every index of the right condition is as cheap to it as any
/// other, and what it has planned by that stays while the tables grow.
/// </summary>
public sealed class PlanTests
{
    private static readonly string[] s_large = ["ethernet_cards", "fixed_ips", "instances", "security_group_instance_association"];

    [Fact]
    public async Task A_new_cloud_looks_cards_ports_and_quotas_up_where_an_index_begins()
    {
        (TestLedger ledger, PostgresPlans plans) = await TestLedger.Explained();
        await using Cloud cloud = await Cloud.Start(ledger);

        await UseAll(cloud);

        PostgresPlans.Lookup[] lookups = [.. (await plans.Lookups()).Where(IsHeld)];
        foreach (string index in (string[])["ethernet_cards_uuid_key", "ethernet_cards_project", "fixed_ips_vnic", "fixed_ips_project"])
        {
            Assert.Contains(lookups, l => l.Index == index);
        }

        Assert.Contains(lookups, l => l.Index.StartsWith("quotas_", StringComparison.Ordinal) && IsHold(l.Statement));
        Assert.Empty(lookups.Where(l => !l.IsDirect).Select(l => $"{l.Index} by {l.Condition}: {l.Statement}").Distinct());
    }

    /// <summary>
    /// Statistics say that there is nothing, as autovacuum leaves them after a mass of deletions, and then there are instances again.
    /// </summary>
    [Fact]
    public async Task An_emptied_cloud_tells_its_hosts_without_a_loop_in_a_loop()
    {
        (TestLedger ledger, PostgresPlans plans) = await TestLedger.Explained();
        await using Cloud cloud = await Cloud.Start(ledger);
        await UseAll(cloud);
        SecurityGroupView group = (await cloud.Grains.GetGrain<ISecurityGroupsGrain>(Cloud.Blue.Value).List())[0];
        await HadMany(cloud, group.Id);
        int before = (await plans.Loops()).Count;

        await UseGroups(cloud, group.Id);

        PostgresPlans.Loop[] loops = [.. (await plans.Loops()).Skip(before).Where(l => s_large.Contains(l.Table))];
        Assert.True(loops.Length == 0, string.Join("\n\n", loops.Select(l => $"{l.Table}: {l.Statement}").Distinct()));
    }

    /// <remarks>
    /// No index begins with the network of a port: whoever asks so, as when a network is changed or closed or hosts are told of its other
    /// members, reads an index from end to end.
    /// </remarks>
    private static bool IsHeld(PostgresPlans.Lookup lookup) =>
        lookup.Index.StartsWith("ethernet_cards_", StringComparison.Ordinal)
        || lookup.Index.StartsWith("quotas_", StringComparison.Ordinal)
        || (lookup.Index.StartsWith("fixed_ips_", StringComparison.Ordinal)
            && !lookup.Condition.StartsWith("(network_uuid = ", StringComparison.Ordinal));

    private static bool IsHold(string statement) => statement.Contains("insert into ethernet_cards", StringComparison.Ordinal);

    /// <summary>What cards, instances and hosts go through, and the lists, often enough that a statement's plan is one for all.</summary>
    private static async Task UseAll(Cloud cloud)
    {
        // The ports of a card are asked for before there are any: an empty index is the cheapest.
        VnicView bare = await cloud.MakeCard();
        Assert.Null((await cloud.Vnic(bare.Id).Describe()).Refusal);
        NetworkId network = await cloud.MakeNetwork();
        TestHost host = await TestHost.Start(cloud);
        for (int i = 0; i < 8; i++)
        {
            VnicView churned = await Make(cloud, network);
            Assert.Null((await cloud.Pool(network).DeleteVnic(churned.Id, churned.Version, "ann")).Refusal);
            VnicView kept = await Make(cloud, network);
            InstanceView instance = await cloud.MakeActive(host, kept.Id);
            Assert.Null((await cloud.Pool(network).SetUp(kept.Ports[0].Id, up: false, "ann")).Refusal);
            Assert.Null((await cloud.Vnic(kept.Id).Describe()).Refusal);
            await cloud.Query.OwnerOf(kept.Id);
            await cloud.Query.VnicsById([kept.Id]);
            await cloud.Query.Vnics(Cloud.Flat, Cloud.Blue, new Page());
            await cloud.Query.FilteredVnics(Cloud.Flat, new VnicFilter { Project = Cloud.Blue, Network = network }, new Page());
            await cloud.Query.FilteredPorts(new PortFilter(network) { Project = Cloud.Blue }, new Page());
            await cloud.Query.Standings([kept.Id]);
            Assert.Null((await cloud.Instance(instance.Id).Delete(Cloud.Blue, "ann")).Refusal);
            await host.Until(async () => await cloud.StatusOf(instance.Id) is null, "the instance is gone");
        }
    }

    /// <summary>Rows of what is deleted stay, and of what lives there is nothing.</summary>
    private static Task HadMany(Cloud cloud, SecurityGroupId group) => cloud.Ledger.Commit<bool>(async s =>
    {
        await s.Execute(
            """
            insert into instances (uuid, project_id, service, name, status, version, metadata, deleted)
            select gen_random_uuid(), 'blue', 'flat', 'vm', 3, 1, '{}', true from generate_series(1, 2000)
            """);
        await s.Execute(
            """
            insert into ethernet_cards (uuid, project_id, service, mac_address, deleted)
            select uuid, 'blue', 'flat', '02:00:00:00:00:00', true from instances where deleted
            """);
        await s.Execute(
            """
            insert into security_group_instance_association (group_uuid, instance_id, position, deleted)
            select @group, uuid, 0, true from instances where deleted
            """,
            ("group", group));
        await s.Execute(
            """
            insert into fixed_ips (uuid, network_uuid, phase, vnic_id, deleted)
            select gen_random_uuid(), uuid, 0, uuid, true from instances where deleted
            """);
        await s.Execute("analyze");
        return true;
    });

    /// <summary>Two hosts with instances of a group that lets its own members in; and the network changes.</summary>
    private static async Task UseGroups(Cloud cloud, SecurityGroupId group)
    {
        NetworkId network = await cloud.MakeNetwork("10.1.0.0/24");
        TestHost[] hosts = [await TestHost.Start(cloud, "node2"), await TestHost.Start(cloud, "node3")];
        foreach (TestHost host in hosts.Concat(hosts))
        {
            VnicView vnic = await Make(cloud, network);
            var id = InstanceId.New();
            Assert.Null((await cloud.Instance(id).Create(
                Cloud.Launch(vnic.Id) with { Host = host.Name, SecurityGroups = [group] })).Refusal);
            await host.Until(async () => await cloud.StatusOf(id) == InstanceStatus.Active, "the instance is active");
        }

        Assert.Null((await cloud.Network(network).Update(new UpdateNetwork("op", Dns: [Ip4Address.Parse("10.1.0.53")]))).Refusal);
        foreach (TestHost host in hosts)
        {
            await host.Until(
                () => Task.FromResult(
                    host.Has.Values.All(b => b.Binding.Info.Dns == "10.1.0.53")
                    && host.Facts.Values.OfType<GroupMembersFact>().Any(f => f.Addresses.Count == hosts.Length * 2)),
                "the host knows the network's name server and the group's members");
        }
    }

    private static async Task<VnicView> Make(Cloud cloud, NetworkId network) =>
        (await cloud.Pool(network).CreateVnic(new CreateVnic(VnicId.New(), Cloud.Blue, "ann"))).Value;
}
