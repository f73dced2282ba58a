namespace NovaOrleans.SecurityGroups;

/// <summary>The rows of a project's security groups and their rules; its grain alone writes them.</summary>
public static class SecurityGroupRows
{
    public static async Task<SecurityGroupsState> Load(LedgerSession session, ProjectId project)
    {
        ILookup<SecurityGroupId, SecurityRule> rules = (await session.Query(
            """
            select r.id, r.group_uuid, r.uuid, r.protocol, r.from_port, r.to_port, r.cidr, r.source_group_uuid
              from security_group_rules r join security_groups g on g.uuid = r.group_uuid
             where g.project_id = @project and not g.deleted and not r.deleted order by r.id
            """,
            r => (Group: new SecurityGroupId(r.Uuid("group_uuid")), Rule: ReadRule(r) with { RowId = r.Long("id") }),
            ("project", project))).ToLookup(r => r.Group, r => r.Rule);
        List<SecurityGroupView> groups = await session.Query(
            "select id, uuid, name, description from security_groups where project_id = @project and not deleted",
            r => (Row: r.Long("id"), Id: new SecurityGroupId(r.Uuid("uuid")), Name: r.Text("name"), Text: r.Text("description")),
            ("project", project)) is var rows
            ? rows.ConvertAll(g => new SecurityGroupView(g.Row, g.Id, project, g.Name, g.Text, [.. rules[g.Id]])) : [];
        return new SecurityGroupsState(project, [.. groups.OrderBy(g => g.Name, StringComparer.Ordinal)]);
    }

    public static SecurityRule ReadRule(LedgerRow r) => new(
        new SecurityRuleId(r.Uuid("uuid")), (RuleProtocol)r.Int("protocol"), r.Int("from_port"), r.Int("to_port"),
        r.TextOrNull("cidr"), r.UuidOrNull("source_group_uuid") is { } source ? new SecurityGroupId(source) : null);

    /// <summary>The live group that a key made, with the hash that it was made with; null where there is none.</summary>
    public static Task<(SecurityGroupId Id, string? Hash)> ByKey(LedgerSession session, ProjectId project, RequestKey key) =>
        session.QueryOne(
            "select uuid, request_hash from security_groups where project_id = @project and request_key = @key and not deleted",
            r => (new SecurityGroupId(r.Uuid("uuid")), r.TextOrNull("request_hash")), ("project", project), ("key", key.Key));

    public static Task<int> Insert(
        LedgerSession session, ProjectId project, SecurityGroupId id, CreateSecurityGroup command) => session.Execute(
        """
        insert into security_groups (uuid, project_id, name, description, request_key, request_hash)
        values (@id, @project, @name, @description, @key, @hash)
        """,
        ("id", id), ("project", project), ("name", command.Name), ("description", command.Description),
        ("key", command.Key?.Key), ("hash", command.Key?.BodyHash));

    public static async Task Insert(LedgerSession session, SecurityGroupId group, SecurityRule rule)
    {
        await session.Execute(
            """
            insert into security_group_rules (uuid, group_uuid, protocol, from_port, to_port, cidr, source_group_uuid)
            values (@id, @group, @protocol, @from, @to, @cidr, @source)
            """,
            ("id", rule.Id), ("group", group), ("protocol", (int)rule.Protocol), ("from", rule.FromPort), ("to", rule.ToPort),
            ("cidr", rule.Cidr), ("source", rule.SourceGroup?.Value));
        await Touch(session, group);
    }

    public static Task<int> Rename(LedgerSession session, SecurityGroupView group) => session.Execute(
        """
        update security_groups set name = @name, description = @description, revision = revision + 1, updated_at = {now}
         where uuid = @id and not deleted
        """,
        ("id", group.Id), ("name", group.Name), ("description", group.Description));

    public static async Task Delete(LedgerSession session, SecurityGroupId group, SecurityRuleId rule)
    {
        await session.Execute(
            "update security_group_rules set deleted = {true}, deleted_at = {now}, updated_at = {now} where uuid = @id and not deleted",
            ("id", rule));
        await Touch(session, group);
    }

    public static async Task DeleteRules(LedgerSession session, SecurityGroupId group)
    {
        await session.Execute(
            """
            update security_group_rules set deleted = {true}, deleted_at = {now}, updated_at = {now}
             where group_uuid = @id and not deleted
            """,
            ("id", group));
        await Touch(session, group);
    }

    public static async Task Delete(LedgerSession session, SecurityGroupId group)
    {
        await DeleteRules(session, group);
        await session.Execute(
            "update security_groups set deleted = {true}, deleted_at = {now}, updated_at = {now} where uuid = @id and not deleted",
            ("id", group));
    }

    /// <summary>
    /// How many instances are in each group, with the groups' rows held until the commit: an instance that joins holds its groups'
    /// rows too, so one of the two comes first and the other sees it.
    /// </summary>
    public static async Task<IReadOnlyDictionary<SecurityGroupId, long>> Members(LedgerSession session, ProjectId project)
    {
        await session.Query(
            "select id from security_groups where project_id = @project and not deleted order by id {update}", r => r.Long("id"),
            ("project", project));
        return (await session.Query(
            """
            select a.group_uuid, count(*) as n from security_group_instance_association a
              join security_groups g on g.uuid = a.group_uuid
             where g.project_id = @project and not a.deleted group by a.group_uuid
            """,
            r => (Id: new SecurityGroupId(r.Uuid("group_uuid")), Count: r.Long("n")), ("project", project)))
            .ToDictionary(m => m.Id, m => m.Count);
    }

    private static Task<int> Touch(LedgerSession session, SecurityGroupId group) => session.Execute(
        "update security_groups set revision = revision + 1, updated_at = {now} where uuid = @id and not deleted", ("id", group));
}
