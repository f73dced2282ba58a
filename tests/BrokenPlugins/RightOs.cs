namespace NovaOrleans.BrokenPlugins;

/// <summary>Cards in the project's own room; nothing is kept here.</summary>
internal class RightOs(ServicePath service, IGrainFactory grains) : IOsService
{
    protected IGrainFactory Grains => grains;
    protected ServicePath Service => service;

    public virtual async Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic)
    {
        if (!(await Room(project)).Try(out NetworkId room, out Refusal? refusal))
        {
            return refusal;
        }

        Outcome<VnicView> card = await Pool(room).CreateVnic(new CreateVnic(vnic, project, project.Value));
        return card.Refused ? card.Refusal : vnic;
    }

    public virtual async Task<Outcome> BindVnicsToPorts(ProjectId project, IReadOnlyList<VnicId> vnics)
    {
        IReadOnlyList<VnicView> cards = await Found(vnics);
        foreach (VnicId vnic in vnics)
        {
            if (cards.FirstOrDefault(c => c.Id == vnic && Usable(project, c)) is not { } card)
            {
                return Refusal.NotFound(RefusalCode.VnicNotFound, "VNIC", vnic);
            }

            if (card.Ports.Count == 0 && (await Plug(project, card)).Refusal is { } refusal)
            {
                return refusal;
            }
        }

        return Outcome.Done;
    }

    public virtual Task<VpnEndpoint?> GetProjectVpnAddressAndPort(ProjectId project) => Task.FromResult<VpnEndpoint?>(null);

    protected virtual bool Usable(ProjectId project, VnicView card) => card.Project == project && card.Service == service;

    protected virtual async Task<Outcome<PortView>> Plug(ProjectId project, VnicView card) =>
        (await Room(project)).Try(out NetworkId room, out Refusal? refusal)
            ? await Pool(room).Plug(new PlugVnic(card.Id, card.Mac, project, project.Value)) : refusal;

    protected Task<IReadOnlyList<VnicView>> Found(IReadOnlyList<VnicId> vnics) => grains.GetGrain<ILedgerQueryGrain>(0).VnicsById(vnics);

    protected async Task<bool> IsThere(VnicId vnic) => (await Found([vnic])).Count > 0;

    protected Task<Outcome<NetworkId>> Room(ProjectId project) =>
        grains.GetGrain<INetworkRangeGrain>(service.Value).NetworkFor(project, takeFree: false, shared: false);

    protected IFixedIpPoolGrain Pool(NetworkId room) => grains.GetGrain<IFixedIpPoolGrain>(room.Value);
}
