using NovaOrleans.Networks;
using NovaOrleans.Pools;

namespace NovaOrleans.Ledger;

/// <summary>A network's ports as a project sees them: of a network without project, its own alone.</summary>
public static class PortPages
{
    public static Task<IReadOnlyList<PortView>> Of(
        ILedgerQueryGrain query, NetworkView network, ProjectId? scope, Page page, PortFilter? filter = null) =>
        query.FilteredPorts(
            (filter ?? new PortFilter(network.Id)) with { Project = network.Project == scope ? null : scope }, page);

    /// <summary>The port that has this address, or null.</summary>
    public static async Task<PortView?> WithAddress(ILedgerQueryGrain query, NetworkId network, Ip4Address address) =>
        await query.FilteredPorts(new PortFilter(network) { Address = address }, new Page(Limit: 1)) is [var port] ? port : null;
}
