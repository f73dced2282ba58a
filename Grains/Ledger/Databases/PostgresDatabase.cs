using System.Diagnostics;
using NovaOrleans.Projects;
using Npgsql;

namespace NovaOrleans.Ledger;

internal sealed class PostgresDatabase : LedgerDatabase
{
    /// <summary>
    /// What is read is a page of rows that are in memory, so an entry of an index costs about what a row of a table does. By the default,
    /// four times as much, the planner gathers and sorts a whole project for a page while it has no statistics (100 ms of 100,000 VNICs
    /// made within a minute, and 1 so). To compile a query takes longer than to run it.
    /// </summary>
    private const string ForReaders = " -c random_page_cost=1.1 -c jit=off";

    /// <summary>
    /// So many read at once, and others wait their turn, unless the connection string says otherwise. Left alone a crowd opens a hundred,
    /// which is all that PostgreSQL takes as it is installed (docs/decisions/0079-a-silo-takes-few-connections.md).
    /// </summary>
    private const string FewReaders = "Maximum Pool Size=16;";

    private readonly NpgsqlDataSource _writers;

    /// <summary>Readers leave nothing behind on their connection, so nothing of it is reset before the next.</summary>
    private readonly NpgsqlDataSource _readers;

    private readonly Turn _turn = new();

    /// <summary>What the server said to whoever asked last, where it took nobody.</summary>
    private volatile string? _refused;

    public PostgresDatabase(string connectionString)
    {
        _writers = Source(new(connectionString), "ledger");
        NpgsqlConnectionStringBuilder reading = new(FewReaders + connectionString) { NoResetOnClose = true };
        reading.Options += ForReaders;
        _readers = Source(reading, "ledger-readers");
    }

    public override string Name => new NpgsqlConnectionStringBuilder(_writers.ConnectionString).Database ?? "";

    internal override SqlDialect Dialect => PostgresDialect.Instance;

    internal override async Task<LedgerConnection> OpenWriter() => new PostgresConnection(await Open(_writers), blocks: true);

    internal override async ValueTask<LedgerConnection> RentReader() => new PostgresConnection(await Open(_readers), blocks: false);

    internal override ValueTask ReturnReader(LedgerConnection reader) => reader.DisposeAsync();

    internal override IHoldLane OpenHoldLane(WorkLane work, ILedgerFaults faults, QuotaDefaults quotas) =>
        new PostgresHoldLane(this, faults, quotas);

    internal override AtOnceLane OpenAtOnceLane(WorkLane general, ILedgerFaults faults) => new(this, general, faults);

    internal override async Task LockMigrations(LedgerConnection writer) =>
        await writer.Execute("select pg_advisory_xact_lock(7806324188513291)", default);

    internal override async Task<IReadOnlyList<string>> Others(LedgerConnection own)
    {
        List<string> others = [];
        await own.Query(
            """
            select application_name, host(client_addr), count(*) from pg_stat_activity
             where datname = current_database() and application_name like 'novaorleans%' and pid <> pg_backend_pid()
             group by 1, 2 order by 1, 2
            """,
            default,
            row => others.Add($"{row.GetString(0)} at {(row.IsDBNull(1) ? "a local socket" : row.GetString(1))} "
                + $"({row.GetInt64(2)} connections)"));
        return others;
    }

    public override async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync();
        await _writers.DisposeAsync();
    }

    /// <summary>Connections under a name by which figures call them, instead of by their connection string.</summary>
    private static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder connection, string name)
    {
        connection.MaxAutoPrepare = 200;
        connection.AutoPrepareMinUsages = 2;
        connection.ApplicationName = "novaorleans";
        return new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = name }.Build();
    }

    private async Task<NpgsqlConnection> Open(NpgsqlDataSource source)
    {
        if (_refused is { } before && !_turn.IsMine())
        {
            throw Refused(before);
        }

        try
        {
            NpgsqlConnection connection = await source.OpenConnectionAsync();
            _refused = null;
            return connection;
        }
        catch (NpgsqlException e)
        {
            _refused = e.Message;
            throw Refused(e.Message);
        }
    }

    /// <summary>Whatever its reason, shutting down or not taking anybody: there is none, and there may be one later.</summary>
    private static LedgerFault Refused(string why) =>
        new($"PostgreSQL gives no connection: {why}", again: false, lost: true);

    /// <summary>
    /// Who may ask a server that took nobody the last time: one each so often. Everybody else is told the same at once. A server
    /// that starts makes a process for each who asks, and a crowd of them kept it from its recovery and stood in its queue, for up to
    /// 5 s after it was back.
    /// </summary>
    private sealed class Turn
    {
        private static readonly long s_pause = Stopwatch.Frequency / 10;
        private long _next;

        public bool IsMine()
        {
            (long now, long next) = (Stopwatch.GetTimestamp(), Volatile.Read(ref _next));
            return now >= next && Interlocked.CompareExchange(ref _next, now + s_pause, next) == next;
        }
    }
}
