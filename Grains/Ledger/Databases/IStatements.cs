using System.Data.Common;

namespace NovaOrleans.Ledger;

/// <summary>Where a session's statements go: a connection, or the rounds in which they travel with those of others.</summary>
internal interface IStatements
{
    SqlDialect Dialect { get; }

    /// <summary>They commit by themselves: what must be is said to the database.</summary>
    bool Commits => false;

    /// <summary>The number of affected rows.</summary>
    Task<int> Execute(string sql, ReadOnlyMemory<(string Name, object? Value)> parameters);

    Task Query(string sql, ReadOnlyMemory<(string Name, object? Value)> parameters, Action<DbDataReader> onRow);
}

/// <summary>A statement that can wait; one with <paramref name="OnRow"/> returns rows.</summary>
internal sealed record Statement(
    string Sql, ReadOnlyMemory<(string Name, object? Value)> Parameters, Action<DbDataReader>? OnRow)
{
    /// <summary>Of one that returns none: how many rows it changed.</summary>
    public int Affected { get; set; }
}
