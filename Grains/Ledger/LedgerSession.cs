using System.Data.Common;

namespace NovaOrleans.Ledger;

/// <summary>
/// Statements in one portable text. Parameters are <c>@name</c>, given as <c>("name", value)</c>; values are null,
/// Guid, string, bool, int, long, an enum, DateTimeOffset, or a word of the vocabulary that stands for one of those.
/// Tokens: <c>{now}</c>, <c>{now+@seconds}</c>, <c>{now-@seconds}</c>, <c>{true}</c>, <c>{false}</c>, and
/// <c>{share}</c>/<c>{update}</c> behind a select that must hold its rows until the commit, and <c>{upto}</c> for the equality of an
/// index's first column where the comparison of whole rows beside it says the rest; <c>{once}</c> in front of a select that
/// PostgreSQL is to plan once and not for each set of values, and <c>x {among} select … {end}</c> for what <c>in</c> says, where the
/// select is to run first and for itself. A parameter that may be
/// null where its type cannot be inferred is written <c>cast(@name as text)</c> (or <c>{uuid}</c>).
/// </summary>
public sealed class LedgerSession
{
    private readonly IStatements _statements;

    internal LedgerSession(IStatements statements) => _statements = statements;

    /// <summary>Set by the first statement that failed: this work can no longer be kept.</summary>
    internal Exception? Broken { get; private set; }

    /// <summary>Executes and gives the number of affected rows.</summary>
    /// <exception cref="LedgerConflictException">A unique index refused a row.</exception>
    public async Task<int> Execute(string sql, params (string Name, object? Value)[] parameters)
    {
        try
        {
            return await _statements.Execute(_statements.Dialect.Expand(sql), parameters);
        }
        catch (DbException e)
        {
            throw Translated(e);
        }
    }

    /// <summary>
    /// Whether a statement that returns what it found or changed (<c>returning</c>) did so. Work of which one did not is to refuse; of
    /// work whose commit has gone with it, the database has taken everything back.
    /// </summary>
    public async Task<bool> Must(string sql, params (string Name, object? Value)[] parameters)
    {
        string expanded = _statements.Dialect.Expand(sql);
        try
        {
            bool found = false;
            await _statements.Query(
                _statements.Commits ? _statements.Dialect.Sure(expanded) : expanded, parameters, _ => found = true);
            return found;
        }
        catch (DbException e)
        {
            throw Translated(e);
        }
    }

    /// <summary>All rows, mapped. A statement that returns rows may also write (<c>returning</c>).</summary>
    public async Task<List<T>> Query<T>(
        string sql, Func<LedgerRow, T> map, params (string Name, object? Value)[] parameters)
    {
        try
        {
            List<T> rows = [];
            await _statements.Query(
                _statements.Dialect.Expand(sql), parameters, reader => rows.Add(map(new LedgerRow(reader))));
            return rows;
        }
        catch (DbException e)
        {
            throw Translated(e);
        }
    }

    /// <summary>The first row, mapped, or default where there is none.</summary>
    public async Task<T?> QueryOne<T>(
        string sql, Func<LedgerRow, T> map, params (string Name, object? Value)[] parameters)
    {
        List<T> rows = await Query(sql, map, parameters);
        return rows.Count > 0 ? rows[0] : default;
    }

    private Exception Translated(DbException e) => Broken = _statements.Dialect.Translate(e);
}
