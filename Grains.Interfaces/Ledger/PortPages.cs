using NovaOrleans.Networks;
using NovaOrleans.Pools;

namespace NovaOrleans.Ledger;

/// <summary>Lists a network's ports. On a shared network, a project's own are picked from everybody's.</summary>
public static class PortPages
{
    public static async Task<IReadOnlyList<PortView>> Of(
        ILedgerQueryGrain query, NetworkView network, ProjectId? scope, Page page)
    {
        if (scope is null || network.Project == scope)
        {
            return await query.Ports(network.Id, page);
        }

        var own = new List<PortView>();
        await foreach (PortView port in All(query, network.Id, page.Marker))
        {
            if (port.Project == scope)
            {
                own.Add(port);
            }

            if (own.Count == page.Limit)
            {
                break;
            }
        }

        return own;
    }

    /// <summary>The port that has this address, or null.</summary>
    public static async Task<PortView?> WithAddress(ILedgerQueryGrain query, NetworkId network, Ip4Address address)
    {
        await foreach (PortView port in All(query, network, null))
        {
            if (port.Address == address)
            {
                return port;
            }
        }

        return null;
    }

    private static async IAsyncEnumerable<PortView> All(ILedgerQueryGrain query, NetworkId network, Guid? marker)
    {
        var page = new Page(Marker: marker);
        IReadOnlyList<PortView> ports;
        do
        {
            ports = await query.Ports(network, page);
            foreach (PortView port in ports)
            {
                yield return port;
            }

            page = page with { Marker = ports.Count > 0 ? ports[^1].Id.Value : page.Marker };
        }
        while (ports.Count == page.Limit);
    }
}
