namespace NovaOrleans.Queries;

internal static class HistoryQueries
{
    /// <summary>The newest first; every filter that is given must match.</summary>
    public static Task<List<HistoryView>> List(
        LedgerSession session, NetworkId? network, string? address, VnicId? vnic, Page page) => session.Query(
        """
        select id, at, actor, what, network_uuid, vnic_id, address, generation, why from history
         where (cast(@network as {uuid}) is null or network_uuid = @network)
           and (cast(@address as text) is null or address = @address)
           and (cast(@vnic as {uuid}) is null or vnic_id = @vnic)
         order by id desc limit @limit
        """,
        r => new HistoryView(
            r.Long("id"), r.Time("at"), r.Text("actor"), r.Text("what"),
            r.UuidOrNull("network_uuid") is { } n ? new NetworkId(n) : null,
            r.UuidOrNull("vnic_id") is { } v ? new VnicId(v) : null,
            r.TextOrNull("address"), r.LongOrNull("generation"), r.TextOrNull("why")),
        ("network", network?.Value), ("address", address), ("vnic", vnic?.Value), ("limit", page.Limit));
}
