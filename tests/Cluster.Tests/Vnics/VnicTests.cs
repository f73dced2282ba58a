namespace NovaOrleans.Vnics;

/// <summary>Cards from their creation to their end, with and without ports.</summary>
public abstract class VnicTests : CloudTests
{
    [Fact]
    public async Task A_card_without_port_is_made_once_and_deleted_once()
    {
        var id = VnicId.New();
        var command = new CreateCard(Cloud.Flat, Cloud.Blue, "ann", "eth", Key: new RequestKey("k", "hash"));
        VnicView made = (await Cloud.Vnic(id).Create(command)).Value;
        Assert.Equal((id, 0L, "eth"), (made.Id, made.Generation, made.Name));
        Assert.Empty(made.Ports);

        Assert.Equal(made.Mac, (await Cloud.Vnic(id).Create(command)).Value.Mac);
        Assert.Equal(id, (await Cloud.Vnic(VnicId.New()).Create(command)).Value.Id);
        CreateCard other = command with { Key = new RequestKey("k", "another") };
        Assert.Equal(RefusalCode.KeyReused, (await Cloud.Vnic(id).Create(other)).Refusal!.Code);
        Assert.Equal(RefusalCode.KeyReused, (await Cloud.Vnic(VnicId.New()).Create(other)).Refusal!.Code);
        Assert.Equal(RefusalCode.Conflict, (await Cloud.Vnic(id).Create(command with { Project = Cloud.Red })).Refusal!.Code);

        Assert.Equal(RefusalCode.VnicNotFound, (await Cloud.Vnic(id).Delete(Cloud.Red, "eve")).Refusal!.Code);
        Assert.Null((await Cloud.Vnic(id).Delete(Cloud.Blue, "ann")).Refusal);
        Assert.Null((await Cloud.Vnic(id).Delete(Cloud.Blue, "ann")).Refusal);
        Assert.Equal(RefusalCode.VnicNotFound, (await Cloud.Vnic(id).Describe()).Refusal!.Code);
        Assert.Equal(RefusalCode.Conflict, (await Cloud.Vnic(id).Create(command with { Key = null })).Refusal!.Code);
    }

    [Fact]
    [Trait("seed", "R10")]
    public async Task A_MAC_is_one_live_cards_only()
    {
        var command = new CreateCard(Cloud.Flat, Cloud.Blue, "ann", Mac: MacAddress.Parse("02:00:00:00:00:01"));
        VnicView first = (await Cloud.Vnic(VnicId.New()).Create(command)).Value;

        Assert.Equal(RefusalCode.MacInUse, (await Cloud.Vnic(VnicId.New()).Create(command)).Refusal!.Code);
        await Cloud.Vnic(first.Id).Delete(null, "ann");
        Assert.Null((await Cloud.Vnic(VnicId.New()).Create(command)).Refusal);
    }

    [Fact]
    [Trait("seed", "R12"), Trait("seed", "D7")]
    public async Task An_attachment_is_one_instances_and_ends_with_its_own_generation_only()
    {
        NetworkId network = await Cloud.MakeNetwork();
        VnicView made = (await Cloud.Pool(network).CreateVnic(new CreateVnic(VnicId.New(), Cloud.Blue, "ann"))).Value;
        IVnicGrain vnic = Cloud.Vnic(made.Id);
        AttachVnic first = new(InstanceId.New(), Cloud.Blue, "vm", HostName.Parse("node1"), 0, "ann");
        HostBinding binding = (await vnic.Attach(first)).Value;
        Assert.Equal((1L, network, made.Ports[0].Address), (binding.Generation, binding.Network!.Network, binding.Info.IpAddress));
        Assert.Equal(1, (await vnic.Attach(first)).Value.Generation);

        AttachVnic second = first with { Instance = InstanceId.New() };
        Assert.Equal(RefusalCode.AlreadyAttached, (await vnic.Attach(second)).Refusal!.Code);
        Assert.Equal(RefusalCode.VnicInUse, (await vnic.Delete(null, "ann")).Refusal!.Code);
        Assert.Equal(RefusalCode.Stale, (await vnic.Detach(second.Instance, 1, "ann")).Refusal!.Code);
        Assert.Null((await vnic.Detach(first.Instance, 1, "ann")).Refusal);
        Assert.Null((await vnic.Detach(first.Instance, 1, "ann")).Refusal);

        Assert.Equal(2, (await vnic.Attach(second)).Value.Generation);
        Assert.Equal(RefusalCode.Stale, (await vnic.Detach(first.Instance, 1, "late")).Refusal!.Code);
        Assert.Equal(second.Instance, (await vnic.Describe()).Value.Instance);
    }

    [Fact]
    [Trait("seed", "R12")]
    public async Task A_card_with_ports_of_two_networks_frees_both()
    {
        NetworkId one = await Cloud.MakeNetwork("10.1.0.0/24"), two = await Cloud.MakeNetwork("10.2.0.0/24");
        VnicView card = await Cloud.MakeCard();
        foreach (NetworkId network in (NetworkId[])[one, two])
        {
            await Cloud.Pool(network).Plug(new PlugVnic(card.Id, card.Mac, Cloud.Blue, "ann"));
        }

        Assert.Equal(2, (await Cloud.Vnic(card.Id).Describe()).Value.Ports.Count);
        Assert.Null((await Cloud.Vnic(card.Id).Delete(null, "ann")).Refusal);
        Assert.Equal((0L, 0L), ((await Cloud.Pool(one).Describe()).Held, (await Cloud.Pool(two).Describe()).Held));
        await Cloud.AssertSound();
    }

    [Fact]
    public async Task A_plug_and_a_delete_at_once_leave_no_address_with_a_dead_card()
    {
        NetworkId network = await Cloud.MakeNetwork();
        for (int round = 0; round < 20; round++)
        {
            VnicView card = await Cloud.MakeCard();
            Task<Outcome<PortView>> plug = Cloud.Pool(network).Plug(new PlugVnic(card.Id, card.Mac, Cloud.Blue, "ann"));
            await Task.WhenAll(plug, Cloud.Vnic(card.Id).Delete(null, "ann"));
            await Cloud.AssertSound();
        }
    }

    [Fact]
    public async Task An_attachment_whose_acknowledgement_was_lost_is_found_again()
    {
        VnicView card = await Cloud.MakeCard();
        AttachVnic attach = new(InstanceId.New(), Cloud.Blue, "vm", HostName.Parse("node1"), 0, "ann");

        Assert.True(await Cloud.CutOff(1, () => Cloud.Vnic(card.Id).Attach(attach), acknowledgementLost: true));

        Assert.Equal(1, (await Cloud.Vnic(card.Id).Attach(attach)).Value.Generation);
        Assert.Null((await Cloud.Vnic(card.Id).Detach(attach.Instance, 1, "ann")).Refusal);
    }
}

public sealed class SqliteVnicTests : VnicTests
{
    protected override Task<TestLedger> Open() => TestLedger.Sqlite();
}

public sealed class PostgresVnicTests : VnicTests
{
    protected override Task<TestLedger> Open() => TestLedger.Postgres();
}
