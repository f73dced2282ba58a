namespace NovaOrleans.Instances;

/// <summary>The rows of which security groups an instance is in; the instance grain alone writes them.</summary>
public static class InstanceGroupRows
{
    /// <summary>Refused where one of them is no live group of the project.</summary>
    public static async Task<Refusal?> Join(
        LedgerSession session, InstanceId instance, ProjectId project, IReadOnlyList<SecurityGroupId> groups)
    {
        for (int position = 0; position < groups.Count; position++)
        {
            if (await session.Execute(
                """
                insert into security_group_instance_association (group_uuid, instance_id, position)
                select g.uuid, @instance, @position from security_groups g
                 where g.uuid = @group and g.project_id = @project and not g.deleted
                on conflict do nothing
                """,
                ("instance", instance), ("position", position), ("group", groups[position]), ("project", project)) == 0)
            {
                return Refusal.NotFound(RefusalCode.SecurityGroupNotFound, "security group", groups[position]);
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
}
