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

    public async Task<IReadOnlyList<Lookup>> Lookups()
    {
        Dictionary<string, string> first = await FirstColumns();
        string log = await File.ReadAllTextAsync(_log);
        List<Lookup> found = [];
        foreach (Match plan in Plan().Matches(log))
        {
            using var said = JsonDocument.Parse(plan.Groups[1].Value.Replace("\n\t", "\n", StringComparison.Ordinal));
            string statement = said.RootElement.GetProperty("Query Text").GetString()!;
            found.AddRange(Steps(said.RootElement.GetProperty("Plan"))
                .Where(s => s.Index is not null && s.Condition is not null && first.ContainsKey(s.Index))
                .Select(s => new Lookup(s.Index!, first[s.Index!], s.Condition!, statement)));
        }

        return found;
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
