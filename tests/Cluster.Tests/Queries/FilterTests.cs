namespace NovaOrleans.Queries;

/// <summary>Lists of VNICs and of ports that are narrowed: by one field, by several, and page by page.</summary>
public abstract class FilterTests : CloudTests
{
    [Fact]
    public async Task A_list_has_the_VNICs_that_fit_in_every_field()
    {
        NetworkId one = await Cloud.MakeNetwork("10.0.1.0/24"), other = await Cloud.MakeNetwork("10.0.2.0/24");
        VnicView plain = await Make(one), web = await Make(one, "web"), far = await Make(other, "web");
        VnicView foreign = await Make(one, "web", Cloud.Red);
        VnicView bare = await Cloud.MakeCard();
        InstanceView instance = await Cloud.MakeActive(await TestHost.Start(Cloud), far.Id);
        Assert.Null((await Cloud.Pool(one).SetUp(web.Ports[0].Id, up: false, "ann")).Refusal);

        await Fits(new VnicFilter(), plain, web, far, foreign, bare);
        VnicFilter blue = new() { Project = Cloud.Blue };
        await Fits(blue, plain, web, far, bare);
        await Fits(blue with { Name = "web" }, web, far);
        await Fits(new VnicFilter { Name = "web" }, web, far, foreign);
        await Fits(blue with { Name = "we" });
        await Fits(blue with { Mac = plain.Mac }, plain);
        await Fits(blue with { Mac = foreign.Mac });
        await Fits(blue with { Instance = instance.Id }, far);
        await Fits(blue with { Instance = instance.Id, Mac = web.Mac });
        await Fits(blue with { Host = HostName.Parse("node1") }, far);
        await Fits(blue with { Network = one }, plain, web);
        await Fits(new VnicFilter { Network = one }, plain, web, foreign);
        await Fits(blue with { Network = one, Name = "web" }, web);
        await Fits(blue with { Network = NetworkId.New() });
        await Fits(blue with { Up = false }, web);
        await Fits(new VnicFilter { Up = false }, web);
        await Fits(blue with { Up = true }, plain, far);
        await Fits(blue with { Up = true, Network = one }, plain);
        await Fits(blue with { Up = false, Network = other });
        Assert.Empty(await Cloud.Query.FilteredVnics(Cloud.Vlan, new VnicFilter { Network = one }, new Page()));
    }

    [Fact]
    public async Task A_VNIC_with_several_ports_that_fit_is_in_the_list_once()
    {
        NetworkId network = await Cloud.MakeNetwork();
        VnicView twice = await Make(network), once = await Make(network);
        PortView second = await Further(twice, network);
        await Fits(new VnicFilter { Project = Cloud.Blue, Network = network }, twice, once);

        Assert.Null((await Cloud.Pool(network).SetUp(second.Id, up: false, "ann")).Refusal);
        await Fits(new VnicFilter { Project = Cloud.Blue, Network = network, Up = false }, twice);
        await Fits(new VnicFilter { Project = Cloud.Blue, Network = network, Up = true }, twice, once);
        await Fits(new VnicFilter { Project = Cloud.Blue, Network = network }, twice, once);
    }

    [Fact]
    public async Task Pages_of_a_filtered_list_have_each_VNIC_once_also_where_the_last_one_is_gone_by_then()
    {
        NetworkId one = await Cloud.MakeNetwork("10.0.1.0/24"), other = await Cloud.MakeNetwork("10.0.2.0/24");
        List<VnicView> made = [];
        for (int i = 0; i < 7; i++)
        {
            made.Add(await Make(one, "web"));
            await Make(other, "db");
        }

        foreach (VnicFilter filter in (VnicFilter[])[
            new() { Project = Cloud.Blue, Network = one }, new() { Project = Cloud.Blue, Name = "web" },
            new() { Project = Cloud.Blue }, new()])
        {
            List<VnicId> seen = [];
            Guid? marker = null;
            IReadOnlyList<VnicView> page;
            do
            {
                page = await Cloud.Query.FilteredVnics(Cloud.Flat, filter, new Page(3, marker));
                seen.AddRange(page.Select(v => v.Id));
                marker = page.Count > 0 ? page[^1].Id.Value : marker;
                if (seen.Count == 6 && page.Count > 0)
                {
                    NetworkId network = page[^1].Ports[0].Network;
                    Assert.Null((await Cloud.Pool(network).DeleteVnic(page[^1].Id, page[^1].Version, "ann")).Refusal);
                    made.RemoveAll(v => v.Id == page[^1].Id);
                }
            }
            while (page.Count == 3);

            Assert.Equal(seen, seen.Distinct());
            Assert.Empty(made.Select(v => v.Id).Except(seen));
        }
    }

    [Fact]
    public async Task A_networks_ports_are_listed_by_address_state_VNIC_and_project()
    {
        NetworkId network = await Cloud.MakeNetwork();
        PortView blue = (await Make(network)).Ports[0], red = (await Make(network, null, Cloud.Red)).Ports[0];
        PortView alone = (await Cloud.Pool(network).CreatePort(new CreatePort(PortId.New(), Cloud.Blue, "ann"))).Value;
        Assert.Null((await Cloud.Pool(network).SetUp(alone.Id, up: false, "ann")).Refusal);

        var all = new PortFilter(network);
        await Fits(all, blue, red, alone);
        await Fits(all with { Project = Cloud.Blue }, blue, alone);
        await Fits(all with { Address = red.Address }, red);
        await Fits(all with { Address = red.Address, Project = Cloud.Blue });
        await Fits(all with { Up = false }, alone);
        await Fits(all with { Up = true }, blue, red);
        await Fits(all with { Vnic = blue.Vnic }, blue);
        await Fits(new PortFilter(NetworkId.New()));
        NetworkView seen = (await Cloud.Network(network).Describe()).Value;
        Assert.Equal(
            [blue.Id, alone.Id], (await PortPages.Of(Cloud.Query, seen, Cloud.Blue, new Page())).Select(p => p.Id));
        Assert.Equal(red.Id, (await PortPages.WithAddress(Cloud.Query, network, red.Address!.Value))!.Id);
    }

    private async Task Fits(VnicFilter filter, params VnicView[] expected) => Assert.Equal(
        expected.Select(v => v.Id).OrderBy(id => id.Value),
        (await Cloud.Query.FilteredVnics(Cloud.Flat, filter, new Page())).Select(v => v.Id).OrderBy(id => id.Value));

    private async Task Fits(PortFilter filter, params PortView[] expected) => Assert.Equal(
        expected.Select(p => p.Id), (await Cloud.Query.FilteredPorts(filter, new Page())).Select(p => p.Id));

    private async Task<VnicView> Make(NetworkId network, string? name = null, ProjectId? project = null) =>
        (await Cloud.Pool(network).CreateVnic(new CreateVnic(VnicId.New(), project ?? Cloud.Blue, "ann", name))).Value;

    private async Task<PortView> Further(VnicView card, NetworkId network) => (await Cloud.Pool(network).Plug(
        new PlugVnic(card.Id, card.Mac, Cloud.Blue, "ann") { Further = PortId.New() })).Value;
}

public sealed class SqliteFilterTests : FilterTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresFilterTests : FilterTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
