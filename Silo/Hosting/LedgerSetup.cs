using NovaOrleans.Ledger;
using NovaOrleans.Outcomes;

namespace NovaOrleans.Silo.Hosting;

/// <summary>Which database the ledger is in, and its schema.</summary>
public static class LedgerSetup
{
    public static LedgerDatabase Database(SiloOptions options)
    {
        if (options.Database is { } connection)
        {
            return LedgerDatabase.Postgres(connection);
        }

        Directory.CreateDirectory(options.Data);
        return LedgerDatabase.Sqlite(options.LedgerFile);
    }

    /// <summary>Applies the migrations that are missing; a second time, or at the same time elsewhere, does nothing.</summary>
    public static async Task Sync(SiloOptions options)
    {
        await using LedgerDatabase database = Database(options);
        await LedgerMigrations.Apply(database);
        Console.WriteLine($"The schema of {Where(options)} is up to date.");
    }

    /// <summary>
    /// An embedded file is brought up to date; a cluster's database is left alone, because its other members may be of the
    /// previous version: there the operator says when.
    /// </summary>
    /// <exception cref="OperatingFaultException">The schema is missing or older than this program.</exception>
    public static async Task Ready(SiloOptions options)
    {
        if (options.Database is null)
        {
            await Sync(options);
            return;
        }

        await using LedgerDatabase database = Database(options);
        if (await LedgerMigrations.Missing(database) is { Count: > 0 } missing)
        {
            throw new OperatingFaultException(
                $"The database lacks {string.Join(", ", missing)}: run 'db sync' once, then start again.", mayRetry: false);
        }
    }

    public static string Where(SiloOptions options) =>
        options.Database is null ? options.LedgerFile : "the PostgreSQL database";
}
