namespace NovaOrleans.Queries;

/// <summary>How full pools are, for figures.</summary>
internal static class PoolQueries
{
    /// <summary><paramref name="Size"/>: what may be handed out; 0 of a pool without IPv4 addresses.</summary>
    public sealed record Occupancy(NetworkId Network, string Label, long Used, long Size);

    public static Task<List<Occupancy>> Fullest(LedgerSession session) => session.Query(
        """
        select n.uuid, n.label, s.first, s.last, f.used
          from (select network_uuid, count(*) as used from fixed_ips where not deleted
                 group by network_uuid order by count(*) desc limit 200) f
          join networks n on n.uuid = f.network_uuid and not n.deleted
          left join subnets s on s.network_uuid = n.uuid and s.family = 4 and s.position = 0 and not s.deleted
        """,
        r => new Occupancy(
            new NetworkId(r.Uuid("uuid")), r.Text("label"), r.Long("used"), Size(r.TextOrNull("first"), r.TextOrNull("last"))));

    public static Task<List<(string State, long Count)>> States(LedgerSession session) => session.Query(
        """
        select case phase when 1 then 'allocated' when 2 then 'held' when 3 then 'quarantined' when 4 then 'reserved'
                          when 6 then 'releasing' else 'other' end as state, count(*) as n
          from fixed_ips where not deleted group by 1
        """,
        r => (r.Text("state"), r.Long("n")));

    private static long Size(string? first, string? last) =>
        Ip4Address.TryParse(first, out Ip4Address from) && Ip4Address.TryParse(last, out Ip4Address to)
            ? (long)to.Bits - from.Bits + 1 : 0;
}
