using NovaOrleans.Ledger;

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

    /// <summary>Applies the migrations that are missing; a second time does nothing.</summary>
    public static async Task Sync(SiloOptions options)
    {
        await using LedgerDatabase database = Database(options);
        await LedgerMigrations.Apply(database);
        Console.WriteLine($"The schema of {Where(options)} is up to date.");
    }

    public static string Where(SiloOptions options) =>
        options.Database is null ? options.LedgerFile : "the PostgreSQL database";
}
