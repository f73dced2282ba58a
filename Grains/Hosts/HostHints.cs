namespace NovaOrleans.Hosts;

/// <summary>
/// Tells hosts that rows which they are told of have changed. Called after a commit by whoever owns the rows; it finds the hosts
/// that care, and leaves the reading to them. A hint that does not arrive is made good by the host's own looking.
/// </summary>
public sealed partial class HostHints(ILedger ledger, IGrainFactory grains, ILogger<HostHints> logger)
{
    /// <summary>Said so that the planner looks for a card by what else is asked of it, and not among all that are attached.</summary>
    private const string HasHost = "coalesce(c.host, '') <> ''";

    private const string PeerHasHost = "coalesce(peers.host, '') <> ''";

    private const string PortsOfVnic = "f.vnic_id = @id";

    private const string PortsOfInstance =
        "f.vnic_id in (select c.uuid from ethernet_cards c where c.instance_id = @id and not c.deleted)";

    /// <summary>
    /// The VNIC came to a host or left it, and its ports are still its own: whoever is in its network has another member. Who is
    /// awaited here, so that they are asked for before the ports are gone.
    /// </summary>
    public Task MemberChanged(VnicId vnic) => Tell(PeersOf(PortsOfVnic), vnic, HostNews.Members);

    /// <summary>The network's facts, ports or VPN changed. <paramref name="also"/>: a host that served it until now.</summary>
    public Task NetworkChanged(NetworkId network, HostName? also = null) => Tell(
        """
        select distinct c.host from ethernet_cards c where c.host is not null and not c.deleted and c.uuid {among}
            select f.vnic_id from fixed_ips f where f.network_uuid = @id and f.phase = 2 and not f.deleted {end}
        union select n.host from networks n where n.uuid = @id and n.host is not null
        """,
        network, HostNews.Bindings | HostNews.Members, also);

    /// <summary>The VNIC's ports, addresses or floating IPs changed while it is attached.</summary>
    public async Task VnicChanged(VnicId vnic)
    {
        await MemberChanged(vnic);
        await Tell(
            $$"""
            select c.host from ethernet_cards c where c.uuid = @id and {{HasHost}} and not c.deleted
            union select n.host from networks n join fixed_ips f on f.network_uuid = n.uuid
             where f.vnic_id = @id and f.phase = 2 and not f.deleted and n.host is not null
            union {{WhoLetsIn("a.instance_id {among} select own.instance_id from ethernet_cards own where own.uuid = @id {end}")}}
            """,
            vnic, HostNews.All);
    }

    /// <summary>The rules of the group changed, or it is gone.</summary>
    public Task GroupChanged(SecurityGroupId group) => Tell(
        $$"""
        select distinct c.host from ethernet_cards c where {{HasHost}} and not c.deleted and c.instance_id {among}
            select a.instance_id from security_group_instance_association a where a.group_uuid = @id and not a.deleted {end}
        """,
        group, HostNews.Groups);

    /// <summary>The instance came to a host, left it, or changed its groups: whoever lets its groups in has new members.</summary>
    public async Task InstanceChanged(InstanceId instance)
    {
        await Tell(PeersOf(PortsOfInstance), instance, HostNews.Members);
        await Tell(
            $$"""
            select c.host from ethernet_cards c where c.instance_id = @id and {{HasHost}} and not c.deleted
            union {{WhoLetsIn("a.instance_id = @id")}}
            union select n.host from networks n where n.host is not null and not n.multi_host and n.uuid {among}
                select f.network_uuid from fixed_ips f where f.phase + 0 = 2 and not f.deleted and f.vnic_id {among}
                    select c.uuid from ethernet_cards c where c.instance_id = @id and not c.deleted {end} {end}
            """,
            instance, HostNews.All);
    }

    /// <summary>What is blocked for every guest changed.</summary>
    public Task BlockedChanged() => Tell(
        "select distinct c.host from ethernet_cards c where c.host is not null and not c.deleted", HostNews.Groups, null);

    /// <summary>
    /// Hosts of whoever has rules that let in groups of these associations; of those that have ended too, for who let it in until now has
    /// to hear of it.
    /// </summary>
    private static string WhoLetsIn(string associations) =>
        $$"""
        select peers.host from ethernet_cards peers where {{PeerHasHost}} and not peers.deleted and peers.instance_id {among}
            select b.instance_id from security_group_instance_association b where not b.deleted and b.group_uuid {among}
                select r.group_uuid from security_group_rules r where not r.deleted and r.source_group_uuid {among}
                    select a.group_uuid from security_group_instance_association a where {{associations}}
                {end} {end} {end}
        """;

    /// <summary>
    /// Hosts with a VNIC in one of these ports' networks that tell of all their VNICs. Those networks are found first and for
    /// themselves: most instances have none, and a planner that knows of few attached cards starts with all of them.
    /// </summary>
    private static string PeersOf(string ports) =>
        $"""
        with told as materialized (
            select distinct f.network_uuid from fixed_ips f
              join networks n on n.uuid = f.network_uuid and n.tells_members and not n.deleted
             where {ports} and f.phase + 0 = 2 and not f.deleted)
        select distinct peers.host from ethernet_cards peers
         where peers.host is not null and not peers.deleted and exists (select 1 from told) and exists (
            select 1 from fixed_ips p
             where p.vnic_id = peers.uuid and p.phase = 2 and not p.deleted and p.network_uuid in (select network_uuid from told))
        """;

    private Task Tell(string hosts, object id, HostNews news, HostName? also = null) => Tell(hosts, news, also, ("id", id));

    private async Task Tell(string hosts, HostNews news, HostName? also, params (string Name, object? Value)[] parameters)
    {
        try
        {
            List<HostName> names = await ledger.Read(s => s.Query(hosts, r => HostName.Parse(r.Text("host")), parameters));
            foreach (HostName host in names.Union(also is { } one ? [one] : []))
            {
                await grains.GetGrain<IHostGrain>(host.Value).LookAgain(news);
            }
        }
        catch (Exception e) when (e is OperatingFaultException or TimeoutException or OrleansException)
        {
            LogLost(e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "hosts were not told that rows changed; they will see for themselves: {Reason}")]
    private partial void LogLost(string reason);
}
