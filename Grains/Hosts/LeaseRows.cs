namespace NovaOrleans.Hosts;

/// <summary>The leases of a host's VNICs, owned by the host grain: a row a lease that is held, and history for its ends.</summary>
public static class LeaseRows
{
    /// <summary>Whether this is the host's newest session; if so, none follows before the commit.</summary>
    public static Task<bool> Owns(LedgerSession session, HostName host, long epoch) => session.QueryOne(
        "select 1 as one from hosts where name = @host and epoch = @epoch and not fenced {share}",
        _ => true, ("host", host), ("epoch", epoch));

    /// <summary>Writes what the host told; where that is the <paramref name="whole"/>, what it did not tell of is over.</summary>
    public static async Task Save(
        LedgerSession session, HostName host, IReadOnlyList<LeaseRules.Given> leases, bool whole)
    {
        if (whole)
        {
            HashSet<(VnicId, string)> told = [.. leases.Select(l => (l.Lease.Vnic, l.Lease.Address.ToString()))];
            foreach ((VnicId vnic, string address) in (await Of(session, host)).Where(l => !told.Contains(l)))
            {
                await End(session, host, vnic, address);
            }
        }

        foreach ((LeaseReport lease, NetworkId? network) in leases)
        {
            string address = lease.Address.ToString();
            if (lease.SecondsLeft is null)
            {
                await End(session, host, lease.Vnic, address, network, lease.Generation);
            }
            else if (await Renew(session, host, lease) == 0)
            {
                await Insert(session, host, lease);
                await HistoryRows.Append(
                    session, host.Value, "address leased", network, lease.Vnic, address, lease.Generation);
            }
        }
    }

    /// <summary>With its binding a VNIC's leases leave the host.</summary>
    public static async Task EndAll(LedgerSession session, HostName host, VnicId vnic)
    {
        foreach (string address in await session.Query(
            "select address from leases where vnic_id = @vnic and host = @host",
            r => r.Text("address"), ("vnic", vnic), ("host", host)))
        {
            await End(session, host, vnic, address);
        }
    }

    private static Task<List<(VnicId Vnic, string Address)>> Of(LedgerSession session, HostName host) => session.Query(
        "select vnic_id, address from leases where host = @host",
        r => (new VnicId(r.Uuid("vnic_id")), r.Text("address")), ("host", host));

    private static Task<int> Renew(LedgerSession session, HostName host, LeaseReport lease) => session.Execute(
        """
        update leases set generation = @generation, renewed_at = {now}, leased_until = {now+@seconds}
         where vnic_id = @vnic and address = @address and host = @host
        """,
        ("generation", lease.Generation), ("seconds", lease.SecondsLeft), ("vnic", lease.Vnic), ("address", lease.Address),
        ("host", host));

    private static Task<int> Insert(LedgerSession session, HostName host, LeaseReport lease) => session.Execute(
        """
        insert into leases (vnic_id, address, host, generation, leased_until)
        values (@vnic, @address, @host, @generation, {now+@seconds})
        """,
        ("vnic", lease.Vnic), ("address", lease.Address), ("host", host), ("generation", lease.Generation),
        ("seconds", lease.SecondsLeft));

    private static async Task End(
        LedgerSession session, HostName host, VnicId vnic, string address, NetworkId? network = null, long? of = null)
    {
        long? generation = (await session.Query(
            """
            delete from leases where vnic_id = @vnic and address = @address and host = @host
               and generation = coalesce(cast(@of as bigint), generation) returning generation
            """,
            r => (long?)r.Long("generation"), ("vnic", vnic), ("address", address), ("host", host), ("of", of)))
            .FirstOrDefault();
        if (generation is not null)
        {
            await HistoryRows.Append(session, host.Value, "lease ended", network, vnic, address, generation);
        }
    }
}
