using NovaOrleans.Vnics;

namespace NovaOrleans.Pools;

/// <summary>The rows that the pool grain owns. Every write is fenced by the activation's epoch.</summary>
internal static class PoolRows
{
    public sealed record Port(PortView View, long? Position, string? RequestHash, bool Deleted);

    public sealed record Card(long Generation, bool Attached);

    private const string Columns = PortRows.Columns + ", f.position, f.request_hash, f.deleted";

    private const string SelectPort =
        $"select {Columns} from fixed_ips f where f.uuid = @port and f.network_uuid = @network";

    /// <summary>
    /// Takes the pool over: every older activation is fenced when this is committed, and what it had committed can be
    /// read then. Null where there is no such pool.
    /// </summary>
    public static Task<(long Epoch, bool Open)?> RaiseEpoch(LedgerSession session, NetworkId network) =>
        session.QueryOne(
            "update pools set epoch = epoch + 1 where network_uuid = @network returning epoch, open",
            r => ((long, bool)?)(r.Long("epoch"), r.Flag("open")), ("network", network));

    /// <summary>
    /// Whether this activation still owns the pool; if so, no newer one can take over before the commit.
    /// </summary>
    public static Task<bool> Owns(LedgerSession session, NetworkId network, long epoch) => session.QueryOne(
        "select 1 as one from pools where network_uuid = @network and epoch = @epoch {share}",
        _ => true, ("network", network), ("epoch", epoch));

    /// <summary>
    /// Closes an idle pool; false where something is held. The pool's row is locked first: what was being held then is
    /// committed, and the next statement sees it.
    /// </summary>
    public static async Task<bool> Close(LedgerSession session, NetworkId network)
    {
        await session.Query(
            "select 1 as one from pools where network_uuid = @network {update}", _ => true, ("network", network));
        return await session.Execute(
            """
            update pools set open = {false} where network_uuid = @network and not exists (
                   select 1 from fixed_ips where network_uuid = @network and not deleted and phase in (1, 2, 6))
            """,
            ("network", network)) == 1;
    }

    public static Task<int> Reopen(LedgerSession session, NetworkId network) => session.Execute(
        "update pools set open = {true} where network_uuid = @network", ("network", network));

    /// <summary>The port, and nobody else changes it before the commit; null where the network never had it.</summary>
    public static Task<Port?> LoadPort(LedgerSession session, NetworkId network, PortId port, bool locked = true) =>
        session.QueryOne(
            locked ? SelectPort + " {update}" : SelectPort, Read, ("port", port), ("network", network));

    /// <summary>The VNIC's first port in this network that has the address or is the further one asked for, if one was.</summary>
    public static Task<PortView?> PortOf(LedgerSession session, NetworkId network, PlugVnic command) =>
        session.QueryOne(
            $"""
            select {PortRows.Columns} from fixed_ips f
             where f.vnic_id = @vnic and f.network_uuid = @network and not f.deleted
               and f.phase = 2 and (cast(@address as text) is null or f.address = cast(@address as text))
               and (cast(@further as {"{uuid}"}) is null or f.uuid = @further)
             order by f.ordinal limit 1
            """,
            PortRows.Read, ("vnic", command.Vnic), ("network", network), ("address", command.Address),
            ("further", command.Further));

    /// <summary>The live card, and nobody attaches or deletes it before the commit.</summary>
    public static Task<Card?> LockCard(LedgerSession session, VnicId vnic) => session.QueryOne(
        """
        select generation, instance_id is not null as attached from ethernet_cards
         where uuid = @vnic and not deleted {share}
        """,
        ReadCard, ("vnic", vnic));

    /// <summary>
    /// The live card, for one more port of it. Written and not only locked: who deletes it at the same time sees that it is another row
    /// than the one whose ports it saw.
    /// </summary>
    public static Task<Card?> TakeCard(LedgerSession session, VnicId vnic) => session.QueryOne(
        """
        update ethernet_cards set updated_at = {now} where uuid = @vnic and not deleted
        returning generation, instance_id is not null as attached
        """,
        ReadCard, ("vnic", vnic));

    public static Task<int> QuarantineSeconds(LedgerSession session, NetworkId network) => session.QueryOne(
        "select quarantine_seconds from networks where uuid = @network",
        r => r.Int("quarantine_seconds"), ("network", network));

    /// <summary>
    /// The card that the same command made before, or why it cannot be its answer; null where there is none.
    /// </summary>
    public static async Task<Outcome<VnicView>?> FindCard(LedgerSession session, CreateVnic command)
    {
        VnicRows.Card? card = await VnicRows.Load(session, command.Vnic)
            ?? (command.Key is { } key ? await VnicRows.LoadByKey(session, command.Project, key) : null);
        if (card is null)
        {
            return null;
        }

        return FixedIpPoolRules.Repeats(card.Id.Value, card.Project, card.RequestHash, command.Project, command.Key) is { } refusal
            ? refusal
            : FixedIpPoolRules.AsAsked(card.ToView(await VnicRows.Ports(session, card.Id)), command);
    }

    /// <summary>As <see cref="FindCard"/>, for many: those of them that live.</summary>
    public static async Task<Outcome<IReadOnlyList<VnicView>>?> FindCards(LedgerSession session, CreateVnics command)
    {
        List<VnicView> views = [];
        for (int i = 0; i < command.Cards.Count; i++)
        {
            RequestKey? key = FixedIpPoolRules.KeyOf(command.Key, i);
            CreateVnic one = new(
                command.Cards[i].Vnic, command.Project, command.Actor, null, command.Cards[i].Mac, command.Cards[i].Address, key);
            if (await FindCard(session, one) is not { } found)
            {
                continue;
            }

            if (found.Refused)
            {
                return found.Refusal;
            }

            views.Add(found.Value);
        }

        return views.Count == 0 ? (Outcome<IReadOnlyList<VnicView>>?)null : views.ToArray();
    }

    /// <summary>As <see cref="FindCard"/>, for ports.</summary>
    public static async Task<Outcome<PortView>?> FindPort(LedgerSession session, CreatePort command)
    {
        Port? port = await session.QueryOne(
            $"""
            select {Columns} from fixed_ips f
             where not f.deleted and (f.uuid = @port
                or (f.project_id = @project and f.request_key = cast(@key as text)))
             order by case when f.uuid = @port then 0 else 1 end limit 1
            """,
            Read, ("port", command.Port), ("project", command.Project), ("key", command.Key?.Key));
        return port is null ? null
            : FixedIpPoolRules.Repeats(
                port.View.Id.Value, port.View.Project, port.RequestHash, command.Project, command.Key)
                is { } refusal ? refusal
            : port.View;
    }

    /// <summary>What is at an address; null where it is free.</summary>
    public static Task<Port?> LoadPortAt(LedgerSession session, NetworkId network, long position) => session.QueryOne(
        $"""
        select {Columns} from fixed_ips f
         where f.network_uuid = @network and f.position = @position and not f.deleted {"{update}"}
        """,
        Read, ("network", network), ("position", position));

    /// <summary>Gives the time of its creation.</summary>
    public static Task<DateTimeOffset> InsertPlugged(
        LedgerSession session, PortView port, long? position, int ordinal) => session.QueryOne(
            """
            insert into fixed_ips (
                uuid, network_uuid, address, position, address_v6, phase, vnic_id, ordinal, project_id)
            values (@port, @network, @address, @position, @v6, 2, @vnic, @ordinal, @project) returning created_at
            """,
            r => r.Time("created_at"),
            ("port", port.Id), ("network", port.Network), ("address", port.Address), ("position", position),
            ("v6", port.AddressV6), ("vnic", port.Vnic), ("ordinal", ordinal), ("project", port.Project));

    public static Task<int> Plug(LedgerSession session, PortView port, int ordinal) => session.Execute(
        """
        update fixed_ips set phase = 2, vnic_id = @vnic, ordinal = @ordinal, address_v6 = @v6, quarantined_until = null,
               updated_at = {now}
         where uuid = @port and not deleted
        """,
        ("port", port.Id), ("vnic", port.Vnic), ("ordinal", ordinal), ("v6", port.AddressV6));

    /// <summary>
    /// The port stays its project's. That its address has reached a host is kept as the time until which it would have
    /// to rest.
    /// </summary>
    public static Task<int> Unplug(LedgerSession session, PortId port, int restSeconds) => session.Execute(
        """
        update fixed_ips set phase = 1, vnic_id = null, ordinal = 0, address_v6 = null, updated_at = {now},
               quarantined_until = case when @seconds > 0 then {now+@seconds} end
         where uuid = @port and not deleted
        """,
        ("port", port), ("seconds", restSeconds));

    /// <summary>Frees a port without VNIC, or lets its address rest; gives the time until which it does.</summary>
    public static Task<DateTimeOffset?> DeletePort(LedgerSession session, PortId port) => session.QueryOne(
        """
        update fixed_ips set
               phase = case when quarantined_until > {now} then 3 else phase end,
               deleted = case when quarantined_until > {now} then {false} else {true} end,
               deleted_at = case when quarantined_until > {now} then null else {now} end,
               updated_at = {now}
         where uuid = @port and not deleted returning deleted, quarantined_until
        """,
        r => r.Flag("deleted") ? null : r.TimeOrNull("quarantined_until"), ("port", port));

    /// <summary>Leaves the time as it is, which says since when the port is the VNIC's.</summary>
    public static Task<int> SetUp(LedgerSession session, PortId port, bool up) => session.Execute(
        "update fixed_ips set up = @up where uuid = @port", ("up", up), ("port", port));

    public static Task<int> InsertReserved(
        LedgerSession session, NetworkId network, Ip4Address address, long position) => session.Execute(
        """
        insert into fixed_ips (uuid, network_uuid, address, position, phase)
        values (@port, @network, @address, @position, 4)
        """,
        ("port", PortId.New()), ("network", network), ("address", address), ("position", position));

    public static Task<int> ReserveResting(LedgerSession session, PortId port) => session.Execute(
        "update fixed_ips set phase = 4, quarantined_until = null, updated_at = {now} where uuid = @port",
        ("port", port));

    public static Task<int> DeleteReserved(LedgerSession session, PortId port) => session.Execute(
        "update fixed_ips set deleted = {true}, deleted_at = {now}, updated_at = {now} where uuid = @port",
        ("port", port));

    /// <summary>Ends quarantines that are over by the database's clock; gives that time and the positions.</summary>
    public static async Task<(DateTimeOffset Now, List<long?> Positions)> EndQuarantines(
        LedgerSession session, NetworkId network)
    {
        DateTimeOffset now = await session.QueryOne("select {now} as t", r => r.Time("t"));
        await session.Execute(
            """
            insert into history (actor, what, network_uuid, address)
            select 'nova', 'quarantine ended', network_uuid, address from fixed_ips
             where network_uuid = @network and phase = 3 and not deleted and quarantined_until <= @now
            """,
            ("network", network), ("now", now));
        return (now, await session.Query(
            """
            update fixed_ips set deleted = {true}, deleted_at = {now}, updated_at = {now}
             where network_uuid = @network and phase = 3 and not deleted and quarantined_until <= @now
            returning position
            """,
            r => r.LongOrNull("position"), ("network", network), ("now", now)));
    }

    public static Task<int> NextOrdinal(LedgerSession session, NetworkId network, VnicId vnic) => session.QueryOne(
        """
        select coalesce(max(ordinal) + 1, 0) as n from fixed_ips
         where vnic_id = @vnic and network_uuid = @network and not deleted
        """,
        r => r.Int("n"), ("vnic", vnic), ("network", network));

    private static Port Read(LedgerRow r) => new(
        PortRows.Read(r), r.LongOrNull("position"), r.TextOrNull("request_hash"), r.Flag("deleted"));

    private static Card ReadCard(LedgerRow r) => new(r.Long("generation"), r.Flag("attached"));
}
