namespace NovaOrleans.FloatingIps;

/// <summary>
/// Floating IPs as rows, written by their pool's grain alone. An association names a port and the VNIC that had it: it is live
/// while that VNIC holds that port, and over, wherever it is read, as soon as it does not (see docs/decisions/0026). So whoever
/// frees a port has nothing to do here, and no later owner of the port is ever reached.
/// </summary>
public static class FloatingIpRows
{
    /// <summary>Of <c>floating_ips o</c>: the port, if the association is live.</summary>
    public const string Live = "p.uuid = o.fixed_ip_uuid and p.vnic_id = o.vnic_id and p.phase = 2 and not p.deleted";

    private const int Chunk = 256;

    private const string Columns =
        """
        o.id, o.uuid, o.address, o.pool, o.interface, o.project_id, o.auto_assigned, o.version, o.request_hash,
        p.uuid as port_uuid, p.address as fixed_address, p.vnic_id as live_vnic, c.instance_id
        """;

    private const string From =
        $"""
        floating_ips o left join fixed_ips p on {Live} left join ethernet_cards c on c.uuid = p.vnic_id and not c.deleted
        """;

    public static Task<List<FloatingIpView>> List(LedgerSession session, FloatingIpFilter filter, Page page)
    {
        (string Clause, string Name, object? Value)[] clauses =
        [
            ("o.project_id = @project", "project", filter.Project?.Value), ("o.uuid = @id", "id", filter.Id?.Value),
            ("o.id = @row", "row", filter.RowId), ("o.address = @address", "address", filter.Address?.ToString()),
            ("p.vnic_id = @vnic", "vnic", filter.Vnic?.Value), ("c.instance_id = @instance", "instance", filter.Instance?.Value),
        ];
        (string Clause, string Name, object? Value)[] given = [.. clauses.Where(c => c.Value is not null)];
        return session.Query(
            $$"""
            select {{Columns}} from {{From}} where not o.deleted {{string.Concat(given.Select(c => "and " + c.Clause + " "))}}
               and o.id > coalesce((select m.id from floating_ips m where m.uuid = cast(@marker as {uuid})), 0)
             order by o.id limit @limit
            """,
            r => Read(r).View,
            [("marker", page.Marker), ("limit", page.Limit), .. given.Select(c => (c.Name, c.Value))]);
    }

    public static Task<List<string>> Pools(LedgerSession session) => session.Query(
        "select distinct pool from floating_ips where not deleted order by pool", r => r.Text("pool"));

    /// <summary>The address, and nobody else changes it before the commit; null where this pool does not have it.</summary>
    public static async Task<FloatingIpPoolState?> Lock(LedgerSession session, string pool, FloatingIpId id)
    {
        await session.Query("select 1 as one from floating_ips where uuid = @id {update}", _ => true, ("id", id));
        return await session.QueryOne(
            $"select {Columns} from {From} where o.uuid = @id and o.pool = @pool and not o.deleted", Read,
            ("id", id), ("pool", pool));
    }

    public static Task<FloatingIpPoolState?> ByKey(LedgerSession session, ProjectId project, RequestKey key) => session.QueryOne(
        $"select {Columns} from {From} where o.project_id = @project and o.request_key = @key and not o.deleted", Read,
        ("project", project), ("key", key.Key));

    /// <summary>The free one that was there first.</summary>
    public static Task<FloatingIpId?> FirstFree(LedgerSession session, string pool) => session.QueryOne(
        """
        select uuid from floating_ips where pool = @pool and project_id is null and not deleted order by id limit 1 {update}
        """,
        r => (FloatingIpId?)new FloatingIpId(r.Uuid("uuid")), ("pool", pool));

    public static async Task<long> Used(LedgerSession session, ProjectId project) => await session.QueryOne(
        "select count(*) as n from floating_ips where project_id = @project and not deleted", r => r.Long("n"),
        ("project", project));

    /// <summary>Whose it is from now on, without a fixed IP; false where another activation was first.</summary>
    public static async Task<bool> Give(
        LedgerSession session, FloatingIpPoolState state, ProjectId? project, RequestKey? key) => await session.Execute(
        """
        update floating_ips set project_id = @project, fixed_ip_uuid = null, vnic_id = null, auto_assigned = {false},
               request_key = @key, request_hash = @hash, version = version + 1, updated_at = {now}
         where uuid = @id and version = @version and not deleted
        """,
        ("project", project?.Value), ("key", key?.Key), ("hash", key?.BodyHash), ("id", state.View.Id),
        ("version", state.Version)) == 1;

    /// <summary>What it stands for from now on; false where another activation was first.</summary>
    public static async Task<bool> Point(
        LedgerSession session, FloatingIpPoolState state, PortId? port, VnicId? vnic) => await session.Execute(
        """
        update floating_ips set fixed_ip_uuid = @port, vnic_id = @vnic, version = version + 1, updated_at = {now}
         where uuid = @id and version = @version and not deleted
        """,
        ("port", port?.Value), ("vnic", vnic?.Value), ("id", state.View.Id), ("version", state.Version)) == 1;

    /// <summary>The fixed IP that is asked for: the VNIC's first IPv4 one where none is named.</summary>
    public static Task<FloatingIpPoolState.Target?> Target(LedgerSession session, AssociateFloatingIp command) =>
        session.QueryOne(
            """
            select p.uuid, p.address, p.network_uuid, n.service, n.nat
              from ethernet_cards c
              join fixed_ips p on p.vnic_id = c.uuid and p.phase = 2 and not p.deleted
              join networks n on n.uuid = p.network_uuid
             where c.uuid = @vnic and c.project_id = @project and not c.deleted and p.address is not null
               and (cast(@fixed as text) is null or p.address = cast(@fixed as text))
             order by p.ordinal, p.id limit 1
            """,
            r => new FloatingIpPoolState.Target(
                new PortId(r.Uuid("uuid")), Ip4Address.Parse(r.Text("address")), new NetworkId(r.Uuid("network_uuid")),
                ServicePath.Parse(r.Text("service")), r.Flag("nat")),
            ("vnic", command.Vnic), ("project", command.Project), ("fixed", command.Fixed?.ToString()));

    /// <summary>Another floating IP that stands for the port.</summary>
    public static Task<Ip4Address?> Other(LedgerSession session, PortId port, FloatingIpId except) => session.QueryOne(
        $"select o.address from floating_ips o join fixed_ips p on {Live} where p.uuid = @port and o.uuid <> @id and not o.deleted",
        r => (Ip4Address?)Ip4Address.Parse(r.Text("address")), ("port", port), ("id", except));

    /// <summary>The first of these addresses that some pool has already, with that pool's name.</summary>
    public static async Task<(string Address, string Pool)?> AnyOf(LedgerSession session, IReadOnlyList<Ip4Address> addresses)
    {
        foreach (Ip4Address[] some in addresses.Chunk(Chunk))
        {
            List<(string, string)> there = await session.Query(
                $"select address, pool from floating_ips where address in ({Names(some.Length)}) and not deleted order by id limit 1",
                r => (r.Text("address"), r.Text("pool")), Values(some));
            if (there.Count > 0)
            {
                return there[0];
            }
        }

        return null;
    }

    public static async Task Insert(
        LedgerSession session, string pool, string? link, IReadOnlyList<Ip4Address> addresses)
    {
        foreach (Ip4Address[] some in addresses.Chunk(Chunk))
        {
            string rows = string.Join(", ", Enumerable.Range(0, some.Length).Select(i => $"(@u{i}, @a{i}, @pool, @interface)"));
            await session.Execute(
                $"insert into floating_ips (uuid, address, pool, interface) values {rows}",
                [
                    ("pool", pool), ("interface", link), .. Values(some),
                    .. some.Select((_, i) => ($"u{i}", (object?)FloatingIpId.New().Value)),
                ]);
        }
    }

    /// <summary>Those of the addresses that the pool has, with their projects; nobody allocates them before the commit.</summary>
    public static async Task<List<(FloatingIpId Id, string Address, string? Project)>> LockAll(
        LedgerSession session, string pool, IReadOnlyList<Ip4Address> addresses)
    {
        List<(FloatingIpId, string, string?)> there = [];
        foreach (Ip4Address[] some in addresses.Chunk(Chunk))
        {
            there.AddRange(await session.Query(
                $$"""
                select uuid, address, project_id from floating_ips
                 where pool = @pool and address in ({{Names(some.Length)}}) and not deleted order by id {update}
                """,
                r => (new FloatingIpId(r.Uuid("uuid")), r.Text("address"), r.TextOrNull("project_id")),
                [("pool", pool), .. Values(some)]));
        }

        return there;
    }

    public static Task<int> Delete(LedgerSession session, FloatingIpId id) => session.Execute(
        """
        update floating_ips set deleted = {true}, deleted_at = {now}, updated_at = {now}, version = version + 1
         where uuid = @id and project_id is null and not deleted
        """,
        ("id", id));

    /// <summary>The pools with associations that are over.</summary>
    public static Task<List<string>> Untidy(LedgerSession session) => session.Query(
        $"select distinct o.pool from floating_ips o where {Over} limit 100", r => r.Text("pool"));

    public static Task<List<FloatingIpPoolState>> LockOver(LedgerSession session, string pool) => session.Query(
        $$"""
        select o.id, o.uuid, o.address, o.pool, o.interface, o.project_id, o.auto_assigned, o.version, o.request_hash,
               o.fixed_ip_uuid as port_uuid, null as fixed_address, o.vnic_id as live_vnic, null as instance_id
          from floating_ips o where o.pool = @pool and {{Over}} order by o.id limit 1000 {update}
        """,
        Read, ("pool", pool));

    private const string Over =
        $"o.fixed_ip_uuid is not null and not o.deleted and not exists (select 1 from fixed_ips p where {Live})";

    private static FloatingIpPoolState Read(LedgerRow r) => new(
        new FloatingIpView(
            r.Long("id"), new FloatingIpId(r.Uuid("uuid")), Ip4Address.Parse(r.Text("address")), r.Text("pool"),
            r.TextOrNull("interface"), r.TextOrNull("project_id") is { } project ? ProjectId.Parse(project) : null)
        {
            Port = r.UuidOrNull("port_uuid") is { } port ? new PortId(port) : null,
            Fixed = r.TextOrNull("fixed_address") is { } address ? Ip4Address.Parse(address) : null,
            Vnic = r.UuidOrNull("live_vnic") is { } vnic ? new VnicId(vnic) : null,
            Instance = r.UuidOrNull("instance_id") is { } instance ? new InstanceId(instance) : null,
            AutoAssigned = r.Flag("auto_assigned"),
        },
        r.Long("version"), r.TextOrNull("request_hash"));

    private static string Names(int count) => string.Join(", ", Enumerable.Range(0, count).Select(i => $"@a{i}"));

    private static (string Name, object? Value)[] Values(Ip4Address[] addresses) =>
        [.. addresses.Select((a, i) => ($"a{i}", (object?)a.ToString()))];
}
