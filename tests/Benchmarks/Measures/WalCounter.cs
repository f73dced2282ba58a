using NovaOrleans.Testing;
using Npgsql;

namespace NovaOrleans.Benchmarks.Measures;

/// <summary>
/// What a PostgreSQL has written ahead: the log's position in bytes, and what its statistics have counted of bytes and of flushes.
/// </summary>
public readonly record struct WalCount(double Position, double Counted, double Flushes)
{
    /// <summary>Of one stretch of work.</summary>
    public static WalCount operator -(WalCount after, WalCount before) =>
        new(after.Position - before.Position, after.Counted - before.Counted, after.Flushes - before.Flushes);

    /// <summary>
    /// Flushes of the whole stretch. A session tells its statistics at most once a second, so that those of the last moment are
    /// missing; the position is exact, and flushes are to it as the counted ones are to the counted bytes.
    /// </summary>
    public double AllFlushes => Counted > 0 ? Flushes * Position / Counted : 0;
}

/// <summary>Reads it over one connection of its own, which costs the server next to nothing.</summary>
internal sealed class WalCounter : IAsyncDisposable
{
    private const string Sql =
        "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8, wal_bytes::float8, wal_sync::float8 from pg_stat_wal";

    private readonly NpgsqlConnection _connection;

    private WalCounter(NpgsqlConnection connection) => _connection = connection;

    public static async Task<WalCounter> Open(PostgresCluster cluster)
    {
        NpgsqlConnection connection = new(cluster.ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        return new WalCounter(connection);
    }

    public async Task<WalCount> Read()
    {
        await using NpgsqlCommand command = new(Sql, _connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new WalCount(reader.GetDouble(0), reader.GetDouble(1), reader.GetDouble(2));
    }

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();
}
