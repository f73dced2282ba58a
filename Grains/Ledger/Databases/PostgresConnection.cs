using System.Data.Common;
using Npgsql;

namespace NovaOrleans.Ledger;

/// <summary>
/// A PostgreSQL connection. What nobody waits for travels with the next statement instead of costing a round trip of its own: a
/// bind and its report took twelve, one after the other, and take six. Statements are prepared by the driver when they come back
/// (Max Auto Prepare).
/// </summary>
internal sealed class PostgresConnection(NpgsqlConnection connection) : LedgerConnection(PostgresDialect.Instance)
{
    private const string SetSavepoint = "savepoint work", DropSavepoint = "release savepoint work";

    /// <summary>What goes out with the next statement, before it.</summary>
    private readonly List<NpgsqlBatchCommand> _ahead = [];
    private NpgsqlTransaction? _transaction;

    public NpgsqlConnection Inner => connection;

    public override bool Usable => connection.FullState == System.Data.ConnectionState.Open;

    public override async Task<int> Execute(string sql, ReadOnlyMemory<(string Name, object? Value)> parameters)
    {
        NpgsqlBatchCommand command = Command(sql, parameters.Span);
        await using NpgsqlBatch batch = BatchWith(command);
        await batch.ExecuteNonQueryAsync();
        return command.RecordsAffected;
    }

    public override Task Send(string sql, ReadOnlyMemory<(string Name, object? Value)> parameters)
    {
        _ahead.Add(Command(sql, parameters.Span));
        return Task.CompletedTask;
    }

    public override async Task Flush()
    {
        // Savepoints alone can wait.
        if (_ahead.TrueForAll(c => c.CommandText is SetSavepoint or DropSavepoint))
        {
            return;
        }

        await using NpgsqlBatch batch = BatchWith(null);
        await batch.ExecuteNonQueryAsync();
    }

    public override async Task Query(
        string sql, ReadOnlyMemory<(string Name, object? Value)> parameters, Action<DbDataReader> onRow)
    {
        await using NpgsqlBatch batch = BatchWith(Command(sql, parameters.Span));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            onRow(reader);
        }
    }

    public override async Task Script(string sql)
    {
        await using NpgsqlCommand script = new(sql, connection, _transaction);
        await script.ExecuteNonQueryAsync();
    }

    public override async Task Begin() => _transaction = await connection.BeginTransactionAsync();

    public override async Task BeginSnapshot()
    {
        _transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
        // The first statement takes the snapshot.
        await Script("set transaction read only; select 1");
    }

    public override async IAsyncEnumerable<string> CopyOut(TableShape table)
    {
        using TextReader rows = await connection.BeginTextExportAsync($"copy {table.Name} ({Names(table)}) to stdout");
        while (await rows.ReadLineAsync() is { } line)
        {
            yield return line;
        }
    }

    public override async Task<long> CopyIn(TableShape table, IAsyncEnumerable<string> lines)
    {
        long rows = 0;
        await using NpgsqlCopyTextWriter copy =
            await connection.BeginTextImportAsync($"copy {table.Name} ({Names(table)}) from stdin");
        await foreach (string line in lines)
        {
            await copy.WriteAsync($"{line}\n");
            rows++;
        }

        return rows;
    }

    public override async Task Commit()
    {
        _ahead.Clear();
        await _transaction!.CommitAsync();
        _transaction = null;
    }

    public override async Task Rollback()
    {
        _ahead.Clear();
        if (_transaction is { } open)
        {
            _transaction = null;
            await open.RollbackAsync();
        }
    }

    public override Task Savepoint()
    {
        _ahead.Add(new NpgsqlBatchCommand(SetSavepoint));
        return Task.CompletedTask;
    }

    public override Task ReleaseSavepoint()
    {
        // Work that sent no statement has left its savepoint unsent too.
        if (_ahead is [.., { CommandText: SetSavepoint }])
        {
            _ahead.RemoveAt(_ahead.Count - 1);
        }
        else
        {
            _ahead.Add(new NpgsqlBatchCommand(DropSavepoint));
        }

        return Task.CompletedTask;
    }

    public override async Task RollbackToSavepoint()
    {
        int unsent = _ahead.FindLastIndex(c => c.CommandText == SetSavepoint);
        if (unsent >= 0)
        {
            _ahead.RemoveRange(unsent, _ahead.Count - unsent);
            return;
        }

        // What was to follow the savepoint is taken back as well.
        _ahead.Clear();
        await using NpgsqlCommand back = new("rollback to savepoint work", connection, _transaction);
        await back.ExecuteNonQueryAsync();
        _ahead.Add(new NpgsqlBatchCommand(DropSavepoint));
    }

    public override ValueTask DisposeAsync() => connection.DisposeAsync();

    private static string Names(TableShape table) => string.Join(", ", table.Columns.Select(c => $"\"{c}\""));

    private NpgsqlBatchCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        NpgsqlBatchCommand command = new(sql);
        foreach ((string name, object? value) in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter(name, Dialect.Parameter(value)));
        }

        return command;
    }

    private NpgsqlBatch BatchWith(NpgsqlBatchCommand? last)
    {
        NpgsqlBatch batch = new(connection, _transaction);
        foreach (NpgsqlBatchCommand command in _ahead)
        {
            batch.BatchCommands.Add(command);
        }

        _ahead.Clear();
        if (last is not null)
        {
            batch.BatchCommands.Add(last);
        }

        return batch;
    }
}
