using System.Data.Common;
using System.Globalization;

namespace NovaOrleans.Ledger;

/// <summary>How much was written or read.</summary>
public sealed record BackupSummary(BackupHeader Header, int Tables, long Rows);

/// <summary>
/// All rows of a ledger, settings included, in one file, as they were at one moment; silos run on meanwhile. See
/// <see cref="LedgerRestore"/> for the way back.
/// </summary>
public static class LedgerBackup
{
    /// <summary>Of long work a line is told after so many rows.</summary>
    internal const long RowsBetweenLines = 250_000;

    /// <exception cref="OperatingFaultException">The database has no schema or cannot be read, or the file cannot be written.</exception>
    public static async Task<BackupSummary> Write(LedgerDatabase database, string file, Action<string> tell)
    {
        try
        {
            if (File.Exists(file))
            {
                throw BackupFile.Refused(file, "is there already; give a name that is free");
            }

            await using LedgerConnection connection = await database.OpenWriter();
            await connection.BeginSnapshot();
            BackupSummary written = await Write(connection, file, tell);
            await connection.Rollback();
            return written;
        }
        catch (DbException e)
        {
            throw new OperatingFaultException($"the ledger could not be read: {e.Message}", mayRetry: true);
        }
        catch (LedgerFault fault)
        {
            throw fault.ToOperatingFault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperatingFaultException($"the backup could not be written: {e.Message}", mayRetry: false);
        }
    }

    private static async Task<BackupSummary> Write(LedgerConnection connection, string file, Action<string> tell)
    {
        IReadOnlyList<AppliedMigration> had = await LedgerMigrations.Had(connection);
        if (had.Count == 0)
        {
            throw new OperatingFaultException("The database has no schema: there is nothing to back up.", mayRetry: false);
        }

        BackupHeader header = new(connection.Dialect.Name, await Now(connection), had);
        IReadOnlyList<TableShape> tables = await LedgerTables.Of(connection);
        long rows = 0;
        await BackupFile.Write(file, header, async text =>
        {
            foreach (TableShape table in tables)
            {
                rows += await Write(connection, table, text, tell);
            }

            await text.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"end {rows}"));
        });
        return new BackupSummary(header, tables.Count, rows);
    }

    private static async Task<long> Write(LedgerConnection connection, TableShape table, TextWriter text, Action<string> tell)
    {
        long rows = 0, last = await LastNumber(connection, table);
        await text.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"table {table.Name} {string.Join(',', table.Columns)} {last}"));
        await foreach (string line in connection.CopyOut(table))
        {
            await text.WriteLineAsync(line);
            if (++rows % RowsBetweenLines == 0)
            {
                tell(string.Create(CultureInfo.InvariantCulture, $"{table.Name}: {rows:N0} rows so far"));
            }
        }

        await text.WriteLineAsync(BackupFile.EndOfTable);
        return rows;
    }

    private static async Task<long> LastNumber(LedgerConnection connection, TableShape table)
    {
        long last = 0;
        if (table.Columns.Contains("id") && connection.Dialect.LastNumber(table.Name) is { } query)
        {
            await connection.Query(query, default, row => last = row.GetInt64(0));
        }

        return last;
    }

    private static async Task<DateTimeOffset> Now(LedgerConnection connection)
    {
        DateTimeOffset now = default;
        await connection.Query(
            connection.Dialect.Expand("select {now}"), default,
            row => now = row.GetFieldValue<DateTimeOffset>(0).ToUniversalTime());
        return now;
    }
}
