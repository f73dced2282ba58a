namespace NovaOrleans.Pools;

/// <summary>A port's row as callers see it. The pool grain alone writes it.</summary>
public static class PortRows
{
    public const string Columns =
        """
        f.uuid as port_uuid, f.network_uuid, f.project_id as port_project, f.address, f.address_v6, f.phase, f.vnic_id, f.up,
        f.created_at as port_created_at
        """;

    /// <summary>
    /// Whether somebody has the port: it is allocated, held or leaving. Written as the indexes of what a project has are, since SQLite
    /// knows them by their words, and not as <c>in</c> with a list, of which it would make a table.
    /// </summary>
    /// <param name="port">What <c>fixed_ips</c> is called in the statement.</param>
    public static string IsTaken(string port) => $"({port}.phase = 1 or {port}.phase = 2 or {port}.phase = 6)";

    /// <summary>
    /// As <see cref="Columns"/>, with what the host has said of the VNIC: for those who look, and not for those who decide. A record
    /// from before the port came to the VNIC says nothing of it. The VNIC is the statement's <c>c</c>; of one that was never attached no
    /// host can have said anything, and none is asked.
    /// </summary>
    public const string SeenColumns = Columns +
        """
        , case when c.generation > 0 then (
            select case when b.kind = 2 or b.outcome = 2 then 6
                        when b.outcome = 0 and b.revision <= h.reported_revision
                         and coalesce(b.updated_at, b.created_at) >= coalesce(f.updated_at, f.created_at) then 5 end
              from host_bindings b join hosts h on h.name = b.host
             where b.host = coalesce(c.host, '') and b.vnic_id = c.uuid and b.generation = c.generation) end as seen_phase,
          case when c.generation > 0 then (
            select max(l.leased_until) from leases l
             where l.vnic_id = c.uuid and l.address = f.address and l.generation = c.generation
               and l.leased_until > {now}) end as leased_until
        """;

    public static PortView ReadSeen(LedgerRow r)
    {
        PortView port = Read(r);
        return port with
        {
            Phase = port.Phase == PortPhase.Held && r.IntOrNull("seen_phase") is { } seen ? (PortPhase)seen : port.Phase,
            LeasedUntil = r.TimeOrNull("leased_until"),
        };
    }

    public static PortView Read(LedgerRow r) => new(
        new PortId(r.Uuid("port_uuid")),
        new NetworkId(r.Uuid("network_uuid")),
        r.TextOrNull("port_project") is { } project ? ProjectId.Parse(project) : default,
        r.TextOrNull("address") is { } address ? Ip4Address.Parse(address) : null,
        r.TextOrNull("address_v6") is { } addressV6 ? Ip6Address.Parse(addressV6) : null,
        (PortPhase)r.Int("phase"),
        r.UuidOrNull("vnic_id") is { } vnic ? new VnicId(vnic) : null,
        r.Flag("up"),
        r.Time("port_created_at"));
}
