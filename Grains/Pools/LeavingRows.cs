namespace NovaOrleans.Pools;

/// <summary>
/// Rows of addresses that leave a VNIC which stays: phase 6 until its host has let them go. The pool's, as <see cref="PoolRows"/>.
/// </summary>
internal static class LeavingRows
{
    /// <summary>A port on its way out of a VNIC, with the host that is to let it go, where there is one.</summary>
    public sealed record Leaving(PortId Id, VnicId Vnic, string? Address, HostName? Host, long Generation);

    /// <summary>The first port of the network that the VNIC keeps when this one goes.</summary>
    public static Task<PortId?> NextAfter(LedgerSession session, NetworkId network, VnicId vnic, PortId gone) =>
        session.QueryOne(
            """
            select uuid from fixed_ips
             where vnic_id = @vnic and network_uuid = @network and phase = 2 and not deleted and uuid <> @gone
             order by ordinal limit 1
            """,
            r => (PortId?)new PortId(r.Uuid("uuid")), ("vnic", vnic), ("network", network), ("gone", gone));

    /// <summary>Its address is told to no host any more, and nobody else's yet.</summary>
    public static Task<int> Withdraw(LedgerSession session, PortId port) => session.Execute(
        "update fixed_ips set phase = 6, address_v6 = null, updated_at = {now} where uuid = @port", ("port", port));

    public static Task<int> GiveV6(LedgerSession session, PortId port, Ip6Address address) => session.Execute(
        "update fixed_ips set address_v6 = @v6, updated_at = {now} where uuid = @port", ("v6", address), ("port", port));

    public static Task<List<Leaving>> LoadLeaving(LedgerSession session, NetworkId network) => session.Query(
        """
        select f.uuid, f.vnic_id, f.address, c.host, c.generation from fixed_ips f
          left join ethernet_cards c on c.uuid = f.vnic_id and not c.deleted
         where f.network_uuid = @network and f.phase = 6 and not f.deleted order by f.id
        """,
        r => new Leaving(
            new PortId(r.Uuid("uuid")), new VnicId(r.Uuid("vnic_id")), r.TextOrNull("address"),
            r.TextOrNull("host") is { } host ? HostName.Parse(host) : null, r.LongOrNull("generation") ?? 0),
        ("network", network));

    /// <summary>Networks with addresses on their way out, whose pools may have been asleep since.</summary>
    public static Task<List<NetworkId>> WithLeaving(LedgerSession session, long seconds) => session.Query(
        """
        select distinct network_uuid from fixed_ips
         where phase = 6 and not deleted and updated_at <= {now-@seconds} order by network_uuid limit 1000
        """,
        r => new NetworkId(r.Uuid("network_uuid")), ("seconds", seconds));

    /// <summary>Frees an address that was let go, or lets it rest; gives the time until which it does.</summary>
    public static Task<DateTimeOffset?> EndRelease(LedgerSession session, PortId port, int restSeconds) => session.QueryOne(
        """
        update fixed_ips set
               phase = case when @seconds > 0 then 3 else phase end, vnic_id = null, ordinal = 0,
               quarantined_until = case when @seconds > 0 then {now+@seconds} end,
               deleted = case when @seconds > 0 then {false} else {true} end,
               deleted_at = case when @seconds > 0 then null else {now} end, updated_at = {now}
         where uuid = @port returning quarantined_until
        """,
        r => r.TimeOrNull("quarantined_until"), ("port", port), ("seconds", restSeconds));
}
