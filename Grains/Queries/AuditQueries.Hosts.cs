using NovaOrleans.Hosts;

namespace NovaOrleans.Queries;

/// <summary>What the rows of cards, instances and hosts' logs say of each other, reports of hosts included.</summary>
public static partial class AuditQueries
{
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
        select b.host, b.vnic_id, b.generation, b.outcome from host_bindings b
         where b.kind = 1 and coalesce(b.outcome, 0) <> 2 and not exists (
               select 1 from ethernet_cards c
                where c.uuid = b.vnic_id and not c.deleted and c.host = b.host and c.generation = b.generation)
        """,
        r => $"host {r.Text("host")} {(r.LongOrNull("outcome") == 0 ? "reports" : "is told of")} VNIC {r.Uuid("vnic_id")} "
            + $"at generation {r.Long("generation")}, which is not attached there");

    /// <summary>
    /// VNICs of active instances that no host is told of. Attaching is two commits, so that one is under way for a moment.
    /// </summary>
    private static Task<List<string>> ToldToNobody(LedgerSession session) => session.Query(
        """
        select c.uuid, c.host, c.generation from ethernet_cards c join instances i on i.uuid = c.instance_id and not i.deleted
         where not c.deleted and i.status = 1 and c.host is not null and coalesce(c.updated_at, c.created_at) < {now-60}
           and not exists (
               select 1 from host_bindings b where b.host = c.host and b.vnic_id = c.uuid and b.generation = c.generation)
        """,
        r => $"VNIC {r.Uuid("uuid")} is attached on host {r.Text("host")} at generation {r.Long("generation")}, "
            + "which is told nothing of it");

    /// <summary>
    /// Addresses that a host has been told of, and mostly reports as applied, without their VNIC's holding them: an address is told
    /// after it is held, and let go before it is freed, so that there is never one.
    /// </summary>
    private static async Task<List<string>> ToldOtherwise(LedgerSession session, RecordText text)
    {
        List<string> found = [];
        foreach (string host in await session.Query("select name from hosts order by name", r => r.Text("name")))
        {
            List<Told> told = await OnHost(session, text, host);
            ILookup<VnicId, string> held = await Held(session, host);
            List<Told> suspect = told.FindAll(t => t.Addresses.Any(a => !held[t.Vnic].Contains(a)));
            if (suspect.Count > 0)
            {
                // Of a record that is the same before and after, the rows between them were the ones to look at.
                HashSet<(VnicId, long)> still = [.. (await OnHost(session, text, host)).Select(t => (t.Vnic, t.Revision))];
                found.AddRange(
                    from t in suspect
                    where still.Contains((t.Vnic, t.Revision))
                    let addresses = string.Join(", ", t.Addresses.Where(a => !held[t.Vnic].Contains(a)))
                    select $"host {host} {(t.IsApplied ? "reports" : "is told of")} VNIC {t.Vnic} with {addresses}, "
                        + "which that VNIC does not hold");
            }
        }

        return found;
    }

    private sealed record Told(VnicId Vnic, long Revision, bool IsApplied, IReadOnlyList<string> Addresses);

    private static Task<List<Told>> OnHost(LedgerSession session, RecordText text, string host) => session.Query(
        """
        select vnic_id, revision, record, outcome from host_bindings
         where host = @host and kind = 1 and coalesce(outcome, 0) <> 2 order by revision
        """,
        r => new Told(
            new VnicId(r.Uuid("vnic_id")), r.Long("revision"), r.LongOrNull("outcome") == 0, Addresses(text.Read(r.Text("record")))),
        ("host", host));

    private static string[] Addresses(HostRecord record) => record is not BindRecord { Binding.Info: { } info } ? []
        : [.. new[] { info.IpAddress?.ToString(), info.AddressV6?.ToString() }.OfType<string>(), .. info.Additional];

    private static async Task<ILookup<VnicId, string>> Held(LedgerSession session, string host) => (await session.Query(
        """
        select f.vnic_id, f.address, f.address_v6 from fixed_ips f
         where f.phase in (2, 6) and not f.deleted
           and f.vnic_id in (select b.vnic_id from host_bindings b where b.host = @host)
        """,
        r => (Vnic: new VnicId(r.Uuid("vnic_id")), Four: r.TextOrNull("address"), Six: r.TextOrNull("address_v6")), ("host", host)))
        .SelectMany(f => new[] { (f.Vnic, Address: f.Four), (f.Vnic, Address: f.Six) })
        .Where(f => f.Address is not null).ToLookup(f => f.Vnic, f => f.Address!);
}
