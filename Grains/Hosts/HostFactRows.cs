using NovaOrleans.SecurityGroups;
using NovaOrleans.Vnics;

namespace NovaOrleans.Hosts;

/// <summary>
/// The facts of a host: composed from rows that others own, and kept in rows of the host's own as they were told. Whatever is
/// composed here is a pure function of rows, so a host that looks again after any change is told the same as one that is new.
/// </summary>
public sealed class HostFactRows(RecordText text)
{
    private const string GroupsOfHost =
        """
        select a.group_uuid from security_group_instance_association a join ethernet_cards c on c.instance_id = a.instance_id
         where c.host = @host and not c.deleted and not a.deleted
        """;

    /// <summary>The rules of the groups on this host, the members that they name, and what is blocked for all.</summary>
    public static async Task<IReadOnlyList<HostFact>> Groups(LedgerSession session, HostName host)
    {
        // Of a host without guests nothing is asked, so that it need not be told.
        Task<List<string>> blockedRead = session.Query(
            """
            select b.cidr from provider_fw_rules b
             where not b.deleted and exists (select 1 from ethernet_cards c where c.host = @host and not c.deleted) order by b.cidr
            """,
            r => r.Text("cidr"), ("host", host));
        Task<List<(SecurityGroupId Id, string Name)>> groupsRead = session.Query(
            $"select g.uuid, g.name from security_groups g where not g.deleted and g.uuid in ({GroupsOfHost}) order by g.id",
            r => (new SecurityGroupId(r.Uuid("uuid")), r.Text("name")), ("host", host));
        await Task.WhenAll(blockedRead, groupsRead);
        List<(SecurityGroupId Id, string Name)> groups = await groupsRead;
        ILookup<SecurityGroupId, SecurityRule> rules = groups.Count == 0 ? EmptyRules() : (await session.Query(
            $"""
            select r.group_uuid, r.uuid, r.protocol, r.from_port, r.to_port, r.cidr, r.source_group_uuid
              from security_group_rules r where not r.deleted and r.group_uuid in ({GroupsOfHost}) order by r.id
            """,
            r => (Group: new SecurityGroupId(r.Uuid("group_uuid")), Rule: SecurityGroupRows.ReadRule(r)), ("host", host)))
            .ToLookup(r => r.Group, r => r.Rule);
        List<HostFact> facts = [.. groups.Select(g => new SecurityGroupFact(g.Id, g.Name, [.. rules[g.Id]]))];
        List<SecurityGroupId> sources =
            [.. rules.SelectMany(r => r).Select(r => r.SourceGroup).OfType<SecurityGroupId>().Distinct()];
        if (sources.Count > 0)
        {
            ILookup<SecurityGroupId, string> members = await Members(session, host);
            facts.AddRange(sources.Select(s => new GroupMembersFact(s, [.. members[s].Distinct().Order(StringComparer.Ordinal)])));
        }

        List<string> blocked = await blockedRead;
        return blocked.Count == 0 ? facts : [.. facts, new BlockedPrefixesFact(blocked)];
    }

    /// <summary>The VNICs elsewhere that this host serves, and those of networks that have VNICs here and tell of all.</summary>
    public static async Task<IReadOnlyList<HostFact>> Elsewhere(LedgerSession session, HostName host)
    {
        IReadOnlyList<BindingRows.Placed> elsewhere = await BindingRows.Elsewhere(session, host);
        if (elsewhere.Count == 0)
        {
            return [];
        }

        IReadOnlyDictionary<HostName, string> addresses = await HostRows.Addresses(session);
        return [.. elsewhere.Select(p => new MemberFact(p.Binding, p.Host, addresses.GetValueOrDefault(p.Host)))];
    }

    /// <summary>What the host was told and has not yet been told otherwise, by key.</summary>
    public Task<List<FactRecord>> Load(LedgerSession session, HostName host) => session.Query(
        "select record from host_facts where host = @host order by revision",
        r => (FactRecord)text.Read(r.Text("record")), ("host", host));

    /// <summary>Writes what differs, in one message.</summary>
    public Task Save(LedgerSession session, HostState before, HostState after) => ReferenceEquals(before.Facts, after.Facts)
        ? Task.CompletedTask
        : Task.WhenAll(
        [
            .. before.Facts.Keys.Where(k => !after.Facts.ContainsKey(k)).Select(gone => session.Execute(
                "delete from host_facts where host = @host and fact_key = @key", ("host", after.Name), ("key", gone))),
            .. after.Facts.Where(f => before.Facts.GetValueOrDefault(f.Key)?.Revision != f.Value.Revision).Select(f => session.Execute(
                """
                insert into host_facts (host, fact_key, revision, record, is_gone) values (@host, @key, @revision, @record, @gone)
                on conflict (host, fact_key) do update set revision = excluded.revision, record = excluded.record,
                    is_gone = excluded.is_gone, updated_at = {now}
                """,
                ("host", after.Name), ("key", f.Key), ("revision", f.Value.Revision), ("record", text.Write(f.Value)),
                ("gone", f.Value.Fact is null))),
        ]);

    private static async Task<ILookup<SecurityGroupId, string>> Members(LedgerSession session, HostName host) =>
        (await session.Query(
            $"""
            select a.group_uuid, f.address, f.address_v6
              from security_group_instance_association a
              join ethernet_cards c on c.instance_id = a.instance_id and not c.deleted
              join fixed_ips f on f.vnic_id = c.uuid and f.phase = 2 and not f.deleted
             where not a.deleted and a.group_uuid in (
                   select r.source_group_uuid from security_group_rules r
                    where not r.deleted and r.group_uuid in ({GroupsOfHost}))
            """,
            r => (Group: new SecurityGroupId(r.Uuid("group_uuid")), Four: r.TextOrNull("address"), Six: r.TextOrNull("address_v6")),
            ("host", host)))
        .SelectMany(m => new[] { m.Four, m.Six }.OfType<string>().Select(a => (m.Group, Address: a)))
        .ToLookup(m => m.Group, m => m.Address);

    private static ILookup<SecurityGroupId, SecurityRule> EmptyRules() =>
        Array.Empty<SecurityRule>().ToLookup(_ => default(SecurityGroupId));
}
