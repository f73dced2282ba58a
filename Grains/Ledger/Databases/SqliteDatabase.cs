using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using NovaOrleans.Projects;

namespace NovaOrleans.Ledger;

internal sealed class SqliteDatabase : LedgerDatabase
{
    private const int KeptReaders = 16;
    private readonly SqliteDialect _dialect = new();
    private readonly ConcurrentBag<LedgerConnection> _readers = [];
    private readonly string _file;

    public SqliteDatabase(string file)
    {
        _file = Path.GetFullPath(file);
        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
    }

    public override string Name => Path.GetFileName(_file);

    internal override SqlDialect Dialect => _dialect;

    internal override async Task<LedgerConnection> OpenWriter()
    {
        // FULL: the log is flushed at every commit, so an acknowledged row survives a power cut. It is copied to the file after 40 MB and
        // not after 4, since most of its pages are the same few, written again and again.
        // What a statement of many rows changes is kept until it ends, in memory and not in a file: a sixth of a bulk create.
        LedgerConnection writer = await Open(
            "pragma journal_mode=wal; pragma synchronous=full; pragma wal_autocheckpoint=10000; pragma temp_store=memory");
        await KnowIndexes(writer);
        return writer;
    }

    internal override async ValueTask<LedgerConnection> RentReader() =>
        _readers.TryTake(out LedgerConnection? reader) ? reader : await Open("pragma query_only=on");

    internal override ValueTask ReturnReader(LedgerConnection reader)
    {
        if (!reader.Usable || _readers.Count >= KeptReaders)
        {
            return reader.DisposeAsync();
        }

        _readers.Add(reader);
        return ValueTask.CompletedTask;
    }

    internal override IHoldLane OpenHoldLane(WorkLane work, ILedgerFaults faults, QuotaDefaults quotas) =>
        new SqliteHoldLane(work, quotas);

    internal override async Task LockMigrations(LedgerConnection writer) => await KnowIndexes(writer);

    /// <summary>A file does not know; its folder's lock does, which the server holds.</summary>
    internal override Task<IReadOnlyList<string>> Others(LedgerConnection own) => Task.FromResult<IReadOnlyList<string>>([]);

    public override async ValueTask DisposeAsync()
    {
        while (_readers.TryTake(out LedgerConnection? reader))
        {
            await reader.DisposeAsync();
        }
    }

    private async Task<LedgerConnection> Open(string pragmas)
    {
        SqliteConnectionStringBuilder text = new() { DataSource = _file, Pooling = false, DefaultTimeout = 10 };
        SqliteConnection connection = new(text.ToString());
        try
        {
            await connection.OpenAsync();
            // 16 MB of pages. Of a larger cache SQLite walks more at most commits, which a tree that it rebalanced makes it do: of 64 MB
            // that was a sixth of the writer's time.
            using SqliteCommand setting = connection.CreateCommand();
            setting.CommandText = $"pragma busy_timeout=10000; pragma foreign_keys=on; pragma cache_size=-16384; {pragmas}";
            await setting.ExecuteNonQueryAsync();
            return new SqliteLedgerConnection(connection, _dialect);
        }
        catch (SqliteException e)
        {
            await connection.DisposeAsync();
            throw _dialect.Translate(e);
        }
    }

    /// <summary>
    /// SQLite's errors name columns, PostgreSQL's name the index: the ledger speaks PostgreSQL's names.
    /// </summary>
    private async Task KnowIndexes(LedgerConnection writer)
    {
        Dictionary<string, string> indexes = [];
        await writer.Query(
            """
            select t.name as tab, l.name as idx, l.origin,
                   (select group_concat(i.name, ',') from pragma_index_info(l.name) i) as cols
            from sqlite_master t, pragma_index_list(t.name) l where t.type = 'table' and l."unique"
            """,
            default,
            row =>
            {
                (string table, string index, string origin) = (row.GetString(0), row.GetString(1), row.GetString(2));
                string[] columns = row.GetString(3).Split(',');
                indexes[string.Join(", ", columns.Select(c => $"{table}.{c}"))] = origin switch
                {
                    "pk" => $"{table}_pkey",
                    "u" => $"{table}_{string.Join('_', columns)}_key",
                    _ => index,
                };
            });
        _dialect.Know(indexes);
    }
}
