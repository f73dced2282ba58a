using NovaOrleans.Pools;

namespace NovaOrleans.Queries;

internal static class PortQueries
{
    public static Task<List<PortView>> List(LedgerSession session, PortFilter filter, Page page)
    {
        (string Clause, string Name, object? Value)[] clauses =
        [
            ("f.project_id = @project", "project", filter.Project), ("f.address = @address", "address", filter.Address),
            ("f.up = @up", "up", filter.Up), ("f.vnic_id = @vnic", "vnic", filter.Vnic),
        ];
        (string Clause, string Name, object? Value)[] given = [.. clauses.Where(c => c.Value is not null)];
        return session.Query(
            $$"""
            select {{PortRows.SeenColumns}} from fixed_ips f
             where f.network_uuid = @network and not f.deleted {{string.Concat(given.Select(c => $"and {c.Clause} "))}}
               and f.uuid > coalesce(cast(@marker as {uuid}), '{{VnicQueries.NoId}}')
             order by f.uuid limit @limit
            """,
            PortRows.ReadSeen,
            [
                ("network", filter.Network.Value), ("marker", page.Marker), ("limit", page.Limit),
                .. given.Select(c => (c.Name, c.Value)),
            ]);
    }

    public static Task<PortView?> One(LedgerSession session, NetworkId network, PortId port) => session.QueryOne(
        $"select {PortRows.SeenColumns} from fixed_ips f where f.uuid = @id and f.network_uuid = @network and not f.deleted",
        PortRows.ReadSeen, ("id", port.Value), ("network", network.Value));
}
