using System.Data.Common;

namespace NovaOrleans.Ledger;

/// <summary>One connection, used by one caller at a time.</summary>
internal abstract class LedgerConnection(SqlDialect dialect) : IStatements, IAsyncDisposable
{
    public SqlDialect Dialect => dialect;

    public abstract Task<int> Execute(string sql, ReadOnlyMemory<(string Name, object? Value)> parameters);

    public abstract Task Query(
        string sql, ReadOnlyMemory<(string Name, object? Value)> parameters, Action<DbDataReader> onRow);

    /// <summary>
    /// Executes statements that do not wait for each other's answers, in their order. Where one fails, so have all: their transaction
    /// can only be taken back.
    /// </summary>
    public virtual async Task Send(IReadOnlyList<Statement> statements)
    {
        foreach (Statement statement in statements)
        {
            if (statement.OnRow is { } onRow)
            {
                await Query(statement.Sql, statement.Parameters, onRow);
            }
            else
            {
                statement.Affected = await Execute(statement.Sql, statement.Parameters);
            }
        }
    }

    /// <summary>Several statements without parameters, as in a migration.</summary>
    public abstract Task Script(string sql);

    public abstract Task Begin();

    /// <summary>
    /// A transaction in which everything that is read is of one moment, whoever writes meanwhile; it ends with a rollback.
    /// </summary>
    public abstract Task BeginSnapshot();

    /// <summary>A table's rows as lines of COPY's text; names are the schema's own.</summary>
    public abstract IAsyncEnumerable<string> CopyOut(TableShape table);

    /// <summary>Adds such rows, and gives how many they were.</summary>
    public abstract Task<long> CopyIn(TableShape table, IAsyncEnumerable<string> lines);

    public abstract Task Commit();

    public abstract Task Rollback();

    public abstract Task Savepoint();

    public abstract Task ReleaseSavepoint();

    public abstract Task RollbackToSavepoint();

    /// <summary>False once the connection is gone, or cannot be trusted.</summary>
    public abstract bool Usable { get; }

    public abstract ValueTask DisposeAsync();
}
