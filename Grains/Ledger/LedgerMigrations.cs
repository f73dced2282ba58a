using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace NovaOrleans.Ledger;

/// <summary>
/// The numbered texts in <c>Migrations/</c>, each applied once and never edited after a release. Every silo may ask for
/// them at once: one applies, the others wait and find nothing to do. <c>0010_name.postgres.sql</c> is for one database.
/// </summary>
public static class LedgerMigrations
{
    private const string Folder = "NovaOrleans.Ledger.Migrations.";

    /// <summary>Brings the schema up to date and gives the numbers that were applied, none if it was.</summary>
    /// <exception cref="OperatingFaultException">The database cannot be reached, or was migrated by another text.</exception>
    public static async Task<IReadOnlyList<int>> Apply(LedgerDatabase database)
    {
        try
        {
            await using LedgerConnection writer = await database.OpenWriter();
            await writer.Begin();
            await database.LockMigrations(writer);
            List<int> applied = await ApplyMissing(writer);
            await writer.Commit();
            return applied;
        }
        catch (DbException e)
        {
            throw new OperatingFaultException($"the ledger's schema could not be migrated: {e.Message}", mayRetry: false);
        }
        catch (LedgerFault fault)
        {
            throw fault.ToOperatingFault();
        }
    }

    /// <summary>The names of those that this program has and the database lacks, oldest first. Changes nothing.</summary>
    /// <remarks>A database that has more than this program was migrated by a newer one; that is no fault.</remarks>
    /// <exception cref="OperatingFaultException">The database cannot be reached, or was migrated by another text.</exception>
    public static async Task<IReadOnlyList<string>> Missing(LedgerDatabase database)
    {
        try
        {
            await using LedgerConnection connection = await database.OpenWriter();
            Dictionary<long, string> applied = await HasAny(connection) ? await Applied(connection) : [];
            return [.. NotIn(applied, connection.Dialect).Select(t => t.Name)];
        }
        catch (DbException e)
        {
            throw new OperatingFaultException($"the ledger's schema could not be read: {e.Message}", mayRetry: true);
        }
        catch (LedgerFault fault)
        {
            throw fault.ToOperatingFault();
        }
    }

    private static async Task<List<int>> ApplyMissing(LedgerConnection writer)
    {
        SqlDialect dialect = writer.Dialect;
        await writer.Script(dialect.Expand(
            """
            create table if not exists schema_migrations (
                number integer primary key, name text not null, checksum text not null,
                applied_at {time} not null default {now})
            """));
        List<int> applied = [];
        foreach (Migration migration in NotIn(await Applied(writer), dialect))
        {
            await writer.Script(dialect.Expand(migration.Text));
            await writer.Execute(
                "insert into schema_migrations (number, name, checksum) values (@number, @name, @checksum)",
                new (string, object?)[]
                {
                    ("number", migration.Number), ("name", migration.Name), ("checksum", migration.Checksum),
                });
            applied.Add(migration.Number);
        }

        return applied;
    }

    private static async Task<bool> HasAny(LedgerConnection connection)
    {
        bool found = false;
        await connection.Query(connection.Dialect.FindMigrations, default, _ => found = true);
        return found;
    }

    private static async Task<Dictionary<long, string>> Applied(LedgerConnection connection)
    {
        Dictionary<long, string> applied = [];
        await connection.Query(
            "select number, checksum from schema_migrations", default, row => applied[row.GetInt64(0)] = row.GetString(1));
        return applied;
    }

    /// <summary>What is not applied yet. One that was applied with another text ends it.</summary>
    private static IEnumerable<Migration> NotIn(IReadOnlyDictionary<long, string> applied, SqlDialect dialect)
    {
        foreach (Migration migration in Texts(dialect.Name))
        {
            if (applied.GetValueOrDefault(migration.Number) is { } checksum)
            {
                Refuse(checksum != migration.Checksum, migration.Name);
                continue;
            }

            yield return migration;
        }
    }

    private static void Refuse(bool changed, string name)
    {
        if (changed)
        {
            throw new OperatingFaultException(
                $"migration {name} was applied with another text than this program's; it belongs to another version",
                mayRetry: false);
        }
    }

    private static IEnumerable<Migration> Texts(string dialect)
    {
        Assembly assembly = typeof(LedgerMigrations).Assembly;
        foreach (string resource in assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            string name = resource[Folder.Length..];
            if (name.Split('.') is not [_, var only, "sql"] || only == dialect)
            {
                using StreamReader text = new(assembly.GetManifestResourceStream(resource)!);
                yield return new Migration(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, text.ReadToEnd());
            }
        }
    }

    private sealed record Migration(int Number, string Name, string Text)
    {
        public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
    }
}
