using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;

namespace NovaOrleans.Testing;

/// <summary>
/// The plans by which PostgreSQL did what it was asked in one database: its module auto_explain writes that of each statement to the
/// server's log. No other database of the server may be explained meanwhile.
/// </summary>
public sealed partial class PostgresPlans
{
    private readonly string _connection;
    private readonly string _log;

    private PostgresPlans(string connection, string log) => (_connection, _log) = (connection, log);

    /// <summary>A statement that looks into an index by a condition on its columns.</summary>
    /// <param name="Index">Its name.</param>
    /// <param name="First">The index's first column.</param>
    /// <param name="Condition">In PostgreSQL's words, such as <c>(uuid = $1)</c>.</param>
    /// <param name="Statement">As it was sent.</param>
    public sealed record Lookup(string Index, string First, string Condition, string Statement)
    {
        /// <summary>Whether it begins where the condition says: else the index is read from end to end.</summary>
        public bool IsDirect => Regex.IsMatch(Condition, $@"\b{Regex.Escape(First)}\b");
    }

    /// <summary>Has every session that the database gets from now on explained.</summary>
    public static async Task<PostgresPlans> Follow(string connection, string log)
    {
        string database = new NpgsqlConnectionStringBuilder(connection).Database!;
        await using var source = NpgsqlDataSource.Create(connection + ";Pooling=false");
        foreach ((string setting, string value) in ((string, string)[])[
            ("session_preload_libraries", "auto_explain"), ("auto_explain.log_min_duration", "0"), ("auto_explain.log_format", "json")])
        {
            await using NpgsqlCommand set = source.CreateCommand($"alter database {database} set {setting} = '{value}'");
            await set.ExecuteNonQueryAsync();
        }

        return new PostgresPlans(connection, log);
    }

    /// <summary>
    /// A table of which a statement reads an index from end to end for each row of something else. A table that is read itself is small.
    /// </summary>
    public sealed record Loop(string Table, string Statement);

    public async Task<IReadOnlyList<Lookup>> Lookups()
    {
        Dictionary<string, string> first = await FirstColumns();
        return await Each((statement, plan) => Steps(plan)
            .Where(s => s.Index is not null && s.Condition is not null && first.ContainsKey(s.Index))
            .Select(s => new Lookup(s.Index!, first[s.Index!], s.Condition!, statement)));
    }

    public Task<IReadOnlyList<Loop>> Loops() =>
        Each((statement, plan) => Looped(plan).Select(table => new Loop(table, statement)));

    private async Task<IReadOnlyList<T>> Each<T>(Func<string, JsonElement, IEnumerable<T>> find)
    {
        string log = await File.ReadAllTextAsync(_log);
        List<T> found = [];
        foreach (Match plan in Plan().Matches(log))
        {
            using var said = JsonDocument.Parse(plan.Groups[1].Value.Replace("\n\t", "\n", StringComparison.Ordinal));
            found.AddRange(find(said.RootElement.GetProperty("Query Text").GetString()!, said.RootElement.GetProperty("Plan")));
        }

        return found;
    }

    private static IEnumerable<string> Looped(JsonElement step)
    {
        JsonElement[] below = step.TryGetProperty("Plans", out JsonElement plans) ? [.. plans.EnumerateArray()] : [];
        bool loops = Text(step, "Node Type") == "Nested Loop";
        return below.Where(b => loops && Text(b, "Parent Relationship") == "Inner" && Text(b, "Index Cond") is null
                && Text(b, "Index Name") is not null)
            .Select(b => Text(b, "Relation Name")).OfType<string>().Concat(below.SelectMany(Looped));
    }

    private static IEnumerable<(string? Index, string? Condition)> Steps(JsonElement step)
    {
        yield return (Text(step, "Index Name"), Text(step, "Index Cond"));
        foreach (JsonElement below in step.TryGetProperty("Plans", out JsonElement plans) ? plans.EnumerateArray() : default)
        {
            foreach ((string?, string?) further in Steps(below))
            {
                yield return further;
            }
        }
    }

    private static string? Text(JsonElement step, string name) => step.TryGetProperty(name, out JsonElement text) ? text.GetString() : null;

    private async Task<Dictionary<string, string>> FirstColumns()
    {
        await using var source = NpgsqlDataSource.Create(_connection + ";Pooling=false");
        await using NpgsqlCommand read = source.CreateCommand(
            """
            select i.relname, a.attname from pg_index x join pg_class i on i.oid = x.indexrelid
              join pg_attribute a on a.attrelid = x.indrelid and a.attnum = x.indkey[0]
             where i.relnamespace = 'public'::regnamespace
            """);
        await using NpgsqlDataReader rows = await read.ExecuteReaderAsync();
        Dictionary<string, string> found = [];
        while (await rows.ReadAsync())
        {
            found[rows.GetString(0)] = rows.GetString(1);
        }

        return found;
    }

    [GeneratedRegex(@"plan:\s*\n(\t\{.*?\n\t\})", RegexOptions.Singleline)]
    private static partial Regex Plan();
}
