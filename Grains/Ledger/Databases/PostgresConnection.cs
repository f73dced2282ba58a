using System.Data.Common;
using Npgsql;

namespace NovaOrleans.Ledger;

/// <summary>
/// A PostgreSQL connection. Savepoints travel with the next statement instead of costing a round trip of their own;
/// statements are prepared by the driver when they come back (Max Auto Prepare). A lane's blocks its thread, which is the lane's
/// own; a reader's does not.
/// </summary>
internal sealed class PostgresConnection(NpgsqlConnection connection, bool blocks) : LedgerConnection(PostgresDialect.Instance)
{
    private readonly List<string> _ahead = [];
    private NpgsqlTransaction? _transaction;

    public NpgsqlConnection Inner => connection;

    public override bool Usable => connection.FullState == System.Data.ConnectionState.Open;

    public override async Task<int> Execute(string sql, ReadOnlyMemory<(string Name, object? Value)> parameters)
    {
        await using NpgsqlBatch batch = Batch(sql, parameters);
        return await batch.ExecuteNonQueryAsync();
    }

    public override async Task Query(
        string sql, ReadOnlyMemory<(string Name, object? Value)> parameters, Action<DbDataReader> onRow)
    {
        await using NpgsqlBatch batch = Batch(sql, parameters);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            onRow(reader);
        }
    }

    public override async Task Send(IReadOnlyList<Statement> statements)
    {
        await using NpgsqlBatch batch = Batch(statements);
        int ahead = batch.BatchCommands.Count - statements.Count;
        bool once = statements.All(s => s.Sql.StartsWith(PostgresDialect.PlannedOnce, StringComparison.Ordinal));
        if (once)
        {
            batch.BatchCommands.Insert(0, new NpgsqlBatchCommand("set plan_cache_mode = force_generic_plan"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("reset plan_cache_mode"));
            ahead++;
        }

        await using (NpgsqlDataReader reader = blocks ? batch.ExecuteReader() : await batch.ExecuteReaderAsync())
        {
            // Each statement that returns rows has a result of its own, an empty one too; the others have none.
            foreach (Statement query in statements.Where(s => s.OnRow is not null))
            {
                while (blocks ? reader.Read() : await reader.ReadAsync())
                {
                    query.OnRow!(reader);
                }

                _ = blocks ? reader.NextResult() : await reader.NextResultAsync();
            }
        }

        for (int i = 0; i < statements.Count; i++)
        {
            statements[i].Affected = batch.BatchCommands[ahead + i].RecordsAffected;
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
        if (blocks)
        {
            _transaction!.Commit();
        }
        else
        {
            await _transaction!.CommitAsync();
        }

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
        _ahead.Add("savepoint work");
        return Task.CompletedTask;
    }

    public override Task ReleaseSavepoint()
    {
        Ahead("release savepoint work");
        return Task.CompletedTask;
    }

    public override async Task RollbackToSavepoint()
    {
        // Work that sent no statement has left its savepoint unsent too.
        if (_ahead.Remove("savepoint work"))
        {
            return;
        }

        await using NpgsqlCommand back = new("rollback to savepoint work", connection, _transaction);
        await back.ExecuteNonQueryAsync();
        Ahead("release savepoint work");
    }

    public override ValueTask DisposeAsync() => connection.DisposeAsync();

    private static string Names(TableShape table) => string.Join(", ", table.Columns.Select(c => $"\"{c}\""));

    private void Ahead(string statement)
    {
        if (!_ahead.Remove("savepoint work"))
        {
            _ahead.Add(statement);
        }
    }

    private NpgsqlBatch Batch(string sql, ReadOnlyMemory<(string Name, object? Value)> parameters) =>
        Batch([new Statement(sql, parameters, null)]);

    private NpgsqlBatch Batch(IReadOnlyList<Statement> statements)
    {
        NpgsqlBatch batch = new(connection, _transaction);
        foreach (string statement in _ahead)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        }

        _ahead.Clear();
        foreach (Statement statement in statements)
        {
            NpgsqlBatchCommand command = new(PostgresDialect.Number(statement.Sql, statement.Parameters.Span));
            foreach ((_, object? value) in statement.Parameters.Span)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = Dialect.Parameter(value) });
            }

            batch.BatchCommands.Add(command);
        }

        return batch;
    }
}
