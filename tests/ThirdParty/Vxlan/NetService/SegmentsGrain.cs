using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace Vxlan.NetService;

/// <summary>See <see cref="ISegmentsGrain"/>. The VNI is kept before the network is made, so that it is nobody else's meanwhile.</summary>
internal sealed class SegmentsGrain(
    [PersistentState(VxlanNetworkService.ModulePath + ".segments", NetworkServiceStorage.Name)] IPersistentState<SegmentsState> state,
    [FromKeyedServices(VxlanNetworkService.ModulePath)] INetworkServiceHost host)
    : Grain, ISegmentsGrain
{
    private readonly VxlanOptions _options = VxlanOptions.From(host.Configuration);

    /// <summary>What a crash between the two left is found here, against all the networks there are.</summary>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var everybody = new Asker(null, "admin");
        HashSet<Guid> networks = [];
        IReadOnlyList<LedgerNetwork> some;
        Page page = new();
        do
        {
            some = await host.Ledger.ListNetworks(everybody, page);
            networks.UnionWith(some.Select(n => n.Id.Value));
            page = page with { Marker = some.Count > 0 ? some[^1].Id.Value : null };
        }
        while (some.Count == page.Limit);

        if (SegmentsRules.Compare(state.State, networks))
        {
            await Keep();
        }
    }

    public async Task<Outcome<NetworkId>> Create(NewSegment segment)
    {
        if (!SegmentsRules.Choose(state.State, segment, _options).Try(out Vni vni, out Refusal? refusal))
        {
            return refusal;
        }

        state.State.Vnis[segment.Id.Value] = vni.Value;
        await Keep();
        // Where it is not known how this ends the VNI stays taken, and the next activation sees.
        Outcome<LedgerNetwork> made = await host.Ledger.CreateNetwork(AskerOf(segment.By), Draft(segment, vni));
        if (!made.Refused && made.Value.Id == segment.Id)
        {
            return segment.Id;
        }

        state.State.Vnis.Remove(segment.Id.Value);
        await Keep();
        return made.Refused ? made.Refusal : made.Value.Id;
    }

    public async Task<Outcome> Delete(NetworkId network, SegmentAsker by)
    {
        Outcome deleted = await host.Ledger.DeleteNetwork(AskerOf(by), network);
        if (!deleted.Refused && state.State.Vnis.Remove(network.Value))
        {
            await Keep();
        }

        return deleted;
    }

    private static NetworkDraft Draft(NewSegment segment, Vni vni) => new(segment.Id, segment.Project, segment.Label)
    {
        Subnet = segment.Cidr is { } cidr ? new LedgerSubnet(cidr) { Gateway = segment.Gateway } : null,
        Mtu = segment.Mtu,
        Injected = segment.Cidr is not null,
        Isolated = true,
        TellsMembers = true,
        Extra = new Dictionary<string, string> { [SegmentFacts.VniKey] = vni.Value.ToString(CultureInfo.InvariantCulture) },
    };

    private static Asker AskerOf(SegmentAsker by) => new(by.Scope, by.Actor, by.Key) { IsAdmin = by.IsAdmin };

    /// <summary>What could not be kept must answer nobody: the next activation reads what was.</summary>
    private async Task Keep()
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch (Exception e)
        {
            DeactivateOnIdle();
            throw new OperatingFaultException("The VNIs of segments could not be kept", mayRetry: true, e);
        }
    }
}
