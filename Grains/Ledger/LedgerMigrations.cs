using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace NovaOrleans.Ledger;

/// <summary>
/// The numbered texts in <c>Migrations/</c>, each applied once and never edited after a release. Every silo may ask for
/// them at once: one applies, the others wait and find nothing to do. <c>0010_name.postgres.sql</c> is for one database.
/// </summary>
public static partial class LedgerMigrations
{
    private const string Folder = "NovaOrleans.Ledger.Migrations.";

    /// <summary>Brings the schema up to date and gives the numbers that were applied, none if it was.</summary>
    /// <param name="database">The database.</param>
    /// <param name="through">The last one to apply: a schema as an older version made it. The newest unless given.</param>
    /// <exception cref="OperatingFaultException">The database cannot be reached, or was migrated by another text.</exception>
    public static async Task<IReadOnlyList<int>> Apply(LedgerDatabase database, int through = int.MaxValue)
    {
        try
        {
            await using LedgerConnection writer = await database.OpenWriter();
            await writer.Begin();
            await database.LockMigrations(writer);
            List<int> applied = await ApplyMissing(writer, m => m.Number <= through);
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

    /// <summary>In the caller's transaction; those that are not chosen are left out.</summary>
    internal static async Task<List<int>> ApplyMissing(LedgerConnection writer, Func<AppliedMigration, bool> chosen)
    {
        SqlDialect dialect = writer.Dialect;
        await writer.Script(dialect.Expand(
            """
            create table if not exists schema_migrations (
                number integer primary key, name text not null, checksum text not null,
                applied_at {time} not null default {now})
            """));
        List<int> applied = [];
        foreach (Migration migration in NotIn(await Applied(writer), dialect).Where(m => chosen(m.Applied)))
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

    /// <summary>Those that a database has had, oldest first; none of one without a schema.</summary>
    internal static async Task<IReadOnlyList<AppliedMigration>> Had(LedgerConnection connection)
    {
        List<AppliedMigration> had = [];
        if (await HasAny(connection))
        {
            await connection.Query(
                "select number, name, checksum from schema_migrations order by number", default,
                row => had.Add(new AppliedMigration((int)row.GetInt64(0), row.GetString(1), row.GetString(2))));
        }

        return had;
    }

    /// <summary>Those of the given ones that this program has not, or has with another text, by name.</summary>
    internal static IReadOnlyList<string> Foreign(IEnumerable<AppliedMigration> had, SqlDialect dialect)
    {
        HashSet<(int, string)> known = [.. Texts(dialect.Name).Select(m => (m.Number, m.Checksum))];
        return [.. had.Where(h => !known.Contains((h.Number, h.Checksum))).Select(h => h.Name)];
    }

    /// <summary>Statements that take away all that migrations make, the newest first.</summary>
    internal static IEnumerable<string> Drops(SqlDialect dialect) =>
        (from migration in Texts(dialect.Name).Reverse()
         from made in Made().Matches(migration.Text).Reverse()
         select $"drop {made.Groups["kind"].Value} if exists {made.Groups["name"].Value}")
        .Append("drop table if exists schema_migrations");

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

    [GeneratedRegex(@"^create (?<kind>table|view) (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Made();

    private sealed record Migration(int Number, string Name, string Text)
    {
        public AppliedMigration Applied => new(Number, Name, Checksum);

        public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
    }
}
