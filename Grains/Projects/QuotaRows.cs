using NovaOrleans.FloatingIps;
using NovaOrleans.Pools;

namespace NovaOrleans.Projects;

/// <summary>A project's own limits as rows, and what is counted in the commit that adds to it.</summary>
public static class QuotaRows
{
    /// <summary>The limits that are the project's own.</summary>
    public static async Task<IReadOnlyDictionary<QuotaKind, long>> Load(LedgerSession session, ProjectId project)
    {
        List<(QuotaKind? Kind, long Limit)> rows = await session.Query(
            "select resource, hard_limit from quotas where project_id = @project and hard_limit is not null",
            r => (Quota.Find(r.Text("resource")), r.Long("hard_limit")), ("project", project.Value));
        return rows.Where(r => r.Kind is not null).ToDictionary(r => r.Kind!.Value, r => r.Limit);
    }

    public static Task<int> Set(LedgerSession session, ProjectId project, QuotaKind kind, long? limit) => session.Execute(
        """
        insert into quotas (project_id, resource, hard_limit) values (@project, @kind, @limit)
        on conflict (project_id, resource) do update set hard_limit = excluded.hard_limit, bound = null, updated_at = {now}
        """,
        ("project", project.Value), ("kind", Quota.NameOf(kind)), ("limit", limit));

    /// <summary>
    /// The limit, held still until the commit: whoever counts under it comes after whoever counted before, and sees what
    /// that one added. What bounded the project is not known any more, as more may be added now.
    /// </summary>
    public static async Task<long> Lock(LedgerSession session, ProjectId project, QuotaKind kind, QuotaDefaults defaults) =>
        (await session.Query(
            """
            insert into quotas (project_id, resource) values (@project, @kind)
            on conflict (project_id, resource) do update set hard_limit = quotas.hard_limit, bound = null
            returning hard_limit
            """,
            r => r.LongOrNull("hard_limit"), ("project", project.Value), ("kind", Quota.NameOf(kind))))[0]
        ?? defaults.Of(kind);

    /// <summary>Whether the project has a limit of fixed IPs of its own; without one nothing is locked and nothing counted.</summary>
    public static Task<bool> HasFixedIps(LedgerSession session, ProjectId project) => session.QueryOne(
        "select 1 as one from quotas where project_id = @project and resource = 'fixed_ips' and hard_limit >= 0",
        _ => true, ("project", project.Value));

    /// <summary>Whether so many fixed IPs more are within the project's quota; null where they are.</summary>
    public static async Task<Refusal?> FixedIps(
        LedgerSession session, ProjectId project, QuotaDefaults defaults, long more = 1) =>
        (defaults.Of(QuotaKind.FixedIps) >= 0 || await HasFixedIps(session, project))
        && await Lock(session, project, QuotaKind.FixedIps, defaults) is var limit and >= 0
            ? Quota.Exceeded(project, QuotaKind.FixedIps, limit, await UsedFixedIps(session, project), more)
            : null;

    /// <summary>
    /// How many fixed IPs more the project may have, for whoever writes alone and so need lock nothing; null where nothing limits it. It is
    /// counted where what bounds the project is not known, is older than an hour, or leaves no room for those that are wanted.
    /// </summary>
    public static async Task<long?> RoomForFixedIps(LedgerSession session, ProjectId project, QuotaDefaults defaults, long wanted)
    {
        long? own = await session.QueryOne(
            "select hard_limit from quotas where project_id = @project and resource = 'fixed_ips'",
            r => r.LongOrNull("hard_limit"), ("project", project.Value));
        if ((own ?? defaults.Of(QuotaKind.FixedIps)) is not (>= 0 and var limit))
        {
            return null;
        }

        long? bound = await session.QueryOne(
            "select bound from quotas where project_id = @project and resource = 'fixed_ips' and bounded_at > {now-3600}",
            r => r.LongOrNull("bound"), ("project", project.Value));
        if (bound is null || bound + wanted > limit)
        {
            bound = await UsedFixedIps(session, project);
            await session.Execute(
                """
                insert into quotas (project_id, resource, bound, bounded_at) values (@project, 'fixed_ips', @bound, {now})
                on conflict (project_id, resource) do update set bound = excluded.bound, bounded_at = excluded.bounded_at
                """,
                ("project", project.Value), ("bound", bound));
        }

        return Math.Max(0, limit - bound.Value);
    }

    /// <summary>What is added to the fixed IPs of a project that <see cref="RoomForFixedIps"/> found room for.</summary>
    public static Task<int> AddFixedIps(LedgerSession session, ProjectId project, long more) => session.Execute(
        "update quotas set bound = bound + @more where project_id = @project and resource = 'fixed_ips'",
        ("more", more), ("project", project.Value));

    /// <summary>Whether so many networks more are within the project's quota; null where they are.</summary>
    public static async Task<Refusal?> Networks(
        LedgerSession session, ProjectId project, QuotaDefaults defaults, long more) =>
        await Lock(session, project, QuotaKind.Networks, defaults) is var limit and >= 0
            ? Quota.Exceeded(project, QuotaKind.Networks, limit, await UsedNetworks(session, project), more)
            : null;

    /// <summary>Whether one floating IP more is within the project's quota; null where it is.</summary>
    public static async Task<Refusal?> FloatingIps(LedgerSession session, ProjectId project, QuotaDefaults defaults) =>
        await Lock(session, project, QuotaKind.FloatingIps, defaults) is var limit and >= 0
            ? Quota.Exceeded(project, QuotaKind.FloatingIps, limit, await FloatingIpRows.Used(session, project))
            : null;

    /// <summary>
    /// Ports with a VNIC or without. The index that they are counted from has all that is asked of them, in one place for a project.
    /// </summary>
    private static Task<long> UsedFixedIps(LedgerSession session, ProjectId project) => session.QueryOne(
        $"select count(*) as n from fixed_ips f where f.project_id = @project and {PortRows.IsTaken("f")} and not f.deleted",
        r => r.Long("n"), ("project", project.Value));

    private static Task<long> UsedNetworks(LedgerSession session, ProjectId project) => session.QueryOne(
        """
        select count(*) as n from networks
         where service in (select service from ranges) and project_id = @project and not deleted
        """,
        r => r.Long("n"), ("project", project.Value));
}
