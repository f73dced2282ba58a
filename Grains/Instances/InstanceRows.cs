using System.Text.Json;

namespace NovaOrleans.Instances;

/// <summary>The rows that the instance grain owns: the instance and its association with VNICs.</summary>
public static class InstanceRows
{
    public sealed record Row(
        long RowId, InstanceId Id, ProjectId Project, ServicePath Service, string Name, InstanceStatus Status,
        HostName? Host, string? Fault, string? ImageRef, string? FlavorRef, string Metadata, string? RequestHash,
        long Version, DateTimeOffset CreatedAt, DateTimeOffset? UpdatedAt)
    {
        /// <summary>What image and flavor meant when it was launched.</summary>
        public MachineSpec? Machine { get; init; }

        public LaunchDetails Launch { get; init; } = LaunchDetails.None;

        public InstanceView ToView(IReadOnlyList<VnicId> vnics) =>
            new(RowId, Id, Project, Service, Name, Status, Host, vnics, Fault, CreatedAt, UpdatedAt)
            {
                ImageRef = ImageRef,
                FlavorRef = FlavorRef,
                Metadata = Labels,
                Launch = Launch,
            };

        public IReadOnlyDictionary<string, string> Labels =>
            JsonSerializer.Deserialize<Dictionary<string, string>>(Metadata) ?? [];
    }

    public const string Columns =
        """
        i.id, i.uuid, i.project_id, i.service, i.name, i.status, i.host, i.fault, i.image_ref, i.flavor_ref, i.metadata,
        i.request_hash, i.version, i.created_at, i.updated_at, i.machine, i.reservation_id, i.launch_index, i.key_name
        """;

    public static Row Read(LedgerRow r) => new(
        r.Long("id"),
        new InstanceId(r.Uuid("uuid")),
        ProjectId.Parse(r.Text("project_id")),
        ServicePath.Parse(r.Text("service")),
        r.Text("name"),
        (InstanceStatus)r.Long("status"),
        r.TextOrNull("host") is { } host ? HostName.Parse(host) : null,
        r.TextOrNull("fault"),
        r.TextOrNull("image_ref"),
        r.TextOrNull("flavor_ref"),
        r.Text("metadata"),
        r.TextOrNull("request_hash"),
        r.Long("version"),
        r.Time("created_at"),
        r.TimeOrNull("updated_at"))
    {
        Machine = r.TextOrNull("machine") is { } machine ? JsonSerializer.Deserialize<MachineSpec>(machine) : null,
        Launch = new LaunchDetails(r.TextOrNull("reservation_id"), r.Int("launch_index"), r.TextOrNull("key_name")),
    };

    public static async Task<InstanceState?> Load(LedgerSession session, InstanceId id)
    {
        Task<Row?> row = session.QueryOne(
            $"select {Columns} from instances i where i.uuid = @id and not i.deleted", Read, ("id", id.Value));
        Task<List<InstanceState.Nic>> nics = Nics(session, id);
        await Task.WhenAll(row, nics);
        return await row is { } there ? new InstanceState(there, await nics) : null;
    }

    /// <summary>Those of them that have a row and are not deleted.</summary>
    public static async Task<HashSet<InstanceId>> Living(LedgerSession session, IEnumerable<InstanceId> ids)
    {
        (InstanceId Id, bool Lives)[] looked = await Task.WhenAll(ids.Select(async id => (id, await session.QueryOne(
            "select uuid from instances where uuid = @id and not deleted", _ => true, ("id", id.Value)))));
        return [.. looked.Where(i => i.Lives).Select(i => i.Id)];
    }

    /// <summary>The live instance that a key made; null where there is none.</summary>
    public static async Task<InstanceState?> LoadByKey(LedgerSession session, ProjectId project, RequestKey key)
    {
        Row? row = (await session.Query(
            $"select {Columns} from instances i where i.project_id = @project and i.request_key = @key and not i.deleted",
            Read, ("project", project.Value), ("key", key.Key))).FirstOrDefault();
        return row is null ? null : new InstanceState(row, await Nics(session, row.Id));
    }

    /// <summary>What answers this create already: the instance that its key made, or that its id is used up.</summary>
    public static async Task<Outcome<InstanceView>?> Before(LedgerSession session, InstanceId id, CreateInstance command)
    {
        if (command.Key is { } key && await LoadByKey(session, command.Project, key) is { } first)
        {
            return first.Row.RequestHash == key.BodyHash ? first.ToView() : RowRefusals.KeyReused(key, first.Row.Id.Value);
        }

        if (!await WasDeleted(session, id, null))
        {
            return null;
        }

        return new Refusal(
            RefusalCode.Conflict, $"Instance {id} was deleted; its id is not used again.", id.ToString(), "id");
    }

    public static Task<bool> WasDeleted(LedgerSession session, InstanceId id, ProjectId? project) => session.QueryOne(
        """
        select deleted from instances
         where uuid = @id and (cast(@project as text) is null or project_id = @project)
        """,
        r => r.Flag("deleted"), ("id", id.Value), ("project", project?.Value));

    private static Task<List<InstanceState.Nic>> Nics(LedgerSession session, InstanceId id) => session.Query(
        """
        select virtual_nic_id, nic_index, owned, generation, outcome from instance_virtual_nic_association
         where instance_id = @id and not deleted order by nic_index
        """,
        r => new InstanceState.Nic(
            new VnicId(r.Uuid("virtual_nic_id")), r.Int("nic_index"), r.Flag("owned"), r.Long("generation"),
            (BindingOutcome?)r.LongOrNull("outcome")),
        ("id", id.Value));

    /// <summary>
    /// The intent: the row and its associations in one commit. Refused where a VNIC is not a live card of the project and
    /// service, or another instance has it.
    /// </summary>
    public static async Task<Outcome<InstanceState>> Insert(
        LedgerSession session, InstanceId id, CreateInstance command, HostName host)
    {
        if (command.Key is { } key && await LoadByKey(session, command.Project, key) is { } first)
        {
            return first.Row.RequestHash == key.BodyHash ? first : RowRefusals.KeyReused(key, first.Row.Id.Value);
        }

        await session.Execute(
            """
            insert into instances (uuid, project_id, service, name, status, host, image_ref, flavor_ref, metadata,
                request_key, request_hash, machine, version)
            values (@id, @project, @service, @name, 0, @host, @image, @flavor, @metadata, @key, @hash, @machine, 1)
            """,
            ("id", id.Value), ("project", command.Project.Value), ("service", command.Service.Value), ("name", command.Name),
            ("host", host.Value), ("image", command.ImageRef), ("flavor", command.FlavorRef),
            ("metadata", JsonSerializer.Serialize(command.Metadata)), ("key", command.Key?.Key),
            ("hash", command.Key?.BodyHash),
            ("machine", command.Machine is { } machine ? JsonSerializer.Serialize(machine) : null));
        await LaunchRows.Insert(session, id, command);
        for (int index = 0; index < command.Vnics.Count; index++)
        {
            VnicId vnic = command.Vnics[index];
            if (await session.Execute(
                """
                insert into instance_virtual_nic_association (instance_id, virtual_nic_id, nic_index, owned)
                select @instance, c.uuid, @index, @owned from ethernet_cards c
                 where c.uuid = @vnic and not c.deleted and c.project_id = @project and c.service = @service
                   and c.instance_id is null
                on conflict do nothing
                """,
                ("instance", id.Value), ("index", index), ("owned", command.OwnedVnics.Contains(vnic)), ("vnic", vnic.Value),
                ("project", command.Project.Value), ("service", command.Service.Value)) == 0)
            {
                return await WhyNot(session, vnic, command);
            }
        }

        if (await InstanceGroupRows.Join(session, id, command.Project, command.SecurityGroups) is { } refused)
        {
            return refused;
        }

        await HistoryRows.Append(session, command.Actor, "instance created", why: $"{id} on {host}");
        return (await Load(session, id))!;
    }

    /// <summary>
    /// Writes the row and every association as the state has them, in one message; false where the row's version is another, and then
    /// none of it is to be kept.
    /// </summary>
    public static async Task<bool> Save(LedgerSession session, InstanceState before, InstanceState after)
    {
        Task<bool> row = session.Must(
            """
            update instances set status = @status, fault = @fault, version = version + 1, updated_at = {now},
                   deleted = @deleted, deleted_at = case when @deleted then {now} else null end
             where uuid = @id and version = @version and not deleted returning 1
            """,
            ("status", (int)after.Row.Status), ("fault", after.Row.Fault), ("id", after.Row.Id.Value),
            ("deleted", after.Row.Status == InstanceStatus.Deleted), ("version", before.Row.Version));
        await Task.WhenAll(
        [
            row,
            after.Row.Status == InstanceStatus.Deleted ? InstanceGroupRows.Leave(session, after.Row.Id) : Task.CompletedTask,
            .. before.Nics.Where(b => after.Nics.All(a => a.Vnic != b.Vnic)).Select(gone => SaveGone(session, after.Row.Id, gone)),
            .. after.Nics.Where(a => !before.Nics.Contains(a)).Select(changed => SaveChanged(session, after.Row.Id, changed)),
        ]);
        return await row;
    }

    private static Task SaveGone(LedgerSession session, InstanceId instance, InstanceState.Nic gone) => session.Execute(
        """
        update instance_virtual_nic_association set deleted = {true}, deleted_at = {now}, updated_at = {now}
         where instance_id = @id and virtual_nic_id = @vnic and not deleted
        """,
        ("id", instance.Value), ("vnic", gone.Vnic.Value));

    private static Task SaveChanged(LedgerSession session, InstanceId instance, InstanceState.Nic changed) => session.Execute(
        """
        update instance_virtual_nic_association set generation = @generation, outcome = @outcome, updated_at = {now}
         where instance_id = @id and virtual_nic_id = @vnic and not deleted
        """,
        ("generation", changed.Generation), ("outcome", (int?)changed.Outcome), ("id", instance.Value), ("vnic", changed.Vnic.Value));

    /// <summary>
    /// An instance that was refused to its caller never was, but for its history: the same id, which may come from the request's key,
    /// can be tried again. False as <see cref="Save"/>.
    /// </summary>
    public static async Task<bool> Erase(LedgerSession session, InstanceState undone)
    {
        if (await session.Execute(
            "update instances set version = version + 1 where uuid = @id and version = @version and not deleted",
            ("id", undone.Row.Id.Value), ("version", undone.Row.Version)) == 0)
        {
            return false;
        }

        await InstanceGroupRows.Forget(session, undone.Row.Id);
        await session.Execute(
            "delete from instance_virtual_nic_association where instance_id = @id", ("id", undone.Row.Id.Value));
        await session.Execute("delete from instances where uuid = @id", ("id", undone.Row.Id.Value));
        return true;
    }

    /// <summary>Instances between two states for longer than a moment: what a silo's death may have cut off.</summary>
    public static Task<List<InstanceId>> Unsettled(LedgerSession session, long seconds) => session.Query(
        """
        select uuid from instances where not deleted and status in (0, 2)
           and coalesce(updated_at, created_at) <= {now-@seconds} order by id limit 1000
        """,
        r => new InstanceId(r.Uuid("uuid")), ("seconds", seconds));

    private static async Task<Refusal> WhyNot(LedgerSession session, VnicId vnic, CreateInstance command)
    {
        Vnics.VnicRows.Card? card = await Vnics.VnicRows.Load(session, vnic);
        return card switch
        {
            null => Refusal.NotFound(RefusalCode.VnicNotFound, "VNIC", vnic),
            { Project: var project } when project != command.Project =>
                Refusal.NotFound(RefusalCode.VnicNotFound, "VNIC", vnic),
            { Service: var service } when service != command.Service => new Refusal(
                RefusalCode.RequestedStateInvalid, $"VNIC {vnic} belongs to {service}, the project uses {command.Service}.",
                vnic.ToString(), "vnics"),
            _ => new Refusal(
                RefusalCode.AlreadyAttached, $"VNIC {vnic} is attached to another instance.", vnic.ToString(), "vnics"),
        };
    }
}
