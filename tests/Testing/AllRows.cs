using Microsoft.Data.Sqlite;
using Npgsql;

namespace NovaOrleans.Testing;

/// <summary>
/// Every row of every table of a database, as text, read by nothing of ours: to compare what was with what is. Who is in a cluster at
/// this moment, and when a migration was applied, are left out.
/// </summary>
public static class AllRows
{
    private static readonly string[] NotCompared = ["orleans_clusters", "orleans_silos"];

    public static async Task<IReadOnlyList<string>> OfFile(string file)
    {
        await using SqliteConnection connection = new($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        List<string> rows = [];
        foreach (string table in await Texts(connection.CreateCommand(), "select name from sqlite_schema where type = 'table'"))
        {
            await using SqliteCommand select = connection.CreateCommand();
            select.CommandText = $"select * from {table}";
            await using SqliteDataReader reader = await select.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                rows.Add($"{table}: " + string.Join(", ", Enumerable.Range(0, reader.FieldCount)
                    .Where(i => reader.GetName(i) != "applied_at")
                    .Select(i => $"{reader.GetName(i)}={reader.GetValue(i).GetType().Name} {reader.GetValue(i)}")));
            }
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    public static async Task<IReadOnlyList<string>> OfPostgres(string connectionString)
    {
        await using NpgsqlConnection connection = new($"{connectionString};Pooling=false;Application Name=test");
        await connection.OpenAsync();
        List<string> rows = [];
        foreach (string table in await Texts(
            connection.CreateCommand(),
            "select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"))
        {
            if (!NotCompared.Contains(table))
            {
                rows.AddRange(await Texts(
                    connection.CreateCommand(), $"select '{table}: ' || (to_jsonb(t) - 'applied_at')::text from {table} t"));
            }
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    private static async Task<List<string>> Texts(System.Data.Common.DbCommand command, string sql)
    {
        await using (command)
        {
            command.CommandText = sql;
            await using System.Data.Common.DbDataReader reader = await command.ExecuteReaderAsync();
            List<string> texts = [];
            while (await reader.ReadAsync())
            {
                texts.Add(reader.GetString(0));
            }

            return texts;
        }
    }
}
