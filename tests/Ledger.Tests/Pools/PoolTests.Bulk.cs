using NovaOrleans.Outcomes;
using NovaOrleans.Testing;
using NovaOrleans.Vnics;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.Pools;

// Many cards in one commit: all or none.
public abstract partial class PoolTests
{
    [Fact]
    public async Task Many_cards_are_made_in_one_commit_in_the_order_asked_for()
    {
        NetworkId network = await _cluster.Network(new TestNetwork("10.0.0.0/22") { CidrV6 = "fd00:1::/64", Gateway = "10.0.0.1" });
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        CreateVnics.Card[] cards =
        [
            new(VnicId.New(), "first", MacAddress.Parse("02:00:00:00:00:07")),
            new(VnicId.New(), "second", Address: Ip4Address.Parse("10.0.0.2")),
            .. Enumerable.Range(0, 998).Select(_ => new CreateVnics.Card(VnicId.New())),
        ];
        IReadOnlyList<VnicView> made = (await pool.CreateVnics(new CreateVnics(Project, "ann", cards))).Value;

        Assert.Equal(cards.Select(c => c.Vnic), made.Select(v => v.Id));
        Assert.Equal(("first", "fd00:1::ff:fe00:7"), (made[0].Name, made[0].Ports[0].AddressV6.ToString()));
        Assert.Equal("10.0.0.2", made[1].Ports[0].Address.ToString());
        Assert.Equal(1000, made.Select(v => v.Ports[0].Address).Distinct().Count());
        foreach (VnicView vnic in new[] { made[0], made[1], made[999] })
        {
            VnicView stored = await Stored(vnic.Id);
            Assert.Equal(vnic with { Ports = [] }, stored with { Ports = [] });
            Assert.Equal(vnic.Ports, stored.Ports);
            Assert.Equal([$"ann address held {vnic.Ports[0].Address}"], await History(vnic.Id));
        }

        await _cluster.Reactivate(network);
        Assert.Equal(1000, (await pool.Describe()).Held);
    }

    [Fact]
    public async Task Where_one_of_many_cannot_be_had_none_is_made()
    {
        NetworkId network = await _cluster.Network(new TestNetwork("10.0.0.0/29", "10.0.0.1", "10.0.0.6"));
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        VnicView there = (await pool.CreateVnic(New() with { Address = Ip4Address.Parse("10.0.0.3") })).Value;
        CreateVnics.Card any = new(default);
        MacAddress twice = MacAddress.Parse("02:00:00:00:00:07");
        (CreateVnics.Card[] Cards, RefusalCode Code)[] impossible =
        [
            ([any, any, any, any, any, any], RefusalCode.NoMoreAddresses),
            ([any, any with { Address = Ip4Address.Parse("10.0.0.3") }], RefusalCode.AddressUnavailable),
            ([any, any with { Mac = there.Mac }], RefusalCode.MacInUse),
            ([any with { Mac = twice }, any with { Mac = twice }], RefusalCode.MalformedRequest),
            ([], RefusalCode.MalformedRequest),
            ([.. Enumerable.Repeat(any, CreateVnics.Most + 1)], RefusalCode.MalformedRequest),
        ];
        foreach ((CreateVnics.Card[] cards, RefusalCode code) in impossible)
        {
            CreateVnics command = new(Project, "ann", [.. cards.Select(c => c with { Vnic = VnicId.New() })]);
            Assert.Equal(code, (await pool.CreateVnics(command)).Refusal?.Code);
            Assert.Equal((1, 5), ((await pool.Describe()).Held, (await pool.Describe()).Free));
        }

        Assert.Equal(1, await _cluster.Ledger.Read(s => s.QueryOne("select count(*) as n from ethernet_cards", r => r.Long("n"))));
        // What was given back can be had.
        CreateVnics rest = new(Project, "ann", [.. Enumerable.Range(0, 5).Select(_ => any with { Vnic = VnicId.New() })]);
        Assert.Equal(5, (await pool.CreateVnics(rest)).Value.Count);
    }

    [Fact]
    public async Task The_same_request_for_many_gets_the_same_answer_and_another_with_its_key_is_refused()
    {
        NetworkId network = await _cluster.Network(new TestNetwork("10.0.0.0/24"));
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        CreateVnics Command(string hash) => new(
            Project, "ann", [.. Enumerable.Range(0, 12).Select(_ => new CreateVnics.Card(VnicId.New()))], new RequestKey("twelve", hash));
        Outcome<IReadOnlyList<VnicView>>[] made = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => pool.CreateVnics(Command("body"))));
        Assert.All(made, m => Assert.Equal(made[0].Value.Select(v => (v.Id, v.Mac)), m.Value.Select(v => (v.Id, v.Mac))));
        Assert.Equal(12, (await pool.Describe()).Held);
        // As a facade repeats it: the same ids, with a key or without.
        CreateVnics repeated = Command("body") with { Key = null };
        Assert.Equal((await pool.CreateVnics(repeated)).Value.Select(v => v.Id), (await pool.CreateVnics(repeated)).Value.Select(v => v.Id));
        Assert.Equal(24, (await pool.Describe()).Held);
        Assert.Equal(RefusalCode.KeyReused, (await pool.CreateVnics(Command("another"))).Refusal?.Code);
    }

    [Fact]
    public async Task A_chosen_key_is_the_cards_id_and_stands_in_no_row()
    {
        NetworkId network = await _cluster.Network(new TestNetwork("10.0.0.0/24"));
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        RequestKey one = new(RequestKey.Chosen(), "body"), three = new(RequestKey.Chosen(), "body");
        CreateVnic single = New() with { Vnic = VnicId.Of(one), Key = one };
        CreateVnics many = new(
            Project, "ann", [.. Enumerable.Range(0, 3).Select(i => new CreateVnics.Card(VnicId.Of(three, i)))], three);
        VnicId made = (await pool.CreateVnic(single)).Value.Id;
        VnicId[] all = [made, .. (await pool.CreateVnics(many)).Value.Select(v => v.Id)];
        Assert.Equal([single.Vnic, .. many.Cards.Select(c => c.Vnic)], all);
        Assert.Equal(0, await _cluster.Ledger.Read(s => s.QueryOne(
            "select count(request_key) + count(request_hash) as n from ethernet_cards", r => r.Long("n"))));

        // Whoever comes back with the key that it was told finds what was made.
        Assert.Equal(made, (await pool.CreateVnic(single)).Value.Id);
        Assert.Equal(all[1..], (await pool.CreateVnics(many)).Value.Select(v => v.Id));
        Assert.Equal(4, (await pool.Describe()).Held);
        CreateVnic another = single with { Mac = MacAddress.Parse("02:00:00:00:00:09") };
        Assert.Equal(RefusalCode.KeyReused, (await pool.CreateVnic(another)).Refusal?.Code);
        Assert.Equal(
            RefusalCode.KeyReused, (await pool.CreateVnic(single with { Address = Ip4Address.Parse("10.0.0.99") })).Refusal?.Code);
        Assert.Equal(RefusalCode.Conflict, (await pool.CreateVnic(single with { Project = ProjectId.Parse("red") })).Refusal?.Code);
    }

    [Fact]
    public async Task A_conflict_is_met_by_whoever_asked_for_it_and_not_by_what_is_freed_and_held_beside_it()
    {
        NetworkId network = await _cluster.Network(new TestNetwork("10.0.0.0/24", "10.0.0.1", "10.0.0.120"));
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        List<VnicView> old = await Made(Enumerable.Range(0, 60).Select(_ => pool.CreateVnic(New())));

        // All at once, so that they meet in one batch.
        Task<Outcome>[] freed = [.. old.Skip(1).Select(v => pool.DeleteVnic(v.Id, v.Version, "ann"))];
        Task<Outcome<VnicView>> refused = pool.CreateVnic(New() with { Mac = old[0].Mac });
        Task<Outcome<VnicView>>[] held = [.. Enumerable.Range(0, 59).Select(_ => pool.CreateVnic(New()))];
        Assert.All(await Task.WhenAll(freed), f => Assert.Null(f.Refusal));
        Assert.Equal(RefusalCode.MacInUse, (await refused).Refusal?.Code);
        List<VnicView> now = await Made(held);
        Assert.Equal(59, now.Select(v => v.Ports[0].Address).Distinct().Count());
        foreach (VnicView gone in old.Skip(1))
        {
            Assert.Equal(
                [$"ann address held {gone.Ports[0].Address}", $"ann address released {gone.Ports[0].Address}"], await History(gone.Id));
        }

        foreach (VnicView there in now)
        {
            Assert.Equal([$"ann address held {there.Ports[0].Address}"], await History(there.Id));
        }

        Assert.Equal((60, 60), ((await pool.Describe()).Held, (await pool.Describe()).Free));
    }

    [Fact]
    public async Task Many_that_are_refused_take_nobody_with_them()
    {
        NetworkId network = await _cluster.Network(new TestNetwork("10.0.0.0/20"));
        IFixedIpPoolGrain pool = _cluster.Pool(network);
        MacAddress taken = (await pool.CreateVnic(New())).Value.Mac;
        CreateVnics Many(int cards, MacAddress? last) => new(
            Project, "ann",
            [.. Enumerable.Range(0, cards).Select(i => new CreateVnics.Card(VnicId.New(), Mac: i == cards - 1 ? last : null))]);

        // All at once, so that they meet in one batch.
        Task<Outcome<VnicView>>[] single = [.. Enumerable.Range(0, 20).Select(_ => pool.CreateVnic(New()))];
        Task<Outcome<IReadOnlyList<VnicView>>>[] good = [.. Enumerable.Range(0, 10).Select(_ => pool.CreateVnics(Many(20, null)))];
        Task<Outcome<IReadOnlyList<VnicView>>>[] bad = [.. Enumerable.Range(0, 10).Select(_ => pool.CreateVnics(Many(20, taken)))];
        VnicView[] made = [.. (await Made(single)), .. (await Task.WhenAll(good)).SelectMany(g => g.Value)];
        foreach (Outcome<IReadOnlyList<VnicView>> refused in await Task.WhenAll(bad))
        {
            Assert.Equal((RefusalCode.MacInUse, taken.ToString()), (refused.Refusal!.Code, refused.Refusal.Subject));
        }

        Assert.Equal(220, made.Select(v => v.Ports[0].Address).Distinct().Count());
        Assert.Equal(221, (await pool.Describe()).Held);
        Assert.Equal(221, await _cluster.Ledger.Read(s => s.QueryOne("select count(*) as n from fixed_ips", r => r.Long("n"))));
        await _cluster.Reactivate(network);
        Assert.Equal(221, (await pool.Describe()).Held);
    }
}
