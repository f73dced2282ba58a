using System.Data.Common;
using System.Globalization;

namespace NovaOrleans.Ledger;

/// <summary>
/// A backup's rows, put back. The schema is made as the backup's version had it, filled, and then brought up to date, all in one
/// transaction: a restore that is cut off leaves the database as it was.
/// </summary>
public static class LedgerRestore
{
    /// <param name="database">An empty database, or one that is wiped.</param>
    /// <param name="file">The backup; it is checked whole before anything is touched.</param>
    /// <param name="wipe">The name of the database, where what is in it may go; null where nothing may.</param>
    /// <param name="tell">Is told of long work.</param>
    /// <exception cref="OperatingFaultException">It was refused, and nothing was changed.</exception>
    public static async Task<BackupSummary> Read(LedgerDatabase database, string file, string? wipe, Action<string> tell)
    {
        try
        {
            tell($"checking {file}");
            using BackupFile.Opened backup = await BackupFile.Open(file);
            RefuseForeign(database, file, backup.Header);
            await using LedgerConnection writer = await database.OpenWriter();
            await writer.Begin();
            await database.LockMigrations(writer);
            await MakeRoom(database, writer, wipe);
            BackupSummary restored = await Fill(writer, backup, file, tell);
            await LedgerMigrations.ApplyMissing(writer, _ => true);
            await writer.Commit();
            return restored;
        }
        catch (DbException e)
        {
            throw new OperatingFaultException($"the backup could not be restored, and nothing was changed: {e.Message}", mayRetry: false);
        }
        catch (LedgerFault fault)
        {
            throw fault.ToOperatingFault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new OperatingFaultException($"the backup could not be read, and nothing was changed: {e.Message}", mayRetry: false);
        }
    }

    private static void RefuseForeign(LedgerDatabase database, string file, BackupHeader header)
    {
        if (header.Database != database.Dialect.Name)
        {
            // The rows would do; settings do not: each database keeps them in a form of its own.
            throw BackupFile.Refused(
                file, $"is of a {header.Database} database; accepted here is one of a {database.Dialect.Name} database");
        }

        IReadOnlyList<string> foreign = LedgerMigrations.Foreign(header.Migrations, database.Dialect);
        if (foreign.Count > 0)
        {
            throw BackupFile.Refused(
                file, $"is of another version: its schema has {string.Join(", ", foreign)}, which this program has not");
        }
    }

    /// <summary>Takes the schema away, if nothing is in it or what is in it may go.</summary>
    private static async Task MakeRoom(LedgerDatabase database, LedgerConnection writer, string? wipe)
    {
        IReadOnlyList<string> others = await database.Others(writer);
        if (others.Count > 0)
        {
            throw new OperatingFaultException(
                $"{database.Name} is in use: stop {string.Join(", ", others)} first.", mayRetry: true);
        }

        IReadOnlyList<string> foreign = LedgerMigrations.Foreign(await LedgerMigrations.Had(writer), writer.Dialect);
        if (foreign.Count > 0)
        {
            throw new OperatingFaultException(
                $"{database.Name} was migrated by another version: it has {string.Join(", ", foreign)}, which this program has not.",
                mayRetry: false);
        }

        if (wipe is not null && wipe != database.Name)
        {
            throw new OperatingFaultException(
                $"--wipe was '{wipe}', and the database is {database.Name}: nothing was changed.", mayRetry: false);
        }

        if (wipe is null && await Holds(writer) is { } table)
        {
            throw new OperatingFaultException(
                $"{database.Name} is not empty: {table} has rows. With '--wipe {database.Name}' all that is in it goes.",
                mayRetry: false);
        }

        foreach (string drop in LedgerMigrations.Drops(writer.Dialect))
        {
            await writer.Script(drop);
        }
    }

    /// <summary>A table with rows; null where there is none.</summary>
    private static async Task<string?> Holds(LedgerConnection writer)
    {
        IReadOnlyList<AppliedMigration> had = await LedgerMigrations.Had(writer);
        foreach (TableShape table in had.Count == 0 ? [] : await LedgerTables.Of(writer))
        {
            bool any = false;
            await writer.Query($"select 1 from {table.Name} limit 1", default, _ => any = true);
            if (any)
            {
                return table.Name;
            }
        }

        return null;
    }

    private static async Task<BackupSummary> Fill(
        LedgerConnection writer, BackupFile.Opened backup, string file, Action<string> tell)
    {
        HashSet<int> wanted = [.. backup.Header.Migrations.Select(m => m.Number)];
        await LedgerMigrations.ApplyMissing(writer, m => wanted.Contains(m.Number));
        Dictionary<string, TableShape> schema = (await LedgerTables.Of(writer)).ToDictionary(t => t.Name);
        long rows = 0;
        int tables = 0;
        while (await backup.Rows.ReadLineAsync() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["table", var name, var columns, var last] when Shape(schema, name, columns) is { } table:
                    rows += await writer.CopyIn(table, RowsOf(table, backup.Rows, tell));
                    await GoOnAfter(writer, table, long.Parse(last, CultureInfo.InvariantCulture));
                    tables++;
                    break;
                case ["end", var count] when long.Parse(count, CultureInfo.InvariantCulture) == rows:
                    return new BackupSummary(backup.Header, tables, rows);
                default:
                    throw BackupFile.Refused(file, $"has a line that does not fit its schema: '{line}'");
            }
        }

        throw BackupFile.Refused(file, "has no end");
    }

    /// <summary>The table with its columns in the file's order; null where the schema has none that is so.</summary>
    private static TableShape? Shape(Dictionary<string, TableShape> schema, string name, string columns)
    {
        string[] given = columns.Split(',');
        return schema.TryGetValue(name, out TableShape? table) && given.Length == table.Columns.Count
            && given.ToHashSet().SetEquals(table.Columns) ? new TableShape(name, given) : null;
    }

    private static async IAsyncEnumerable<string> RowsOf(TableShape table, TextReader rows, Action<string> tell)
    {
        long read = 0;
        while (await rows.ReadLineAsync() is { } line && line != BackupFile.EndOfTable)
        {
            if (++read % LedgerBackup.RowsBetweenLines == 0)
            {
                tell(string.Create(CultureInfo.InvariantCulture, $"{table.Name}: {read:N0} rows so far"));
            }

            yield return line;
        }
    }

    /// <summary>The next row's number is the one that it would have been.</summary>
    private static async Task GoOnAfter(LedgerConnection writer, TableShape table, long last)
    {
        if (writer.Dialect.SetLastNumber(table.Name, last) is { } set)
        {
            await writer.Script(set);
        }
    }
}
