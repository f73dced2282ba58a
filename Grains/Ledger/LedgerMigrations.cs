using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace NovaOrleans.Ledger;

/// <summary>
/// The numbered texts in <c>Migrations/</c>, each applied once and never edited after a release. Every silo may ask for
/// them at once: one applies, the others wait and find nothing to do.
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

    private static async Task<List<int>> ApplyMissing(LedgerConnection writer)
    {
        SqlDialect dialect = writer.Dialect;
        await writer.Script(dialect.Expand(
            """
            create table if not exists schema_migrations (
                number integer primary key, name text not null, checksum text not null,
                applied_at {time} not null default {now})
            """));
        Dictionary<long, string> known = [];
        await writer.Query(
            "select number, checksum from schema_migrations", default, row => known[row.GetInt64(0)] = row.GetString(1));
        List<int> applied = [];
        foreach ((int number, string name, string text) in Texts())
        {
            string checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            if (known.GetValueOrDefault(number) is { } before)
            {
                Refuse(before != checksum, name);
                continue;
            }

            await writer.Script(dialect.Expand(text));
            await writer.Execute(
                "insert into schema_migrations (number, name, checksum) values (@number, @name, @checksum)",
                new (string, object?)[] { ("number", number), ("name", name), ("checksum", checksum) });
            applied.Add(number);
        }

        return applied;
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

    private static IEnumerable<(int Number, string Name, string Text)> Texts()
    {
        Assembly assembly = typeof(LedgerMigrations).Assembly;
        foreach (string resource in assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            string name = resource[Folder.Length..];
            using StreamReader text = new(assembly.GetManifestResourceStream(resource)!);
            yield return (int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, text.ReadToEnd());
        }
    }
}
