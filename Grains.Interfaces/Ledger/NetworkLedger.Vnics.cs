using NovaOrleans.Networks;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;

namespace NovaOrleans.Ledger;

public sealed partial class NetworkLedger
{
    public async Task<Outcome<LedgerVnic>> CreateVnic(Asker by, VnicDraft draft)
    {
        if (by.Scope is { } scope && scope != draft.Project)
        {
            return new Refusal(
                RefusalCode.Forbidden, $"Project {scope} makes no VNIC of project {draft.Project}.", draft.Project.Value);
        }

        if (draft is { Network: null, Address: not null })
        {
            return new Refusal(
                RefusalCode.MalformedRequest, "An address is one of a network: name the network too.", Field: "network_id");
        }

        Outcome<VnicView> made;
        if (draft.Network is not { } network)
        {
            made = await Vnic(draft.Id).Create(new CreateCard(service, draft.Project, by.Actor, draft.Name, draft.Mac, by.Key));
        }
        else if ((await Seen(draft.Project, network)).Try(out _, out Refusal? unseen))
        {
            made = await Pool(network).CreateVnic(new CreateVnic(
                draft.Id, draft.Project, by.Actor, draft.Name, draft.Mac, draft.Address, by.Key));
        }
        else
        {
            return unseen;
        }

        return made.Try(out VnicView? card, out Refusal? refusal) ? LedgerRecords.Of(card) : refusal;
    }

    public async Task<Outcome<VnicId>> CreateDefaultVnic(ProjectId project, VnicId vnic, FreeNetworks use)
    {
        if (!(await NetworkFor(project, use)).Try(out NetworkId network, out Refusal? refusal))
        {
            return refusal;
        }

        Outcome<VnicView> made = await Pool(network).CreateVnic(new CreateVnic(vnic, project, project.Value));
        if (!made.Refused)
        {
            return vnic;
        }

        // The first attempt may have made the card on a network that is no longer the one to choose.
        return (await Card(project, vnic)).Refused ? made.Refusal : vnic;
    }

    public async Task<IReadOnlyList<LedgerVnic>> ListVnics(Asker by, Page page) =>
        [.. (await Query.Vnics(service, by.Scope, page)).Select(LedgerRecords.Of)];

    public async Task<IReadOnlyList<LedgerVnic>> FindVnics(Asker by, IReadOnlyList<VnicId> vnics) =>
        [.. (await Query.VnicsById(vnics)).Where(c => Sees(by.Scope, c.Service, c.Project)).Select(LedgerRecords.Of)];

    public async Task<Outcome> ValidateVnics(ProjectId project, IReadOnlyList<VnicId> vnics) =>
        VnicChecks.Unusable(service, project, vnics, await Query.VnicsById(vnics)) is { } refusal ? refusal : Outcome.Done;

    public async Task<Outcome> BindVnics(ProjectId project, IReadOnlyList<VnicId> vnics, FreeNetworks use)
    {
        IReadOnlyList<VnicView> cards = await Query.VnicsById(vnics);
        if (VnicChecks.Missing(service, project, vnics, cards) is { } missing)
        {
            return missing;
        }

        List<VnicView> unplugged = [.. cards.Where(c => c.Ports.Count == 0)];
        if (unplugged.Count == 0)
        {
            return Outcome.Done;
        }

        if (!(await NetworkFor(project, use)).Try(out NetworkId network, out Refusal? refusal))
        {
            return refusal;
        }

        Outcome<PortView>[] plugged = await Task.WhenAll(unplugged.Select(card =>
            Pool(network).Plug(new PlugVnic(card.Id, card.Mac, project, project.Value))));
        return plugged.FirstOrDefault(p => p.Refused).Refusal is { } first ? first : Outcome.Done;
    }

    public async Task<Outcome<NetworkInfo>> InfoOf(Asker by, VnicId vnic)
    {
        if (!(await Card(by.Scope, vnic)).Try(out VnicView? card, out Refusal? refusal))
        {
            return refusal;
        }

        NetworkView? network = null;
        if (card.Ports is [{ } port, ..])
        {
            (await Network(port.Network).Describe()).Try(out network, out _);
        }

        return VnicAddressing.InfoOf(card.Mac, card.Ports, network);
    }

    public async Task<Outcome<LedgerPort>> Plug(Asker by, VnicId vnic, NetworkId network, Ip4Address? address)
    {
        if (!(await Card(by.Scope, vnic)).Try(out VnicView? card, out Refusal? refusal)
            || !(await Seen(card.Project, network)).Try(out _, out refusal))
        {
            return refusal;
        }

        Outcome<PortView> plugged = await Pool(network).Plug(
            new PlugVnic(vnic, card.Mac, card.Project, by.Actor, Address: address));
        return plugged.Try(out PortView? port, out refusal) ? LedgerRecords.Of(port) : refusal;
    }

    public async Task<Outcome> Unplug(Asker by, VnicId vnic, NetworkId network)
    {
        if (!(await Card(by.Scope, vnic)).Try(out VnicView? card, out Refusal? refusal))
        {
            return refusal;
        }

        foreach (PortView port in card.Ports.Where(p => p.Network == network))
        {
            Outcome freed = await Pool(network).Unplug(port.Id, by.Actor);
            freed = freed.Refused ? freed : await Pool(network).DeletePort(port.Id, by.Actor);
            if (freed.Refused)
            {
                return freed;
            }
        }

        return Outcome.Done;
    }

    /// <summary>
    /// About every card is of one network, whose pool deletes it by itself; the card's grain, which is not made for that, looks into
    /// what the pool refuses.
    /// </summary>
    public async Task<Outcome> DeleteVnic(Asker by, VnicId vnic)
    {
        if (await Query.OwnerOf(vnic) is not { } owner || !Sees(by.Scope, owner.Service, owner.Project))
        {
            return Unknown(vnic);
        }

        return owner.Network is { } network && !(await Pool(network).DeleteVnic(vnic, owner.Version, by.Actor)).Refused
            ? Outcome.Done
            : await Vnic(vnic).Delete(by.Scope, by.Actor);
    }

    private bool Sees(ProjectId? scope, ServicePath its, ProjectId owner) => its == service && (scope is null || owner == scope);

    private static Refusal Unknown(VnicId vnic) => Refusal.NotFound(RefusalCode.VnicNotFound, "VNIC", vnic);

    private async Task<Outcome<VnicView>> Card(ProjectId? scope, VnicId vnic) =>
        await Query.VnicsById([vnic]) is [{ } card] && Sees(scope, card.Service, card.Project) ? card : Unknown(vnic);
}
