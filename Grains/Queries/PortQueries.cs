using NovaOrleans.Pools;

namespace NovaOrleans.Queries;

internal static class PortQueries
{
    public static Task<List<PortView>> List(LedgerSession session, NetworkId network, Page page) => session.Query(
        $$"""
        select {{PortRows.SeenColumns}} from fixed_ips f
         where f.network_uuid = @network and not f.deleted
           and f.id > coalesce((select m.id from fixed_ips m where m.uuid = cast(@marker as {uuid})), 0)
         order by f.id limit @limit
        """,
        PortRows.ReadSeen, ("network", network.Value), ("marker", page.Marker), ("limit", page.Limit));

    public static Task<PortView?> One(LedgerSession session, NetworkId network, PortId port) => session.QueryOne(
        $"select {PortRows.SeenColumns} from fixed_ips f where f.uuid = @id and f.network_uuid = @network and not f.deleted",
        PortRows.ReadSeen, ("id", port.Value), ("network", network.Value));
}
