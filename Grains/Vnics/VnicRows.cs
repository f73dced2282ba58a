using NovaOrleans.Pools;

namespace NovaOrleans.Vnics;

/// <summary>The card's row, written by the VNIC grain after its creation, and the reading of cards with their ports.</summary>
public static class VnicRows
{
    /// <summary>The row without ports. <paramref name="RequestHash"/> is that of the create that made it.</summary>
    public sealed record Card(
        long RowId, VnicId Id, ServicePath Service, ProjectId Project, MacAddress Mac, string? Name, InstanceId? Instance,
        HostName? Host, int? NicIndex, long Generation, long Version, string? RequestHash, DateTimeOffset CreatedAt)
    {
        public VnicView ToView(IReadOnlyList<PortView> ports) => new(
            RowId, Id, Service, Project, Mac, Name, ports, Instance, Host, Generation, Version, CreatedAt);
    }

    public const string Columns =
        """
        c.id, c.uuid, c.service, c.project_id, c.mac_address, c.name, c.instance_id, c.host, c.nic_index, c.generation,
        c.version, c.request_hash, c.created_at
        """;

    public static Card Read(LedgerRow r) => new(
        r.Long("id"),
        new VnicId(r.Uuid("uuid")),
        ServicePath.Parse(r.Text("service")),
        ProjectId.Parse(r.Text("project_id")),
        MacAddress.Parse(r.Text("mac_address")),
        r.TextOrNull("name"),
        r.UuidOrNull("instance_id") is { } instance ? new InstanceId(instance) : null,
        r.TextOrNull("host") is { } host ? HostName.Parse(host) : null,
        r.IntOrNull("nic_index"),
        r.Long("generation"),
        r.Long("version"),
        r.TextOrNull("request_hash"),
        r.Time("created_at"));

    public static async Task<Card?> Load(LedgerSession session, VnicId vnic) => (await session.Query(
        $"select {Columns} from ethernet_cards c where c.uuid = @id and not c.deleted", Read, ("id", vnic.Value)))
        .FirstOrDefault();

    public static async Task<Card?> LoadByKey(LedgerSession session, ProjectId project, RequestKey key) =>
        (await session.Query(
            $"select {Columns} from ethernet_cards c where c.project_id = @project and c.request_key = @key and not c.deleted",
            Read, ("project", project.Value), ("key", key.Key))).FirstOrDefault();

    public static Task<List<PortView>> Ports(LedgerSession session, VnicId vnic) => session.Query(
        $"select {PortRows.Columns} from fixed_ips f where f.vnic_id = @id and not f.deleted and f.phase = 2 order by f.ordinal, f.id",
        PortRows.Read, ("id", vnic.Value));

    /// <summary>Which port of which network a card is plugged into.</summary>
    public readonly record struct Place(PortId Port, NetworkId Network);

    /// <summary>The live card with where it is plugged in, by one statement; null where there is none.</summary>
    public static async Task<(Card? Card, IReadOnlyList<Place> Ports)> LoadWithPlaces(LedgerSession session, VnicId vnic)
    {
        List<(Card Card, Place? Port)> rows = await session.Query(
            $"""
            select {Columns}, f.uuid as port_uuid, f.network_uuid from ethernet_cards c
              left join fixed_ips f on f.vnic_id = c.uuid and not f.deleted and f.phase = 2
             where c.uuid = @id and not c.deleted order by f.ordinal, f.id
            """,
            r => (Read(r), r.UuidOrNull("port_uuid") is { } port
                ? new Place(new PortId(port), new NetworkId(r.Uuid("network_uuid")))
                : (Place?)null),
            ("id", vnic.Value));
        return rows.Count == 0 ? (null, []) : (rows[0].Card, [.. rows.Select(r => r.Port).OfType<Place>()]);
    }

    public static Task<int> Insert(LedgerSession session, VnicId vnic, CreateCard command, MacAddress mac) => session.Execute(
        """
        insert into ethernet_cards (uuid, service, project_id, mac_address, name, request_key, request_hash)
        values (@id, @service, @project, @mac, @name, @key, @hash) on conflict do nothing
        """,
        ("id", vnic.Value), ("service", command.Service.Value), ("project", command.Project.Value),
        ("mac", mac.ToString()), ("name", command.Name), ("key", command.Key?.Key), ("hash", command.Key?.BodyHash));

    /// <summary>Whose the card is now; nothing is written where its version is no longer <paramref name="version"/>.</summary>
    public static Task<bool> SetAttachment(LedgerSession session, Card card, long version) => session.Must(
        """
        update ethernet_cards set instance_id = @instance, host = @host, nic_index = @nic, generation = @generation,
               version = @next, updated_at = {now}
         where uuid = @id and version = @version and not deleted returning 1
        """,
        ("instance", card.Instance?.Value), ("host", card.Host?.Value), ("nic", card.NicIndex),
        ("generation", card.Generation), ("next", card.Version), ("id", card.Id.Value), ("version", version));

    public static Task<bool> WasDeleted(LedgerSession session, VnicId vnic) => session.QueryOne(
        "select deleted from ethernet_cards where uuid = @id", r => r.Flag("deleted"), ("id", vnic.Value));

    public static Task<bool> Lock(LedgerSession session, VnicId vnic) => session.QueryOne(
        "select 1 as n from ethernet_cards where uuid = @id {update}", _ => true, ("id", vnic.Value));

    /// <summary>Deletes a card without ports; false where it has another version, or a port.</summary>
    public static async Task<bool> Delete(LedgerSession session, Card card) => await session.Execute(
        """
        update ethernet_cards set deleted = {true}, deleted_at = {now}, updated_at = {now}, version = version + 1
         where uuid = @id and version = @version and not deleted and not exists (
               select 1 from fixed_ips f where f.vnic_id = @id and not f.deleted)
        """,
        ("id", card.Id.Value), ("version", card.Version)) == 1;
}
