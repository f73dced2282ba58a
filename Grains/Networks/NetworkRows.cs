namespace NovaOrleans.Networks;

/// <summary>
/// A network's rows as the 2011 record over networks and subnets: read by whoever needs it, written afterwards by the
/// network grain alone.
/// </summary>
public static class NetworkRows
{
    public const string Columns =
        """
        n.id, n.uuid, n.service, n.project_id, n.label, n.life, n.bridge, n.bridge_interface, n.vlan, n.mtu, n.firewall,
        n.dhcp, n.injected, n.multi_host, n.share_address, n.priority, n.host, n.vpn_public_address, n.vpn_public_port,
        n.vpn_private_address, n.quarantine_seconds, n.nat, n.dhcp_domain, n.lease_seconds, n.isolated, n.tells_members, n.extra,
        n.revision, n.created_at, n.updated_at,
        f.cidr, f.gateway, f.dhcp_server, f.first, f.last, f.dns, x.cidr as cidr_v6, x.gateway as gateway_v6
        """;

    /// <summary>The first subnet of each family; a network without one of them is joined to nothing.</summary>
    public const string From =
        """
        networks n
          left join subnets f on f.network_uuid = n.uuid and f.family = 4 and f.position = 0 and not f.deleted
          left join subnets x on x.network_uuid = n.uuid and x.family = 6 and x.position = 0 and not x.deleted
        """;

    /// <summary>The network, also while it is closing; null once it is deleted.</summary>
    public static Task<NetworkView?> Load(LedgerSession session, Guid network) => session.QueryOne(
        $"select {Columns} from {From} where n.uuid = @id and not n.deleted", Read, ("id", network));

    public static NetworkView Read(LedgerRow r) => new(
        r.Long("id"),
        new NetworkId(r.Uuid("uuid")),
        ServicePath.Parse(r.Text("service")),
        r.TextOrNull("project_id") is { } project ? ProjectId.Parse(project) : null,
        r.Text("label"),
        (NetworkLife)r.Int("life"),
        new NetworkLinks(
            r.TextOrNull("bridge"),
            r.TextOrNull("bridge_interface"),
            r.IntOrNull("vlan") is { } vlan ? VlanTag.Create(vlan) : null,
            r.Int("mtu"),
            r.Text("firewall"),
            r.Text("dhcp"))
        {
            Domain = r.TextOrNull("dhcp_domain"),
            LeaseSeconds = r.Int("lease_seconds"),
        },
        Subnet4(r),
        Subnet6(r))
    {
        Vpn = r.IntOrNull("vpn_public_port") is { } port
            ? new VpnFacts(r.Text("vpn_public_address"), port, Ip4Address.Parse(r.Text("vpn_private_address")))
            : null,
        Injected = r.Flag("injected"),
        MultiHost = r.Flag("multi_host"),
        ShareAddress = r.Flag("share_address"),
        Priority = r.IntOrNull("priority"),
        NetworkHost = r.TextOrNull("host") is { } host ? HostName.Parse(host) : null,
        QuarantineSeconds = r.Int("quarantine_seconds"),
        Nat = r.Flag("nat"),
        Isolated = r.Flag("isolated"),
        TellsMembers = r.Flag("tells_members"),
        Extra = NetworkExtra.Read(r.TextOrNull("extra")),
        Revision = r.Long("revision"),
        CreatedAt = r.Time("created_at"),
        UpdatedAt = r.TimeOrNull("updated_at"),
    };

    /// <summary>Writes what may change of a network, at the revision before; false where it has another one.</summary>
    public static async Task<bool> Update(LedgerSession session, NetworkView network)
    {
        if (await session.Execute(
            """
            update networks set project_id = @project, label = @label, life = @life, host = @host,
                   quarantine_seconds = @quarantine,
                   vpn_public_address = @vpn_address, vpn_public_port = @vpn_port, revision = @revision,
                   updated_at = {now}, deleted = @deleted, deleted_at = case when @deleted then {now} else null end
             where uuid = @id and revision = @revision - 1 and not deleted
            """,
            ("project", network.Project?.Value), ("label", network.Label), ("life", (int)network.Life),
            ("host", network.NetworkHost?.Value), ("quarantine", network.QuarantineSeconds), ("vpn_address", network.Vpn?.PublicAddress),
            ("vpn_port", network.Vpn?.PublicPort), ("revision", network.Revision),
            ("deleted", network.Life == NetworkLife.Deleted), ("id", network.Id.Value)) == 0)
        {
            return false;
        }

        if (network.Life == NetworkLife.Deleted)
        {
            await session.Execute(
                """
                update subnets set deleted = {true}, deleted_at = {now}, updated_at = {now}
                 where network_uuid = @id and not deleted
                """,
                ("id", network.Id.Value));
        }
        else if (network.Subnet4 is { } four)
        {
            await session.Execute(
                """
                update subnets set dns = @dns, updated_at = {now}
                 where network_uuid = @id and family = 4 and position = 0 and dns <> @dns and not deleted
                """,
                ("dns", string.Join(' ', four.Dns)), ("id", network.Id.Value));
        }

        return true;
    }

    /// <summary>Networks whose deletion a silo's death may have cut off.</summary>
    public static Task<List<NetworkId>> Closing(LedgerSession session, long seconds) => session.Query(
        "select uuid from networks where life = 1 and not deleted and updated_at <= {now-@seconds} order by id limit 1000",
        r => new NetworkId(r.Uuid("uuid")), ("seconds", seconds));

    private static Subnet4? Subnet4(LedgerRow r)
    {
        if (r.TextOrNull("cidr") is not { } cidr)
        {
            return null;
        }

        AddressRange.TryCreate(
            Ip4Address.Parse(r.Text("first")), Ip4Address.Parse(r.Text("last")), out AddressRange allowed);
        return new Subnet4(
            Cidr4.Parse(cidr),
            r.TextOrNull("gateway") is { } gateway ? Ip4Address.Parse(gateway) : null,
            r.TextOrNull("dhcp_server") is { } server ? Ip4Address.Parse(server) : null,
            allowed,
            [.. r.Text("dns").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Ip4Address.Parse)]);
    }

    private static Subnet6? Subnet6(LedgerRow r) => r.TextOrNull("cidr_v6") is { } cidr
        ? new Subnet6(Cidr6.Parse(cidr), r.TextOrNull("gateway_v6") is { } gateway ? Ip6Address.Parse(gateway) : null)
        : null;
}
