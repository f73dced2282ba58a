using Npgsql;

namespace NovaOrleans.Ledger;

internal sealed class PostgresDatabase : LedgerDatabase
{
    private readonly NpgsqlDataSource _source;

    public PostgresDatabase(string connectionString) =>
        _source = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            ApplicationName = "novaorleans",
        }.ConnectionString)
        {
            // As its figures call it, instead of by the connection string.
            Name = "ledger",
        }.Build();

    public override string Name => new NpgsqlConnectionStringBuilder(_source.ConnectionString).Database ?? "";

    internal override SqlDialect Dialect => PostgresDialect.Instance;

    internal override async Task<LedgerConnection> OpenWriter() => new PostgresConnection(await Open());

    internal override async ValueTask<LedgerConnection> RentReader() => new PostgresConnection(await Open());

    internal override ValueTask ReturnReader(LedgerConnection reader) => reader.DisposeAsync();

    internal override IHoldLane OpenHoldLane(WorkLane work, ILedgerFaults faults) => new PostgresHoldLane(this, faults);

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

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<NpgsqlConnection> Open()
    {
        try
        {
            return await _source.OpenConnectionAsync();
        }
        catch (NpgsqlException e)
        {
            // Whatever its reason, shutting down or not taking anybody: there is none, and there may be one later.
            throw new LedgerFault($"PostgreSQL gives no connection: {e.Message}", again: false, lost: true);
        }
    }
}
