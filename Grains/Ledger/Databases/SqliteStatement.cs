using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace NovaOrleans.Ledger;

/// <summary>
/// A prepared statement that returns no rows. Where its parameters are in it is asked once, and not at each of its runs.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;
    private readonly string _sql;
    private readonly (string Name, int At)[] _parameters;

    /// <exception cref="SqliteException">SQLite does not take it.</exception>
    public SqliteStatement(sqlite3 database, string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        (_database, _sql) = (database, sql);
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
        _parameters = new (string, int)[parameters.Length];
        for (int i = 0; i < parameters.Length; i++)
        {
            string name = parameters[i].Name;
            _parameters[i] = (name, raw.sqlite3_bind_parameter_index(_statement, "@" + name));
        }
    }

    /// <summary>The number of rows that it changed.</summary>
    /// <exception cref="SqliteException">SQLite refused it.</exception>
    public int Run(ReadOnlySpan<(string Name, object? Value)> parameters, SqlDialect dialect)
    {
        if (parameters.Length != _parameters.Length)
        {
            throw OtherParameters();
        }

        for (int i = 0; i < parameters.Length; i++)
        {
            (string name, int at) = _parameters[i];
            if (!string.Equals(name, parameters[i].Name, StringComparison.Ordinal))
            {
                throw OtherParameters();
            }

            Check(Bind(at, dialect.Parameter(parameters[i].Value)));
        }

        int ended;
        while ((ended = raw.sqlite3_step(_statement)) == raw.SQLITE_ROW)
        {
            // Of a pragma, say.
        }

        int changed = raw.sqlite3_changes(_database);
        if (ended != raw.SQLITE_DONE)
        {
            // The error is the connection's, and the reset would give it again.
            SqliteException refused = Refused(ended);
            raw.sqlite3_reset(_statement);
            throw refused;
        }

        raw.sqlite3_reset(_statement);
        return changed;
    }

    public void Dispose() => _statement.Dispose();

    /// <summary>What this statement has no place for, since another of its kind has, is left out.</summary>
    private int Bind(int at, object value) => (at, value) switch
    {
        (0, _) => raw.SQLITE_OK,
        (_, long number) => raw.sqlite3_bind_int64(_statement, at, number),
        (_, string text) => raw.sqlite3_bind_text(_statement, at, text),
        _ => raw.sqlite3_bind_null(_statement, at),
    };

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Refused(code);
        }
    }

    private SqliteException Refused(int code) => new(
        $"SQLite Error {code}: '{raw.sqlite3_errmsg(_database).utf8_to_string()}'.", code & 0xff,
        raw.sqlite3_extended_errcode(_database));

    private ArgumentException OtherParameters() => new($"the statement was first used with other parameters: {_sql}");
}
