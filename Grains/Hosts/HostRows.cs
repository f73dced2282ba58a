using System.Collections.Immutable;
using System.Text.Json;
using NovaOrleans.Instances;

namespace NovaOrleans.Hosts;

/// <summary>The rows that the host grain owns: the host, and the newest record of each of its VNICs.</summary>
public sealed class HostRows(RecordText text, HostFactRows facts)
{
    public async Task<HostState> Load(LedgerSession session, HostName name)
    {
        HostState? host = (await session.Query(
            "select name, epoch, revision, reported_revision, fenced, hello, version from hosts where name = @name",
            r => new HostState(
                name, r.Long("epoch"), r.Long("revision"), r.Long("reported_revision"), r.Flag("fenced"),
                r.TextOrNull("hello") is { } hello ? JsonSerializer.Deserialize<HostHello>(hello) : null, r.Long("version")),
            ("name", name.Value))).FirstOrDefault();
        if (host is null)
        {
            return new HostState(name, 0, 0, 0, false, null, 0);
        }

        List<HostState.Entry> entries = await session.Query(
            """
            select vnic_id, instance_id, generation, record, outcome, fault, told from host_bindings
             where host = @name order by revision
            """,
            r => new HostState.Entry(
                text.Read(r.Text("record")), new InstanceId(r.Uuid("instance_id")), new VnicId(r.Uuid("vnic_id")),
                r.Long("generation"), (BindingOutcome?)r.LongOrNull("outcome"), r.TextOrNull("fault"), r.Flag("told")),
            ("name", name.Value));
        host = entries.Aggregate(host, (state, entry) => state.With(entry)).Saved(host.Version);
        return host with { Facts = (await facts.Load(session, name)).ToImmutableDictionary(f => f.Key) };
    }

    /// <summary>Every host that there is a row of, as it looks to one who has heard nothing of it.</summary>
    public static Task<List<HostView>> List(LedgerSession session) => session.Query(
        """
        select h.name, h.epoch, h.revision, h.reported_revision, h.fenced, h.hello,
               (select count(*) from host_bindings b where b.host = h.name and coalesce(b.outcome, 0) <> 2) as vnics
          from hosts h order by h.name
        """,
        r => new HostView(
            HostName.Parse(r.Text("name")), r.Flag("fenced") ? HostStatus.Fenced : HostStatus.Lost, r.Long("epoch"),
            r.Long("revision"), r.Long("reported_revision"), r.Int("vnics"), 0, null,
            r.TextOrNull("hello") is { } hello ? JsonSerializer.Deserialize<HostHello>(hello) : null));

    /// <summary>Where hosts are reached, of those that have said so.</summary>
    public static async Task<IReadOnlyDictionary<HostName, string>> Addresses(LedgerSession session) => (await session.Query(
        "select name, address from hosts where address is not null",
        r => (Name: HostName.Parse(r.Text("name")), Address: r.Text("address")))).ToDictionary(h => h.Name, h => h.Address);

    /// <summary>Hosts with outcomes that their instances have not taken: of a fenced one nothing else would wake the grain.</summary>
    public static Task<List<HostName>> Untold(LedgerSession session, long seconds) => session.Query(
        """
        select distinct host from host_bindings
         where outcome is not null and not told and coalesce(updated_at, created_at) <= {now-@seconds} order by host limit 1000
        """,
        r => HostName.Parse(r.Text("host")), ("seconds", seconds));

    /// <summary>
    /// The first of these bindings whose card is not attached to this host at this generation: a bind that was on its way while
    /// its attachment ended must not bring it back.
    /// </summary>
    public static async Task<Refusal?> NotAttached(LedgerSession session, HostName host, IReadOnlyList<HostBinding> bindings)
    {
        bool[] attached = await Task.WhenAll(bindings.Select(binding => session.Must(
            """
            select 1 as n from ethernet_cards
             where uuid = @vnic and host = @host and generation = @generation and not deleted {share}
            """,
            ("vnic", binding.Vnic), ("host", host), ("generation", binding.Generation))));
        int free = Array.IndexOf(attached, false);
        return free < 0 ? null : new Refusal(
            RefusalCode.Stale,
            $"VNIC {bindings[free].Vnic} is not attached to host {host} at generation {bindings[free].Generation}.",
            bindings[free].Vnic.ToString());
    }

    /// <summary>
    /// Writes what differs, in one message; false where another activation has written the host since, and then none of it is to be kept.
    /// </summary>
    public async Task<bool> Save(LedgerSession session, HostState before, HostState after)
    {
        Task<bool> isOurs = SaveHost(session, before, after);
        List<Task> sent = [isOurs];
        foreach (VnicId vnic in after.Unsaved)
        {
            HostState.Entry? was = before.Entries.GetValueOrDefault(vnic);
            if (!after.Entries.TryGetValue(vnic, out HostState.Entry? entry))
            {
                sent.Add(session.Execute(
                    "delete from host_bindings where host = @host and vnic_id = @vnic",
                    ("host", after.Name.Value), ("vnic", vnic.Value)));
                sent.Add(LeaseRows.EndAll(session, after.Name, vnic));
            }
            else if (was != entry)
            {
                sent.Add(ReferenceEquals(was?.Record, entry.Record)
                    ? SaveOutcome(session, after.Name, entry) : SaveEntry(session, after.Name, entry));
                sent.Add(BindingHistory.Tell(session, after.Name, was, entry));
            }
        }

        sent.Add(facts.Save(session, before, after));
        await Task.WhenAll(sent);
        return await isOurs;
    }

    private static Task<bool> SaveHost(LedgerSession session, HostState before, HostState after)
    {
        const string insert =
            """
            insert into hosts (name, epoch, revision, reported_revision, fenced, hello, address, version)
            values (@name, @epoch, @revision, @reported, @fenced, @hello, @address, @next) on conflict do nothing returning 1
            """;
        const string update =
            """
            update hosts set epoch = @epoch, revision = @revision, reported_revision = @reported, fenced = @fenced,
                   version = @next, updated_at = {now}
             where name = @name and version = @version returning 1
            """;
        const string updateAll =
            """
            update hosts set epoch = @epoch, revision = @revision, reported_revision = @reported, fenced = @fenced,
                   hello = @hello, address = @address, version = @next, updated_at = {now}
             where name = @name and version = @version returning 1
            """;
        (string, object?)[] row =
        [
            ("name", after.Name.Value), ("epoch", after.Epoch), ("revision", after.Revision), ("reported", after.ReportedRevision),
            ("fenced", after.Fenced), ("next", before.Version + 1), ("version", before.Version),
        ];
        // What a host says of itself changes with its agent, and its revisions with each bind.
        return before.Version > 0 && before.Hello == after.Hello ? session.Must(update, row) : session.Must(
            before.Version == 0 ? insert : updateAll,
            [
                .. row, ("hello", after.Hello is null ? null : JsonSerializer.Serialize(after.Hello)),
                ("address", after.Hello?.Address),
            ]);
    }

    /// <summary>The row of a record that is kept already: no index changes, and its text is not written again.</summary>
    private static Task<int> SaveOutcome(LedgerSession session, HostName host, HostState.Entry entry) => session.Execute(
        """
        update host_bindings set outcome = @outcome, fault = @fault, told = @told, updated_at = {now}
         where host = @host and vnic_id = @vnic
        """,
        ("host", host.Value), ("vnic", entry.Vnic.Value), ("outcome", (int?)entry.Outcome), ("fault", entry.Fault),
        ("told", entry.Told));

    private Task<int> SaveEntry(LedgerSession session, HostName host, HostState.Entry entry) => session.Execute(
        """
        insert into host_bindings (host, vnic_id, instance_id, generation, kind, revision, record, outcome, fault, told)
        values (@host, @vnic, @instance, @generation, @kind, @revision, @record, @outcome, @fault, @told)
        on conflict (host, vnic_id) do update set instance_id = excluded.instance_id, generation = excluded.generation,
            kind = excluded.kind, revision = excluded.revision, record = excluded.record, outcome = excluded.outcome,
            fault = excluded.fault, told = excluded.told, updated_at = {now}
        """,
        ("host", host.Value), ("vnic", entry.Vnic.Value), ("instance", entry.Instance.Value),
        ("generation", entry.Generation), ("kind", entry.IsBind ? 1 : 2), ("revision", entry.Record.Revision),
        ("record", text.Write(entry.Record)), ("outcome", (int?)entry.Outcome), ("fault", entry.Fault), ("told", entry.Told));
}
