using NovaOrleans.FloatingIps;

namespace NovaOrleans.Queries;

/// <summary>What the rows of addresses say of each other, of networks and of cards.</summary>
public static partial class AuditQueries
{
    /// <summary>Addresses that two have.</summary>
    private static Task<List<string>> Duplicates(LedgerSession session) => session.Query(
        """
        select network_uuid, address, count(*) as n from fixed_ips
         where not deleted and address is not null group by network_uuid, address having count(*) > 1
        """,
        r => $"address {r.Text("address")} of network {r.Uuid("network_uuid")} is held {r.Long("n")} times");

    /// <summary>A resting row keeps its IPv6 address for the record only.</summary>
    private static Task<List<string>> DuplicatesV6(LedgerSession session) => session.Query(
        """
        select network_uuid, address_v6, count(*) as n from fixed_ips
         where not deleted and address_v6 is not null and phase <> 3 group by network_uuid, address_v6 having count(*) > 1
        """,
        r => $"address {r.Text("address_v6")} of network {r.Uuid("network_uuid")} is held {r.Long("n")} times");

    private static Task<List<string>> DuplicateMacs(LedgerSession session) => session.Query(
        "select mac_address, count(*) as n from ethernet_cards where not deleted group by mac_address having count(*) > 1",
        r => $"{r.Long("n")} VNICs have the MAC {r.Text("mac_address")}");

    /// <summary>Addresses whose VNIC does not live.</summary>
    private static Task<List<string>> HeldByNobody(LedgerSession session) => session.Query(
        """
        select f.network_uuid, f.address, f.uuid, f.vnic_id from fixed_ips f
         where not f.deleted and f.phase in (2, 6) and not exists (
               select 1 from ethernet_cards c where c.uuid = f.vnic_id and not c.deleted)
        """,
        r => $"{Port(r)} is held by VNIC {r.UuidOrNull("vnic_id")?.ToString() ?? "none"}, which does not live");

    /// <summary>
    /// Rows that are in no state, or in one that the rest of the row contradicts: whoever reads another column takes the address
    /// for something else.
    /// </summary>
    private static Task<List<string>> WrongStates(LedgerSession session) => session.Query(
        """
        select w.* from (
            select f.uuid, f.network_uuid, f.address, f.id,
                   case when f.phase not in (1, 2, 3, 4, 6) then 'is in a state that there is not'
                        when f.phase in (1, 3, 4) and f.vnic_id is not null
                            then 'is allocated, rests or is reserved, and yet has a VNIC'
                        when f.phase = 3 and f.quarantined_until is null then 'rests without end'
                        when f.phase <> 3 and f.quarantined_until > {now} then 'is to rest, and does not'
                        when (f.address is null) <> (f.position is null) then 'has an address without position, or a position without'
                        when f.phase in (1, 2, 6) and not exists (
                            select 1 from networks n where n.uuid = f.network_uuid and not n.deleted)
                            then 'is in use, and its network is not there'
                        when f.phase in (1, 2, 6) and not exists (select 1 from pools p where p.network_uuid = f.network_uuid)
                            then 'is in use, and no pool has it'
                   end as why
              from fixed_ips f where not f.deleted) w
         where w.why is not null order by w.id
        """,
        r => $"{Port(r)} {r.Text("why")}");

    /// <summary>Floating IPs that stand for another project's port, or for one that is long free.</summary>
    private static Task<List<string>> Floating(LedgerSession session) => session.Query(
        $$"""
        select o.address, o.project_id, o.fixed_ip_uuid from floating_ips o
         where not o.deleted and o.fixed_ip_uuid is not null and (o.project_id is null or exists (
               select 1 from fixed_ips p join ethernet_cards c on c.uuid = p.vnic_id
                where {{FloatingIpRows.Live}} and c.project_id <> o.project_id)
            or exists (
               select 1 from fixed_ips p where p.uuid = o.fixed_ip_uuid and (p.deleted or p.phase <> 2)
                  and coalesce(p.updated_at, p.created_at) < {now-300})
            or exists (
               select 1 from ethernet_cards c where c.uuid = o.vnic_id and c.deleted and c.deleted_at < {now-300}))
        """,
        r => $"floating IP {r.Text("address")} of project {r.TextOrNull("project_id") ?? "none"} stands for port "
            + $"{r.Uuid("fixed_ip_uuid")}, which is not that project's or is long free");

    private static string Port(LedgerRow r) =>
        $"port {r.Uuid("uuid")} ({r.TextOrNull("address") ?? "no address"}) of network {r.Uuid("network_uuid")}";
}
