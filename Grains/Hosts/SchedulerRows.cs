namespace NovaOrleans.Hosts;

/// <summary>What operators said of hosts, kept by the scheduler.</summary>
public static class SchedulerRows
{
    public static async Task<Dictionary<HostName, SchedulerState.Word>> Load(LedgerSession session) =>
        (await session.Query(
            "select host, disabled, disabled_reason, deleted from compute_services",
            r => (Host: HostName.Parse(r.Text("host")),
                Word: new SchedulerState.Word(r.Flag("disabled"), r.TextOrNull("disabled_reason"), r.Flag("deleted")))))
        .ToDictionary(r => r.Host, r => r.Word);

    public static async Task<Outcome> Keep(
        LedgerSession session, HostName host, SchedulerState.Word word, string actor, string what)
    {
        await session.Execute(
            """
            insert into compute_services (host, disabled, disabled_reason, deleted, deleted_at)
            values (@host, @drained, @reason, @removed, case when @removed then {now} end)
            on conflict (host) do update set disabled = excluded.disabled, disabled_reason = excluded.disabled_reason,
                deleted = excluded.deleted, deleted_at = excluded.deleted_at, updated_at = {now}
            """,
            ("host", host.Value), ("drained", word.Drained), ("reason", word.Reason), ("removed", word.Removed));
        await HistoryRows.Append(session, actor, what, why: host.Value);
        return Outcome.Done;
    }
}
