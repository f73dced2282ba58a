
namespace NovaOrleans.Networks;

/// <summary>The rows that the range grain owns: networks, subnets and pools at their creation, and its own epoch.</summary>
public static class NetworkRangeRows
{
    public sealed record Candidate(NetworkId Id, ProjectId? Project);

    public static async Task<long> RaiseEpoch(LedgerSession session, ServicePath service) =>
        (await session.Query(
            """
            insert into ranges (service, epoch) values (@service, 1)
            on conflict (service) do update set epoch = ranges.epoch + 1 returning epoch
            """,
            r => r.Long("epoch"), ("service", service.Value)))[0];

    /// <summary>Writes the row so that a newer activation waits for this commit, or this one finds itself stale.</summary>
    public static async Task<bool> HoldsEpoch(LedgerSession session, ServicePath service, long epoch) =>
        await session.Execute(
            "update ranges set epoch = @epoch where service = @service and epoch = @epoch",
            ("service", service.Value), ("epoch", epoch)) == 1;

    public static async Task<NetworkRangeState> Load(LedgerSession session, ServicePath service) => new(await session.Query(
        """
        select n.uuid, n.label, n.vlan, n.vpn_public_address, n.vpn_public_port, n.bridge, n.isolated,
               (select cidr from subnets s where s.network_uuid = n.uuid and s.family = 4 and not s.deleted limit 1) as cidr,
               (select cidr from subnets s where s.network_uuid = n.uuid and s.family = 6 and not s.deleted limit 1) as cidr_v6
          from networks n where n.service = @service and not n.deleted order by n.id
        """,
        r => new NetworkRangeState.Taken(
            new NetworkId(r.Uuid("uuid")),
            r.Text("label"),
            r.TextOrNull("cidr") is { } four ? Cidr4.Parse(four) : null,
            r.TextOrNull("cidr_v6") is { } six ? Cidr6.Parse(six) : null,
            r.LongOrNull("vlan") is { } vlan ? VlanTag.Create((int)vlan) : null,
            r.TextOrNull("vpn_public_address"),
            r.IntOrNull("vpn_public_port"),
            r.TextOrNull("bridge"))
        {
            Isolated = r.Flag("isolated"),
        },
        ("service", service.Value)));

    /// <summary>Networks that may serve a project: its own first, by priority and age, then those without project.</summary>
    public static Task<List<Candidate>> Candidates(LedgerSession session, ServicePath service, ProjectId project) =>
        session.Query(
            """
            select uuid, project_id from networks
             where service = @service and not deleted and life = 0 and (project_id = @project or project_id is null)
             order by case when project_id is null then 1 else 0 end, coalesce(priority, 1000000), id
            """,
            r => new Candidate(
                new NetworkId(r.Uuid("uuid")),
                r.TextOrNull("project_id") is { } owner ? ProjectId.Parse(owner) : null),
            ("service", service.Value), ("project", project.Value));

    /// <summary>
    /// What the key made before: the same networks again, or that it came with another body. The key is stored with the project
    /// that asked, since a network may have been given to another one since.
    /// </summary>
    public static async Task<Outcome<IReadOnlyList<NetworkView>>?> Repeated(
        LedgerSession session, ServicePath service, ProjectId? project, RequestKey key)
    {
        List<(Guid Id, string? Hash)> rows = await session.Query(
            """
            select uuid, request_hash from networks
             where service = @service and request_key = @key and not deleted order by id
            """,
            r => (r.Uuid("uuid"), r.TextOrNull("request_hash")),
            ("service", service.Value), ("key", StoredKey(project, key)));
        if (rows.Count == 0)
        {
            return null;
        }

        if (rows[0].Hash != key.BodyHash)
        {
            return RowRefusals.KeyReused(key, rows[0].Id);
        }

        var views = new List<NetworkView>(rows.Count);
        foreach ((Guid id, _) in rows)
        {
            views.Add((await NetworkRows.Load(session, id))!);
        }

        return views;
    }

    public static async Task Insert(LedgerSession session, CreateNetworks command, NewNetwork network)
    {
        await session.Execute(
            """
            insert into networks (uuid, service, project_id, label, life, bridge, bridge_interface, vlan, mtu, firewall, dhcp,
                injected, multi_host, share_address, priority, vpn_public_address, vpn_public_port, vpn_private_address,
                quarantine_seconds, nat, dhcp_domain, lease_seconds, isolated, tells_members, extra, request_key, request_hash, revision)
            values (@uuid, @service, @project, @label, 0, @bridge, @bridge_interface, @vlan, @mtu, @firewall, @dhcp,
                @injected, @multi_host, @share_address, @priority, @vpn_address, @vpn_port, @vpn_private,
                @quarantine, @nat, @domain, @lease, @isolated, @tells, @extra, @key, @hash, 1)
            """,
            ("uuid", network.Id.Value), ("service", command.Service.Value), ("project", network.Project?.Value),
            ("label", network.Label), ("bridge", network.Links.Bridge), ("bridge_interface", network.Links.BridgeInterface),
            ("vlan", network.Links.Vlan?.Value), ("mtu", network.Links.Mtu), ("firewall", network.Links.Firewall),
            ("dhcp", network.Links.Dhcp), ("injected", network.Injected), ("multi_host", network.MultiHost),
            ("share_address", network.ShareAddress), ("priority", network.Priority),
            ("vpn_address", network.Vpn?.PublicAddress), ("vpn_port", network.Vpn?.PublicPort),
            ("vpn_private", network.Vpn?.PrivateAddress.ToString()), ("quarantine", network.QuarantineSeconds),
            ("nat", network.Nat), ("domain", network.Links.Domain), ("lease", network.Links.LeaseSeconds),
            ("isolated", network.Isolated), ("tells", network.TellsMembers), ("extra", NetworkExtra.Write(network.Extra)),
            ("key", command.Key is { } key ? StoredKey(network.Project, key) : null), ("hash", command.Key?.BodyHash));
        if (network.Subnet4 is { } four)
        {
            await InsertSubnet(
                session, network.Id, 4, four.Cidr.ToString(), four.Gateway?.ToString(),
                ("dhcp", four.DhcpServer?.ToString()), ("first", four.Allowed.First.ToString()),
                ("last", four.Allowed.Last.ToString()), ("dns", string.Join(' ', four.Dns)));
        }

        if (network.Subnet6 is { } six)
        {
            await InsertSubnet(
                session, network.Id, 6, six.Cidr.ToString(), six.Gateway?.ToString(),
                ("dhcp", null), ("first", null), ("last", null), ("dns", ""));
        }

        await session.Execute(
            "insert into pools (network_uuid, epoch, open) values (@network, 1, {true})", ("network", network.Id.Value));
        await HistoryRows.Append(session, command.Actor, "network created", network: network.Id, why: network.Label);
    }

    private static string StoredKey(ProjectId? project, RequestKey key) => $"{project}:{key.Key}";

    private static Task<int> InsertSubnet(
        LedgerSession session, NetworkId network, int family, string cidr, string? gateway,
        params ReadOnlySpan<(string Name, object? Value)> rest) => session.Execute(
        """
        insert into subnets (uuid, network_uuid, family, position, cidr, gateway, dhcp_server, first, last, dns)
        values (@uuid, @network, @family, 0, @cidr, @gateway, @dhcp, @first, @last, @dns)
        """,
        [("uuid", Guid.CreateVersion7()), ("network", network.Value), ("family", family), ("cidr", cidr),
            ("gateway", gateway), .. rest]);
}
