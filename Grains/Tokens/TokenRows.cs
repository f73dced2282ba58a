namespace NovaOrleans.Tokens;

/// <summary>The rows of tokens.</summary>
public static class TokenRows
{
    private const string Columns =
        "uuid, name, hash, role, project_id, created_at, expires_at, request_key, request_hash, deleted";

    public static Task<TokenState?> Load(LedgerSession session, Guid id) =>
        session.QueryOne($"select {Columns} from tokens where uuid = @id", r => (TokenState?)Read(r), ("id", id));

    /// <summary>Of one project, or of all; those that expired are among them until they are swept.</summary>
    public static async Task<List<TokenView>> List(LedgerSession session, ProjectId? project, Page page) => await session.Query(
        $$"""
        select {{Columns}} from tokens
         where not deleted and (cast(@project as text) is null or project_id = @project)
           and id > coalesce((select m.id from tokens m where m.uuid = cast(@marker as {uuid})), 0)
         order by id limit @limit
        """,
        r => Read(r).View, ("project", project?.Value), ("marker", page.Marker), ("limit", page.Limit));

    public static Task<List<Guid>> OfProject(LedgerSession session, ProjectId project) => session.Query(
        "select uuid from tokens where project_id = @project and not deleted", r => r.Uuid("uuid"), ("project", project.Value));

    /// <summary>Two that count at once may pass by one: this bounds a table, it grants nothing.</summary>
    public static Task<long> CountLive(LedgerSession session, ProjectId? project) => session.QueryOne(
        """
        select count(*) as n from tokens
         where not deleted and expires_at > {now} and coalesce(project_id, '') = coalesce(cast(@project as text), '')
        """,
        r => r.Long("n"), ("project", project?.Value));

    public static Task<int> Insert(LedgerSession session, Guid id, CreateToken token) => session.Execute(
        """
        insert into tokens (uuid, name, hash, role, project_id, expires_at, request_key, request_hash)
        values (@id, @name, @hash, @role, @project, @end, @key, @body)
        """,
        ("id", id), ("name", token.Name), ("hash", token.Hash), ("role", (int)token.Role), ("project", token.Project?.Value),
        ("end", token.ExpiresAt), ("key", token.Key?.Key), ("body", token.Key?.BodyHash));

    public static Task<int> ChangeSecret(LedgerSession session, Guid id, string hash) => session.Execute(
        "update tokens set hash = @hash, updated_at = {now} where uuid = @id and not deleted", ("id", id), ("hash", hash));

    public static Task<int> Revoke(LedgerSession session, Guid id) => session.Execute(
        "update tokens set deleted = {true}, deleted_at = {now}, updated_at = {now} where uuid = @id and not deleted", ("id", id));

    /// <summary>Those that expired a week ago are told of no more.</summary>
    public static Task<int> Sweep(LedgerSession session) => session.Execute(
        """
        update tokens set deleted = {true}, deleted_at = {now}, updated_at = {now}
         where not deleted and expires_at < {now-@seconds}
        """,
        ("seconds", 7 * 24 * 3600));

    private static TokenState Read(LedgerRow r) => new(
        new TokenView(
            r.Uuid("uuid"), r.Text("name"), (Role)r.Int("role"),
            r.TextOrNull("project_id") is { } project ? ProjectId.Parse(project) : null,
            r.Time("created_at"), r.Time("expires_at")),
        r.Text("hash"),
        r.TextOrNull("request_key") is { } key ? new RequestKey(key, r.Text("request_hash")) : null,
        r.Flag("deleted"));
}
