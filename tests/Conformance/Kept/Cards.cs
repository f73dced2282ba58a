using NovaOrleans.Vnics;

namespace NovaOrleans.Conformance.Kept;

/// <summary>VNICs: how launches get them, whose they are, and what is refused.</summary>
internal static class Cards
{
    private const int AtOnce = 8;

    public static async Task Vnic(Trial trial)
    {
        Tenant tenant = await trial.Tenant();
        var asked = VnicId.New();
        VnicId first = BrokenPromiseException.Given(await trial.Os.GetDefaultVnicId(tenant.Project, asked), "get_default_vnic_id");
        BrokenPromiseException.Unless(first == asked, $"get_default_vnic_id was asked for VNIC {asked} and gives {first}: a repeat would not find it");
        VnicId second = await tenant.Launch();
        foreach (VnicId vnic in new[] { first, second })
        {
            VnicView card = await tenant.Card(vnic);
            BrokenPromiseException.Unless(card.Project == tenant.Project, $"VNIC {vnic} of project {tenant.Project} belongs to {card.Project}");
            BrokenPromiseException.Unless(card.Service == trial.PlugIn.Path, $"VNIC {vnic} belongs to network service {card.Service}");
        }

        BrokenPromiseException.Done(await trial.OsApi.ValidateVnics(tenant.Project, [first, second]), "validate_vnics of two new VNICs");
        BrokenPromiseException.Done(await tenant.Bind(first, second), "bind_vnics_to_ports of two new VNICs");
        foreach (VnicId vnic in new[] { first, second })
        {
            BrokenPromiseException.Unless((await tenant.Card(vnic)).Ports.Count > 0, $"VNIC {vnic} is bound and has no port");
            await tenant.DeleteCard(vnic);
        }
    }

    public static async Task Repeat(Trial trial)
    {
        Tenant tenant = await trial.Tenant(network: false);
        IReadOnlyList<Reply> made = await tenant.Make(key: "once");
        IReadOnlyList<Reply> again = await tenant.Make(key: "once");
        foreach ((Reply before, Reply after) in made.Zip(again))
        {
            BrokenPromiseException.Unless(
                before.Id == after.Id && before.Status == after.Status,
                $"the same Idempotency-Key twice gives two answers: {before}; {after}");
        }

        VnicId vnic = await tenant.Launch();
        await Bound(tenant, vnic);
        (long, long) amounts = await trial.Server.Amounts();
        VnicId same = BrokenPromiseException.Given(await trial.Os.GetDefaultVnicId(tenant.Project, vnic), "get_default_vnic_id of the same VNIC again");
        BrokenPromiseException.Unless(same == vnic, $"get_default_vnic_id of the same VNIC again gives another one, {same}");
        await Bound(tenant, vnic);
        (long Cards, long Ports) now = await trial.Server.Amounts();
        BrokenPromiseException.Unless(now == amounts, $"the same launch again made more: {amounts} cards and ports became {now}");
        await tenant.DeleteCard(vnic);
    }

    public static async Task Validation(Trial trial)
    {
        Tenant tenant = await trial.Tenant();
        VnicId good = await tenant.Launch();
        await Bound(tenant, good);
        (long, long) before = await trial.Server.Amounts();
        var unknown = VnicId.New();
        await Refused(trial, tenant, "a VNIC that is not there", unknown);
        await Refused(trial, tenant, "a VNIC that is not there, beside one that is", good, unknown);
        BrokenPromiseException.Done(await trial.OsApi.ValidateVnics(tenant.Project, [good]), "validate_vnics of a good VNIC");
        (long Cards, long Ports) after = await trial.Server.Amounts();
        BrokenPromiseException.Unless(after == before, $"validate_vnics makes something: {before} cards and ports became {after}");
        BrokenPromiseException.Unless(
            (await tenant.Bind(unknown)).Refused, "bind_vnics_to_ports of a VNIC that is not there was not refused");
        await tenant.DeleteCard(good);
        await Refused(trial, tenant, "a VNIC that was deleted", good);
        VnicId attached = (await trial.Bindings())[0].Vnic;
        await Refused(trial, trial.GuestOwners[0], "a VNIC that an instance has", attached);
    }

    public static async Task Ownership(Trial trial)
    {
        Tenant mine = await trial.Tenant(), theirs = await trial.Tenant();
        VnicId vnic = await theirs.Launch();
        await Refused(trial, mine, "another project's VNIC", vnic);
        (long, long) before = await trial.Server.Amounts();
        BrokenPromiseException.Unless((await mine.Bind(vnic)).Refused, "bind_vnics_to_ports of another project's VNIC was not refused");
        Outcome<VnicId> given = await trial.Os.GetDefaultVnicId(mine.Project, vnic);
        BrokenPromiseException.Unless(
            given.Refused || given.Value != vnic, "get_default_vnic_id gave another project's VNIC, whose id was asked for");
        BrokenPromiseException.Unless((await theirs.Card(vnic)).Project == theirs.Project, "another project took the VNIC away");
        BrokenPromiseException.Unless(
            before == await trial.Server.Amounts(), "what was refused of another project's VNIC made cards or ports");
        await theirs.DeleteCard(vnic);
    }

    /// <summary>Where nothing was made before, most services have no network to launch in; one that has is not refused.</summary>
    public static async Task Refusal(Trial trial)
    {
        Tenant tenant = await trial.Tenant(network: false);
        (long, long) before = await trial.Server.Amounts();
        Outcome<VnicId> answer = await trial.Os.GetDefaultVnicId(tenant.Project, VnicId.New());
        if (answer.Try(out VnicId made, out Refusal? refusal))
        {
            BrokenPromiseException.Unless(
                trial.PlugIn.Script.Make.Count == 0,
                $"a launch before anything was made gets VNIC {made}: either it needs no network, or it is in somebody else's");
            await tenant.DeleteCard(made);
            return;
        }

        BrokenPromiseException.Unless(refusal.Reason.Length > 0, "a launch is refused without a reason");
        (long Cards, long Ports) after = await trial.Server.Amounts();
        BrokenPromiseException.Unless(after == before, $"a launch was refused ({refusal}) and {before} cards and ports became {after}");
    }

    public static async Task Vpn(Trial trial)
    {
        Tenant tenant = await trial.Tenant();
        VpnEndpoint? vpn = await trial.Os.GetProjectVpnAddressAndPort(tenant.Project);
        VpnEndpoint? again = await trial.Os.GetProjectVpnAddressAndPort(tenant.Project);
        BrokenPromiseException.Unless(vpn == again, $"the VPN endpoint was {vpn} and then {again}");
        BrokenPromiseException.Unless(
            vpn is null or { Address.Length: > 0, Port: > 0 and <= 65535 }, $"{vpn} is no address and port");
    }

    public static async Task Races(Trial trial)
    {
        Tenant tenant = await trial.Tenant();
        var one = VnicId.New();
        Outcome<VnicId>[] same = await Task.WhenAll(
            Enumerable.Range(0, AtOnce).Select(_ => trial.Os.GetDefaultVnicId(tenant.Project, one)));
        Array.ForEach(same, s => BrokenPromiseException.Given(s, "get_default_vnic_id of one VNIC, eight times at once"));
        int cards = (await tenant.Cards()).Count;
        BrokenPromiseException.Unless(cards == 1, $"one VNIC was asked for eight times at once, and there are {cards} cards");

        Outcome[] bound = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => tenant.Bind(one)));
        Array.ForEach(bound, b => BrokenPromiseException.Done(b, "bind_vnics_to_ports of one VNIC, eight times at once"));

        // A card without a port, as a service with cards of its own has them, is where binds really meet.
        VnicView bare = BrokenPromiseException.Given(
            await trial.Server.Client.GetGrain<IVnicGrain>(Guid.CreateVersion7())
                .Create(new CreateCard(trial.PlugIn.Path, tenant.Project, "conformance")), "a card");
        bound = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => tenant.Bind(bare.Id)));
        Array.ForEach(bound, b => BrokenPromiseException.Done(b, "bind_vnics_to_ports of a card without port, eight times at once"));
        foreach (VnicId vnic in new[] { one, bare.Id })
        {
            int ports = (await tenant.Card(vnic)).Ports.Count;
            BrokenPromiseException.Unless(ports == 1, $"VNIC {vnic} was bound eight times at once and has {ports} ports");
        }

        VnicId[] many = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => tenant.Launch()));
        Outcome all = await tenant.Bind(many);
        BrokenPromiseException.Done(all, "bind_vnics_to_ports of eight VNICs");
        IReadOnlyList<VnicView> views = [.. await Task.WhenAll(many.Select(tenant.Card))];
        string[] addresses = [.. views.SelectMany(v => v.Ports).Select(p => $"{p.Network} {p.Address}").Where(a => !a.EndsWith(' '))];
        BrokenPromiseException.Unless(
            addresses.Distinct().Count() == addresses.Length, $"VNICs that were made at once share an address: {string.Join(", ", addresses)}");
        await Task.WhenAll(many.Append(one).Append(bare.Id).Select(tenant.DeleteCard));
    }

    internal static async Task Bound(Tenant tenant, VnicId vnic)
    {
        BrokenPromiseException.Done(await tenant.Bind(vnic), "bind_vnics_to_ports");
        int ports = (await tenant.Card(vnic)).Ports.Count;
        BrokenPromiseException.Unless(ports == 1, $"VNIC {vnic} is bound and has {ports} ports");
    }

    private static async Task Refused(Trial trial, Tenant tenant, string what, params VnicId[] vnics) => BrokenPromiseException.Unless(
        (await trial.OsApi.ValidateVnics(tenant.Project, vnics)).Refused, $"validate_vnics of {what} was not refused");
}
