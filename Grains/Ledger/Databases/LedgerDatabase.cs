namespace NovaOrleans.Ledger;

/// <summary>
/// Where the rows are: a file or a server. Opening a connection creates an embedded file, never a schema.
/// </summary>
public abstract class LedgerDatabase : IAsyncDisposable
{
    public static LedgerDatabase Sqlite(string file) => new SqliteDatabase(file);

    public static LedgerDatabase Postgres(string connectionString) => new PostgresDatabase(connectionString);

    internal abstract SqlDialect Dialect { get; }

    internal abstract Task<LedgerConnection> OpenWriter();

    internal abstract ValueTask<LedgerConnection> RentReader();

    internal abstract ValueTask ReturnReader(LedgerConnection reader);

    /// <summary>The lane of <see cref="ILedger.Hold"/> and <see cref="ILedger.Free"/>.</summary>
    internal abstract IHoldLane OpenHoldLane(WorkLane work, ILedgerFaults faults);

    /// <summary>Takes the right to migrate for this transaction; others wait.</summary>
    internal abstract Task LockMigrations(LedgerConnection writer);

    public abstract ValueTask DisposeAsync();
}
