namespace NovaOrleans.Hosts;

/// <summary>Who is in a network that tells of all its VNICs, and on which hosts: what overlays are made of.</summary>
public abstract class MemberTests : CloudTests
{
    [Fact]
    [Trait("seed", "S18"), Trait("seed", "S132"), Trait("seed", "S133")]
    public async Task Each_host_with_a_VNIC_of_the_network_is_told_of_those_elsewhere_and_where_that_is()
    {
        await MakeOverlay();
        TestHost one = await At("node1", "192.0.2.1"), two = await At("node2", "192.0.2.2"), three = await At("node3", null);
        VnicView[] cards = [await Cloud.MakeCard(), await Cloud.MakeCard(), await Cloud.MakeCard()];
        await Cloud.MakeActive(one, cards[0].Id);
        Assert.Empty(one.Facts);
        InstanceView second = await Cloud.MakeActive(two, cards[1].Id);

        // The binding brings them, and the others are told beside it.
        Assert.Equal(["node1 192.0.2.1"], Members(two));
        Assert.True(two.LastRevisionOf(MemberFact.KeyOf(cards[0].Id)) < two.Has[cards[1].Id].Revision);
        await Until(one, "node2 192.0.2.2");
        InstanceView third = await Cloud.MakeActive(three, cards[2].Id);
        await Until(one, "node2 192.0.2.2", "node3 nowhere");
        Assert.Equal(cards[1].Mac, one.Facts.Values.OfType<MemberFact>().First(m => m.Host == two.Name).Binding.Info.MacAddress);

        // It goes, and comes again on another host.
        await Cloud.Instance(second.Id).Delete(null, "ann");
        await two.Until(async () => await Cloud.StatusOf(second.Id) is null, "the second is gone");
        await Until(one, "node3 nowhere");
        await Until(three, "node1 192.0.2.1");
        await Cloud.Instance(third.Id).Delete(null, "ann");
        await three.Until(async () => await Cloud.StatusOf(third.Id) is null, "the third is gone");
        await Until(one);
        await Cloud.MakeActive(two, cards[2].Id);
        await Until(one, "node2 192.0.2.2");
        await Until(two, "node1 192.0.2.1");
    }

    [Fact]
    public async Task An_address_that_changes_is_told_at_the_next_look()
    {
        await MakeOverlay();
        TestHost one = await At("node1", "192.0.2.1"), two = await At("node2", "192.0.2.2");
        await Cloud.MakeActive(one, (await Cloud.MakeCard()).Id);
        await Cloud.MakeActive(two, (await Cloud.MakeCard()).Id);
        await Until(one, "node2 192.0.2.2");
        two.Hello = two.Hello with { Address = "192.0.2.9" };
        Assert.Null((await two.Renew()).Refusal);
        await Cloud.Host("node1").LookAgain(HostNews.Members);
        await Until(one, "node2 192.0.2.9");
    }

    [Fact]
    public async Task Of_other_networks_nothing_is_told()
    {
        await Cloud.MakeNetwork();
        TestHost one = await At("node1", "192.0.2.1"), two = await At("node2", "192.0.2.2");
        await Cloud.MakeActive(one, (await Cloud.MakeCard()).Id);
        await Cloud.MakeActive(two, (await Cloud.MakeCard()).Id);
        await Cloud.Host("node1").LookAgain(HostNews.All);
        await one.Renew();
        Assert.Empty(one.Facts);
    }

    /// <summary>A host's revision counts what it was told: each binding of its own, and each VNIC elsewhere, once.</summary>
    [Fact]
    public async Task Each_member_is_told_to_each_host_once()
    {
        const int each = 4;
        await MakeOverlay();
        TestHost[] hosts = [await At("node1", "192.0.2.1"), await At("node2", "192.0.2.2"), await At("node3", "192.0.2.3")];
        for (int i = 0; i < each; i++)
        {
            foreach (TestHost host in hosts)
            {
                await Cloud.MakeActive(host, (await Cloud.MakeCard()).Id);
            }
        }

        foreach (TestHost host in hosts)
        {
            await host.Until(() => Task.FromResult(host.Facts.Count == 2 * each), "it knows of all the others");
            await Cloud.Host(host.Name.Value).LookAgain(HostNews.All);
            Assert.Null((await host.Renew()).Refusal);
            Assert.Equal(3 * each, host.Since);
        }
    }

    private async Task MakeOverlay()
    {
        NewNetwork network = Cloud.NewNetwork("10.0.0.0/24") with { TellsMembers = true };
        Assert.Null((await Cloud.Range(Cloud.Flat).Create(new CreateNetworks(Cloud.Flat, "op", null, [network]))).Refusal);
    }

    private async Task<TestHost> At(string name, string? address)
    {
        TestHost host = await TestHost.Start(Cloud, name);
        host.Hello = host.Hello with { Address = address };
        Assert.Null((await host.Renew()).Refusal);
        return host;
    }

    private static Task Until(TestHost host, params string[] members) => host.Until(
        () => Task.FromResult(Members(host).SequenceEqual(members)), $"{host.Name} knows of [{string.Join(", ", members)}]");

    private static string[] Members(TestHost host) =>
        [.. host.Facts.Values.OfType<MemberFact>().Select(m => $"{m.Host} {m.HostAddress ?? "nowhere"}").Order(StringComparer.Ordinal)];
}

public sealed class SqliteMemberTests : MemberTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresMemberTests : MemberTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
