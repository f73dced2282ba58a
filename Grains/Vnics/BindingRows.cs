using NovaOrleans.FloatingIps;
using NovaOrleans.Networks;
using NovaOrleans.Pools;

namespace NovaOrleans.Vnics;

/// <summary>
/// What hosts are told of attached VNICs, composed from the rows of cards, ports, networks, groups and floating IPs: the only
/// place that does, so that a binding told at the launch and one told after a change are made alike.
/// </summary>
public static class BindingRows
{
    /// <summary>An attached VNIC and the host that it is attached to.</summary>
    public sealed record Placed(HostName Host, HostBinding Binding);

    /// <summary>
    /// With its host it has its instance. Said so that the planner does not see it: few cards are attached by its statistics, and it
    /// would look for one by its id among all that are.
    /// </summary>
    private const string Attached = "coalesce(c.host, '') <> '' and not c.deleted";

    private const string OfOne = $"c.uuid = @vnic and {Attached}";

    private const string OfHost = "c.host = @host and not c.deleted";

    /// <summary>On other hosts, with a port in a network whose one network host this is.</summary>
    /// <remarks>Most hosts are no network host, and are not to look through all attached cards to learn that.</remarks>
    private const string ServedElsewhere =
        $"""
        exists (select 1 from networks n where n.host = @host and not n.multi_host and not n.deleted)
        and c.host <> @host and {Attached} and c.uuid in (
            select f.vnic_id from fixed_ips f join networks n on n.uuid = f.network_uuid
             where n.host = @host and not n.multi_host and not n.deleted and f.phase = 2 and not f.deleted)
        """;

    /// <summary>The networks with VNICs on this host that tell of those elsewhere.</summary>
    private const string Told =
        """
        select n.uuid as network_uuid from networks n where n.tells_members and not n.deleted and n.uuid {among}
            select o.network_uuid from fixed_ips o where o.phase + 0 = 2 and not o.deleted and o.vnic_id {among}
                select own.uuid from ethernet_cards own where own.host = @host and not own.deleted {end} {end}
        """;

    /// <summary>On other hosts, in one of these networks. Asked of the cards: no index has held ports by network.</summary>
    private const string ToldElsewhere =
        $"""
        c.host <> @host and {Attached} and exists (
            select 1 from fixed_ips f
             where f.vnic_id = c.uuid and f.phase = 2 and not f.deleted and f.network_uuid in ({Told}))
        """;

    /// <summary>Null where the VNIC is attached to nothing.</summary>
    public static async Task<HostBinding?> OfVnic(LedgerSession session, VnicId vnic) =>
        await Compose(session, OfOne, ("vnic", vnic)) is [var placed, ..] ? placed.Binding : null;

    public static Task<IReadOnlyList<Placed>> OnHost(LedgerSession session, HostName host) =>
        Compose(session, OfHost, ("host", host));

    /// <summary>What another host has and this one serves, or must know of.</summary>
    public static async Task<IReadOnlyList<Placed>> Elsewhere(LedgerSession session, HostName host)
    {
        Task<IReadOnlyList<Placed>> served = Compose(session, ServedElsewhere, ("host", host));
        // Most hosts have no network that tells of others: they are not to look through all cards for it.
        Task<bool> isTold = session.QueryOne($"{Told} limit 1", _ => true, ("host", host));
        await Task.WhenAll(served, isTold);
        return await isTold
            ? [.. (await served).UnionBy(await Compose(session, ToldElsewhere, ("host", host)), p => p.Binding.Vnic)]
            : await served;
    }

    private static async Task<IReadOnlyList<Placed>> Compose(
        LedgerSession session, string filter, (string Name, object? Value) parameter)
    {
        List<(VnicRows.Card Card, string Instance)> cards = await session.Query(
            $"""
            select {VnicRows.Columns}, case when i.deleted then null else i.name end as instance_name
              from ethernet_cards c left join instances i on i.uuid = c.instance_id
             where {filter} order by c.id
            """,
            r => (VnicRows.Read(r), r.TextOrNull("instance_name") ?? ""), parameter);
        if (cards.Count == 0)
        {
            return [];
        }

        Task<ILookup<VnicId, PortView>> portsRead = Ports(session, filter, parameter);
        Task<Dictionary<NetworkId, NetworkView>> networksRead = Networks(session, filter, parameter);
        Task<ILookup<InstanceId, SecurityGroupId>> groupsRead = Groups(session, filter, parameter);
        Task<ILookup<VnicId, FloatingAddress>> floatingRead = Floating(session, filter, parameter);
        await Task.WhenAll(portsRead, networksRead, groupsRead, floatingRead);
        ILookup<VnicId, PortView> ports = await portsRead;
        Dictionary<NetworkId, NetworkView> networks = await networksRead;
        ILookup<InstanceId, SecurityGroupId> groups = await groupsRead;
        ILookup<VnicId, FloatingAddress> floating = await floatingRead;
        return
        [
            .. cards.Select(c =>
            {
                IReadOnlyList<PortView> own = [.. ports[c.Card.Id]];
                NetworkView? network = own.Count > 0 ? networks.GetValueOrDefault(own[0].Network) : null;
                return new Placed(c.Card.Host!.Value, VnicRules.Binding(c.Card, c.Instance, own, network) with
                {
                    SecurityGroups = [.. groups[c.Card.Instance!.Value]],
                    FloatingIps = [.. floating[c.Card.Id]],
                });
            }),
        ];
    }

    private static async Task<ILookup<VnicId, PortView>> Ports(
        LedgerSession session, string filter, (string Name, object? Value) parameter) => (await session.Query(
        $$"""
        select {{PortRows.Columns}} from fixed_ips f
         where f.phase + 0 = 2 and not f.deleted and f.vnic_id {among} select c.uuid from ethernet_cards c where {{filter}} {end}
         order by f.ordinal, f.id
        """,
        PortRows.Read, parameter)).ToLookup(p => p.Vnic!.Value);

    private static async Task<Dictionary<NetworkId, NetworkView>> Networks(
        LedgerSession session, string filter, (string Name, object? Value) parameter) => (await session.Query(
        $$"""
        select {{NetworkRows.Columns}} from {{NetworkRows.From}}
         where n.uuid {among} select p.network_uuid from fixed_ips p where p.phase + 0 = 2 and not p.deleted
            and p.vnic_id {among} select c.uuid from ethernet_cards c where {{filter}} {end} {end}
        """,
        NetworkRows.Read, parameter)).ToDictionary(n => n.Id);

    private static async Task<ILookup<InstanceId, SecurityGroupId>> Groups(
        LedgerSession session, string filter, (string Name, object? Value) parameter) => (await session.Query(
        $$"""
        select a.instance_id, a.group_uuid from security_group_instance_association a
         where not a.deleted and a.instance_id {among} select c.instance_id from ethernet_cards c where {{filter}} {end}
         order by a.position, a.id
        """,
        r => (Instance: new InstanceId(r.Uuid("instance_id")), Group: new SecurityGroupId(r.Uuid("group_uuid"))), parameter))
        .ToLookup(a => a.Instance, a => a.Group);

    private static async Task<ILookup<VnicId, FloatingAddress>> Floating(
        LedgerSession session, string filter, (string Name, object? Value) parameter) => (await session.Query(
        $$"""
        select p.vnic_id, p.address as fixed_address, o.address, o.interface
          from floating_ips o join fixed_ips p on {{FloatingIpRows.Live}}
         where not o.deleted and p.vnic_id {among} select c.uuid from ethernet_cards c where {{filter}} {end} order by o.id
        """,
        r => (Vnic: new VnicId(r.Uuid("vnic_id")), Address: new FloatingAddress(
            Ip4Address.Parse(r.Text("address")), Ip4Address.Parse(r.Text("fixed_address")), r.TextOrNull("interface"))),
        parameter)).ToLookup(f => f.Vnic, f => f.Address);
}
