using NovaOrleans.FloatingIps;

namespace NovaOrleans.Queries;

/// <summary>
/// The invariants as queries over rows that were written by different grains: each asks for what must not be there, and gives
/// a sentence for every row that it finds, the first hundred of each kind.
/// </summary>
internal static class AuditQueries
{
    private const int FindingsPerKind = 100;

    public static async Task<AuditView> Audit(LedgerSession session)
    {
        List<string> duplicates = await Duplicates(session);
        List<string> leaks = [.. await HeldByNobody(session), .. await AttachedToNothing(session)];
        List<string> orphans = await Orphans(session);
        List<string> floating = await Floating(session);
        return new AuditView(
            await Count(session, "select count(*) as n from networks where not deleted"),
            await Count(session, "select count(*) as n from ethernet_cards where not deleted"),
            await Count(session, "select count(*) as n from fixed_ips where not deleted and phase = 2"),
            await Count(session, "select count(*) as n from fixed_ips where not deleted and phase = 3"),
            duplicates.Count, leaks.Count, orphans.Count,
            [.. new[] { duplicates, leaks, orphans, floating }.SelectMany(kind => kind.Take(FindingsPerKind))])
        {
            FloatingIps = await Count(session, "select count(*) as n from floating_ips where not deleted"),
        };
    }

    /// <summary>Addresses that two have.</summary>
    private static Task<List<string>> Duplicates(LedgerSession session) => session.Query(
        """
        select network_uuid, address, count(*) as n from fixed_ips
         where not deleted and address is not null group by network_uuid, address having count(*) > 1
        """,
        r => $"address {r.Text("address")} of network {r.Uuid("network_uuid")} is held {r.Long("n")} times");

    /// <summary>Addresses whose VNIC does not live.</summary>
    private static Task<List<string>> HeldByNobody(LedgerSession session) => session.Query(
        """
        select f.network_uuid, f.address, f.uuid, f.vnic_id from fixed_ips f
         where not f.deleted and f.phase in (2, 6) and not exists (
               select 1 from ethernet_cards c where c.uuid = f.vnic_id and not c.deleted)
        """,
        r => $"port {r.Uuid("uuid")} ({r.TextOrNull("address") ?? "no address"}) of network {r.Uuid("network_uuid")} "
            + $"is held by VNIC {r.UuidOrNull("vnic_id")}, which does not live");

    /// <summary>VNICs whose instance does not live, or has not got them.</summary>
    private static Task<List<string>> AttachedToNothing(LedgerSession session) => session.Query(
        """
        select c.uuid, c.instance_id from ethernet_cards c
         where not c.deleted and c.instance_id is not null and not exists (
               select 1 from instance_virtual_nic_association a
                 join instances i on i.uuid = a.instance_id and not i.deleted
                where a.virtual_nic_id = c.uuid and a.instance_id = c.instance_id and not a.deleted)
        """,
        r => $"VNIC {r.Uuid("uuid")} is attached to instance {r.Uuid("instance_id")}, which does not live or have it");

    /// <summary>Bindings on a host that their VNIC does not name.</summary>
    private static Task<List<string>> Orphans(LedgerSession session) => session.Query(
        """
        select b.host, b.vnic_id, b.generation from host_bindings b
         where b.kind = 1 and coalesce(b.outcome, 0) <> 2 and not exists (
               select 1 from ethernet_cards c
                where c.uuid = b.vnic_id and not c.deleted and c.host = b.host and c.generation = b.generation)
        """,
        r => $"host {r.Text("host")} is told of VNIC {r.Uuid("vnic_id")} at generation {r.Long("generation")}, "
            + "which is not attached there");

    /// <summary>Floating IPs that stand for another project's port, or for one that is long free.</summary>
    private static Task<List<string>> Floating(LedgerSession session) => session.Query(
        $$"""
        select o.address, o.project_id, o.fixed_ip_uuid from floating_ips o
         where not o.deleted and o.fixed_ip_uuid is not null and (o.project_id is null or exists (
               select 1 from fixed_ips p join ethernet_cards c on c.uuid = p.vnic_id
                where {{FloatingIpRows.Live}} and c.project_id <> o.project_id)
            or exists (
               select 1 from fixed_ips p where p.uuid = o.fixed_ip_uuid and (p.deleted or p.phase <> 2)
                  and coalesce(p.updated_at, p.created_at) < {now-300}))
        """,
        r => $"floating IP {r.Text("address")} of project {r.TextOrNull("project_id") ?? "none"} stands for port "
            + $"{r.Uuid("fixed_ip_uuid")}, which is not that project's or is long free");

    private static Task<long> Count(LedgerSession session, string sql) => session.QueryOne(sql, r => r.Long("n"));
}
