using Npgsql;

namespace NovaOrleans.Ledger;

internal sealed class PostgresDatabase : LedgerDatabase
{
    private readonly NpgsqlDataSource _source;

    public PostgresDatabase(string connectionString) =>
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            ApplicationName = "novaorleans",
        });

    internal override SqlDialect Dialect => PostgresDialect.Instance;

    internal override async Task<LedgerConnection> OpenWriter() => new PostgresConnection(await Open());

    internal override async ValueTask<LedgerConnection> RentReader() => new PostgresConnection(await Open());

    internal override ValueTask ReturnReader(LedgerConnection reader) => reader.DisposeAsync();

    internal override IHoldLane OpenHoldLane(WorkLane work, ILedgerFaults faults) => new PostgresHoldLane(this, faults);

    internal override async Task LockMigrations(LedgerConnection writer) =>
        await writer.Execute("select pg_advisory_xact_lock(7806324188513291)", default);

    public override ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<NpgsqlConnection> Open()
    {
        try
        {
            return await _source.OpenConnectionAsync();
        }
        catch (NpgsqlException e)
        {
            throw Dialect.Translate(e);
        }
    }
}
