using NovaOrleans.Projects;

namespace NovaOrleans.Ledger;

/// <summary>
/// Where the rows are: a file or a server. Opening a connection creates an embedded file, never a schema.
/// </summary>
public abstract class LedgerDatabase : IAsyncDisposable
{
    public static LedgerDatabase Sqlite(string file) => new SqliteDatabase(file);

    public static LedgerDatabase Postgres(string connectionString) => new PostgresDatabase(connectionString);

    /// <summary>As it is asked for by name before it is wiped: the database's name, or the file's.</summary>
    public abstract string Name { get; }

    internal abstract SqlDialect Dialect { get; }

    internal abstract Task<LedgerConnection> OpenWriter();

    internal abstract ValueTask<LedgerConnection> RentReader();

    internal abstract ValueTask ReturnReader(LedgerConnection reader);

    /// <summary>The lane of <see cref="ILedger.Hold"/> and <see cref="ILedger.Free"/>.</summary>
    internal abstract IHoldLane OpenHoldLane(WorkLane work, ILedgerFaults faults, QuotaDefaults quotas);

    /// <summary>The lane of <see cref="ILedger.CommitAtOnce"/>; null where no message commits by itself: then it is general work.</summary>
    internal virtual AtOnceLane? OpenAtOnceLane(WorkLane general, ILedgerFaults faults) => null;

    /// <summary>
    /// Who else is connected now, as a word for each; those who work on the rows must not be there when they are replaced.
    /// </summary>
    internal abstract Task<IReadOnlyList<string>> Others(LedgerConnection own);

    /// <summary>Takes the right to migrate for this transaction; others wait.</summary>
    internal abstract Task LockMigrations(LedgerConnection writer);

    public abstract ValueTask DisposeAsync();
}
