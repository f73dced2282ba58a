namespace NovaOrleans.Instances;

/// <summary>The rows of which security groups an instance is in; the instance grain alone writes them.</summary>
public static class InstanceGroupRows
{
    /// <summary>Refused where one of them is no live group of the project.</summary>
    public static async Task<Refusal?> Join(
        LedgerSession session, InstanceId instance, ProjectId project, IReadOnlyList<SecurityGroupId> groups, int first = 0)
    {
        for (int i = 0; i < groups.Count; i++)
        {
            if (await session.Execute(
                """
                insert into security_group_instance_association (group_uuid, instance_id, position)
                select g.uuid, @instance, @position from security_groups g
                 where g.uuid = @group and g.project_id = @project and not g.deleted {share}
                on conflict do nothing
                """,
                ("instance", instance), ("position", first + i), ("group", groups[i]), ("project", project)) == 0)
            {
                return Refusal.NotFound(RefusalCode.SecurityGroupNotFound, "security group", groups[i]);
            }
        }

        return null;
    }

    public static Task<int> Leave(LedgerSession session, InstanceId instance) => session.Execute(
        """
        update security_group_instance_association set deleted = {true}, deleted_at = {now}, updated_at = {now}
         where instance_id = @id and not deleted
        """,
        ("id", instance));

    /// <summary>Of an instance that never was.</summary>
    public static Task<int> Forget(LedgerSession session, InstanceId instance) => session.Execute(
        "delete from security_group_instance_association where instance_id = @id", ("id", instance));

    /// <summary>One group more, after those that it is in; being in it already is done.</summary>
    public static async Task<Refusal?> Add(LedgerSession session, InstanceId instance, ProjectId project, SecurityGroupId group)
    {
        List<int> positions = await session.Query(
            "select position from security_group_instance_association where instance_id = @id and not deleted order by position desc",
            r => r.Int("position"), ("id", instance));
        bool isIn = await session.QueryOne(
            "select 1 as one from security_group_instance_association where instance_id = @id and group_uuid = @group and not deleted",
            _ => true, ("id", instance), ("group", group));
        return isIn ? null : await Join(session, instance, project, [group], positions is [var last, ..] ? last + 1 : 0);
    }

    /// <summary>
    /// Refused where it is not in the group, or in no other: a port without groups asks nothing of what comes in, and nobody who
    /// takes a group away means that.
    /// </summary>
    public static async Task<Refusal?> Leave(LedgerSession session, InstanceId instance, SecurityGroupId group)
    {
        if (await session.Execute(
            """
            update security_group_instance_association set deleted = {true}, deleted_at = {now}, updated_at = {now}
             where instance_id = @id and group_uuid = @group and not deleted
            """,
            ("id", instance), ("group", group)) == 0)
        {
            return new Refusal(
                RefusalCode.SecurityGroupNotFound, $"Instance {instance} is not in security group {group}.", group.ToString());
        }

        return await session.QueryOne(
            "select count(*) as n from security_group_instance_association where instance_id = @id and not deleted",
            r => r.Long("n"), ("id", instance)) > 0
            ? null
            : new Refusal(
                RefusalCode.RequestedStateInvalid,
                $"Instance {instance} would be in no security group, and open to everybody; add it to another one first.",
                instance.ToString());
    }
}
