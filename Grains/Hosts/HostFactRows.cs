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
        select m.group_uuid from security_group_instance_association m where not m.deleted and m.instance_id {among}
            select h.instance_id from ethernet_cards h where h.host = @host and not h.deleted {end}
        """;

    /// <summary>The members of the groups that rules on this host name.</summary>
    private const string InSources =
        $$"""
        a.group_uuid {among} select r.source_group_uuid from security_group_rules r
            where not r.deleted and r.group_uuid {among} {{GroupsOfHost}} {end} {end} and not a.deleted
        """;

    private const string CardsInSources =
        $$"""
        c.instance_id {among} select a.instance_id from security_group_instance_association a where {{InSources}} {end} and not c.deleted
        """;

    /// <summary>
    /// The rules of the groups on this host, the members that they name but for groups of <paramref name="heard"/>, and what is blocked
    /// for all.
    /// </summary>
    public static async Task<IReadOnlyList<HostFact>> Groups(
        LedgerSession session, HostName host, IReadOnlyCollection<SecurityGroupId> heard)
    {
        // Of a host without guests nothing is asked, so that it need not be told.
        Task<List<string>> blockedRead = session.Query(
            """
            select b.cidr from provider_fw_rules b
             where not b.deleted and exists (select 1 from ethernet_cards c where c.host = @host and not c.deleted) order by b.cidr
            """,
            r => r.Text("cidr"), ("host", host));
        Task<List<(SecurityGroupId Id, string Name)>> groupsRead = session.Query(
            $$"""
            select g.uuid, g.name from security_groups g where not g.deleted and g.uuid {among} {{GroupsOfHost}} {end} order by g.id
            """,
            r => (new SecurityGroupId(r.Uuid("uuid")), r.Text("name")), ("host", host));
        await Task.WhenAll(blockedRead, groupsRead);
        List<(SecurityGroupId Id, string Name)> groups = await groupsRead;
        ILookup<SecurityGroupId, SecurityRule> rules = groups.Count == 0 ? EmptyRules() : (await session.Query(
            $$"""
            select r.group_uuid, r.uuid, r.protocol, r.from_port, r.to_port, r.cidr, r.source_group_uuid
              from security_group_rules r where not r.deleted and r.group_uuid {among} {{GroupsOfHost}} {end} order by r.id
            """,
            r => (Group: new SecurityGroupId(r.Uuid("group_uuid")), Rule: SecurityGroupRows.ReadRule(r)), ("host", host)))
            .ToLookup(r => r.Group, r => r.Rule);
        List<HostFact> facts = [.. groups.Select(g => new SecurityGroupFact(g.Id, g.Name, [.. rules[g.Id]]))];
        List<SecurityGroupId> sources =
            [.. rules.SelectMany(r => r).Select(r => r.SourceGroup).OfType<SecurityGroupId>().Distinct().Where(g => !heard.Contains(g))];
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

    /// <remarks>
    /// One table at a time: while statistics said that there is nothing yet, or no more, a join of the three was a loop in a loop in a
    /// loop, and took 0.24 s with 300 members (docs/decisions/0082-sets-are-read-first.md).
    /// </remarks>
    private static async Task<ILookup<SecurityGroupId, string>> Members(LedgerSession session, HostName host)
    {
        Task<List<(SecurityGroupId Group, InstanceId Instance)>> associationsRead = session.Query(
            $"select a.group_uuid, a.instance_id from security_group_instance_association a where {InSources}",
            r => (new SecurityGroupId(r.Uuid("group_uuid")), new InstanceId(r.Uuid("instance_id"))), ("host", host));
        Task<List<(InstanceId Instance, VnicId Vnic)>> cardsRead = session.Query(
            $"select c.instance_id, c.uuid from ethernet_cards c where {CardsInSources}",
            r => (new InstanceId(r.Uuid("instance_id")), new VnicId(r.Uuid("uuid"))), ("host", host));
        Task<List<(VnicId Vnic, string? Four, string? Six)>> portsRead = session.Query(
            $$"""
            select f.vnic_id, f.address, f.address_v6 from fixed_ips f
             where f.phase + 0 = 2 and not f.deleted and f.vnic_id {among}
                select c.uuid from ethernet_cards c where {{CardsInSources}} {end}
            """,
            r => (new VnicId(r.Uuid("vnic_id")), r.TextOrNull("address"), r.TextOrNull("address_v6")), ("host", host));
        await Task.WhenAll(associationsRead, cardsRead, portsRead);
        ILookup<InstanceId, VnicId> vnics = (await cardsRead).ToLookup(c => c.Instance, c => c.Vnic);
        ILookup<VnicId, string> addresses = (await portsRead)
            .SelectMany(p => new[] { p.Four, p.Six }.OfType<string>().Select(address => (p.Vnic, Address: address)))
            .ToLookup(p => p.Vnic, p => p.Address);
        return (await associationsRead)
            .SelectMany(a => vnics[a.Instance].SelectMany(v => addresses[v]).Select(address => (a.Group, Address: address)))
            .ToLookup(m => m.Group, m => m.Address);
    }

    private static ILookup<SecurityGroupId, SecurityRule> EmptyRules() =>
        Array.Empty<SecurityRule>().ToLookup(_ => default(SecurityGroupId));
}
