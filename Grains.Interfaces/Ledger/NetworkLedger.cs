using NovaOrleans.Networks;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;

namespace NovaOrleans.Ledger;

/// <summary>
/// See <see cref="INetworkLedger"/>: over the core's grains, in whichever process asks. It keeps nothing, and guards that a service
/// reaches only what is its own and a project only what is the project's.
/// </summary>
public sealed partial class NetworkLedger(ServicePath service, IGrainFactory grains) : INetworkLedger
{
    private ILedgerQueryGrain Query => grains.GetGrain<ILedgerQueryGrain>(0);

    private INetworkRangeGrain Range => grains.GetGrain<INetworkRangeGrain>(service.Value);

    private INetworkGrain Network(NetworkId network) => grains.GetGrain<INetworkGrain>(network.Value);

    private IFixedIpPoolGrain Pool(NetworkId network) => grains.GetGrain<IFixedIpPoolGrain>(network.Value);

    private IVnicGrain Vnic(VnicId vnic) => grains.GetGrain<IVnicGrain>(vnic.Value);

    public async Task<Outcome<LedgerNetwork>> CreateNetwork(Asker by, NetworkDraft draft)
    {
        if (NetworkDrafts.Fault(by, draft) is { } fault)
        {
            return fault;
        }

        Outcome<IReadOnlyList<NetworkView>> made = await Range.Create(
            new CreateNetworks(service, by.Actor, by.Key, [NetworkDrafts.New(draft)]) { HeldToQuota = !by.IsAdmin });
        if (!made.Refused)
        {
            return LedgerRecords.Of(made.Value[0]);
        }

        // Refused perhaps because it is there: its own range overlaps it, and its id is taken.
        return (await Network(draft.Id).Describe()).Try(out NetworkView? before, out _)
            && before.Service == service && NetworkDrafts.Made(draft, before)
            ? LedgerRecords.Of(before)
            : made.Refusal;
    }

    public async Task<IReadOnlyList<LedgerNetwork>> ListNetworks(Asker by, Page page) =>
        [.. (await Query.Networks(service, by.Scope, page)).Select(LedgerRecords.Of)];

    public async Task<Outcome<LedgerNetwork>> ShowNetwork(Asker by, NetworkId network) =>
        (await Seen(by.Scope, network)).Try(out NetworkView? view, out Refusal? refusal) ? LedgerRecords.Of(view) : refusal;

    public async Task<Outcome> DeleteNetwork(Asker by, NetworkId network)
    {
        if (!(await Seen(by.Scope, network)).Try(out NetworkView? view, out Refusal? refusal))
        {
            return refusal;
        }

        return view.Project is null && !by.IsAdmin
            ? new Refusal(RefusalCode.Forbidden, $"Network {network} is shared; only an admin deletes it.", network.ToString())
            : await Network(network).Delete(by.Actor);
    }

    public Task<Outcome<NetworkId>> NetworkFor(ProjectId project, FreeNetworks use) =>
        Range.NetworkFor(project, use == FreeNetworks.Take, use == FreeNetworks.Share);

    public async Task<Outcome<IReadOnlyList<LedgerPort>>> ListPorts(Asker by, NetworkId network, Page page) =>
        (await Seen(by.Scope, network)).Try(out NetworkView? view, out Refusal? refusal)
            ? Outcome.Of<IReadOnlyList<LedgerPort>>(
                [.. (await PortPages.Of(Query, view, by.Scope, page)).Select(LedgerRecords.Of)])
            : refusal;

    public async Task<Outcome> FreePort(Asker by, NetworkId network, PortId port)
    {
        if (!(await Seen(by.Scope, network)).Try(out _, out Refusal? refusal)
            || !(await Query.Port(network, port)).Try(out PortView? view, out refusal))
        {
            return refusal;
        }

        return by.Scope is { } project && view.Project != project
            ? Refusal.NotFound(RefusalCode.PortNotFound, "port", port)
            : await Pool(network).DeletePort(port, by.Actor);
    }

    /// <summary>The network, where it is this service's, and the project's or nobody's.</summary>
    private async Task<Outcome<NetworkView>> Seen(ProjectId? scope, NetworkId network) =>
        (await Network(network).Describe()).Try(out NetworkView? view, out _)
        && NetworkChecks.Sees(service, scope, free: true, view) ? view : NetworkChecks.NotFound(network);
}
