using NovaOrleans.Pools;

namespace NovaOrleans.Queries;

internal static class PortQueries
{
    private const string WithCard = "left join ethernet_cards c on c.uuid = f.vnic_id and not c.deleted";

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
            select {{PortRows.SeenColumns}} from (
                select f.* from fixed_ips f
                 where f.network_uuid = @network and not f.deleted {{string.Concat(given.Select(c => $"and {c.Clause} "))}}
                   and f.uuid > {{VnicQueries.Behind}}
                 order by f.uuid limit @limit) f
              {{WithCard}} order by f.uuid
            """,
            PortRows.ReadSeen,
            [
                ("network", filter.Network.Value), ("marker", page.Marker), ("limit", page.Limit),
                .. given.Select(c => (c.Name, c.Value)),
            ]);
    }

    public static Task<PortView?> One(LedgerSession session, NetworkId network, PortId port) => session.QueryOne(
        $"""
        select {PortRows.SeenColumns} from fixed_ips f {WithCard}
         where f.uuid = @id and f.network_uuid = @network and not f.deleted
        """,
        PortRows.ReadSeen, ("id", port.Value), ("network", network.Value));
}
