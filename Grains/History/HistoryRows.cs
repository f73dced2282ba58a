namespace NovaOrleans.History;

/// <summary>Who, what, when, why: appended in the commit of the change itself.</summary>
public static class HistoryRows
{
    public static Task<int> Append(
        LedgerSession session, string actor, string what, NetworkId? network = null, VnicId? vnic = null,
        string? address = null, long? generation = null, string? why = null) => session.Execute(
        """
        insert into history (actor, what, network_uuid, vnic_id, address, generation, why)
        values (@actor, @what, @network, @vnic, @address, @generation, @why)
        """,
        ("actor", actor), ("what", what), ("network", network?.Value), ("vnic", vnic?.Value),
        ("address", address), ("generation", generation), ("why", why));
}
