using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace NovaOrleans.Ledger;

/// <summary>
/// A SQLite connection with its statements kept prepared. Everything runs on the caller's thread. What returns no rows goes past the
/// driver, which looks for each parameter by its name at each execution, and makes a reader.
/// </summary>
internal sealed class SqliteLedgerConnection(SqliteConnection connection, SqliteDialect dialect)
    : LedgerConnection(dialect)
{
    private const int KeptStatements = 300;
    private readonly Dictionary<string, SqliteCommand> _queries = [];
    private readonly Dictionary<string, SqliteStatement> _statements = [];

    public override bool Usable => connection.State == System.Data.ConnectionState.Open;

    public override Task<int> Execute(string sql, ReadOnlyMemory<(string Name, object? Value)> parameters) =>
        Task.FromResult(Prepared(sql, parameters.Span).Run(parameters.Span, Dialect));

    public override Task Query(
        string sql, ReadOnlyMemory<(string Name, object? Value)> parameters, Action<DbDataReader> onRow)
    {
        using SqliteDataReader reader = Bound(sql, parameters.Span).ExecuteReader();
        while (reader.Read())
        {
            onRow(reader);
        }

        return Task.CompletedTask;
    }

    public override async Task Script(string sql)
    {
        using SqliteCommand script = connection.CreateCommand();
        script.CommandText = sql;
        await script.ExecuteNonQueryAsync();
    }

    public override Task Begin() => Execute("begin immediate", default);

    public override async Task BeginSnapshot()
    {
        await Execute("begin", default);
        // The first read takes the snapshot; the log keeps what it needs while the writer goes on.
        await Query("select count(*) from sqlite_schema", default, _ => { });
    }

    public override async IAsyncEnumerable<string> CopyOut(TableShape table)
    {
        using SqliteCommand select = connection.CreateCommand();
        select.CommandText = $"select {Names(table)} from {table.Name}";
        await using SqliteDataReader reader = await select.ExecuteReaderAsync();
        object[] values = new object[reader.FieldCount];
        while (await reader.ReadAsync())
        {
            reader.GetValues(values);
            yield return CopyText.Line(values);
        }
    }

    public override async Task<long> CopyIn(TableShape table, IAsyncEnumerable<string> lines)
    {
        long rows = 0;
        using SqliteCommand insert = connection.CreateCommand();
        insert.CommandText = $"insert into {table.Name} ({Names(table)}) "
            + $"values ({string.Join(", ", table.Columns.Select((_, i) => $"@p{i}"))})";
        SqliteParameter[] slots = [.. table.Columns.Select((_, i) => insert.Parameters.Add($"@p{i}", SqliteType.Text))];
        await foreach (string line in lines)
        {
            string?[] values = CopyText.Values(line);
            if (values.Length != slots.Length)
            {
                throw new FormatException($"a row of {table.Name} has {values.Length} columns, not {slots.Length}");
            }

            for (int i = 0; i < slots.Length; i++)
            {
                // Text throughout: a column of numbers makes a number of it, as its affinity says.
                slots[i].Value = values[i] ?? (object)DBNull.Value;
            }

            rows += await insert.ExecuteNonQueryAsync();
        }

        return rows;
    }

    public override Task Commit() => Execute("commit", default);

    public override Task Rollback() => Execute("rollback", default);

    public override Task Savepoint() => Execute("savepoint work", default);

    public override Task ReleaseSavepoint() => Execute("release work", default);

    public override async Task RollbackToSavepoint()
    {
        await Execute("rollback to work", default);
        await Execute("release work", default);
    }

    public override async ValueTask DisposeAsync()
    {
        Forget();
        await connection.DisposeAsync();
    }

    private SqliteStatement Prepared(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_statements.TryGetValue(sql, out SqliteStatement? statement))
        {
            ForgetWhereFull();
            _statements.Add(sql, statement = new SqliteStatement(connection.Handle!, sql, parameters));
        }

        return statement;
    }

    private SqliteCommand Bound(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_queries.TryGetValue(sql, out SqliteCommand? command))
        {
            ForgetWhereFull();

            command = connection.CreateCommand();
            command.CommandText = sql;
            foreach ((string name, _) in parameters)
            {
                command.Parameters.Add(new SqliteParameter("@" + name, null));
            }

            _queries.Add(sql, command);
        }

        bool same = command.Parameters.Count == parameters.Length;
        for (int i = 0; same && i < parameters.Length; i++)
        {
            SqliteParameter slot = command.Parameters[i];
            same = slot.ParameterName.AsSpan(1).SequenceEqual(parameters[i].Name);
            slot.Value = Dialect.Parameter(parameters[i].Value);
        }

        if (!same)
        {
            throw new ArgumentException($"the statement was first used with other parameters: {sql}");
        }

        return command;
    }

    private static string Names(TableShape table) => string.Join(", ", table.Columns.Select(c => $"\"{c}\""));

    private void ForgetWhereFull()
    {
        if (_queries.Count + _statements.Count >= KeptStatements)
        {
            Forget();
        }
    }

    private void Forget()
    {
        foreach (IDisposable kept in (IEnumerable<IDisposable>)[.. _queries.Values, .. _statements.Values])
        {
            kept.Dispose();
        }

        _queries.Clear();
        _statements.Clear();
    }
}
