namespace NovaOrleans.Queries;

/// <summary>
/// How PostgreSQL looks things up while it has no statistics yet: until then every index of the right condition is as cheap to it as any
/// other, and what it has planned by that stays while the tables grow.
/// </summary>
public sealed class PlanTests
{
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

    private static async Task<VnicView> Make(Cloud cloud, NetworkId network) =>
        (await cloud.Pool(network).CreateVnic(new CreateVnic(VnicId.New(), Cloud.Blue, "ann"))).Value;
}
