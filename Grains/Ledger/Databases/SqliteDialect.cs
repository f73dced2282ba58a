using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace NovaOrleans.Ledger;

/// <summary>
/// SQLite has no UUIDs, booleans or times: here they are lower-case text, 0 or 1, and ISO 8601 UTC text with
/// milliseconds, which sorts as time.
/// </summary>
internal sealed class SqliteDialect : SqlDialect
{
    private const string Clock = "strftime('%Y-%m-%dT%H:%M:%fZ','now'";
    private const int Busy = 5, Locked = 6, InputOutput = 10, Full = 13, Constraint = 19;

    /// <summary>Unique indexes by what SQLite's errors say of them: <c>table.column, table.column</c>.</summary>
    private IReadOnlyDictionary<string, string> _indexes = new Dictionary<string, string>();

    public override string Name => "sqlite";

    public override string FindMigrations => "select 1 from sqlite_schema where name = 'schema_migrations'";

    public override string Columns =>
        """
        select t.name, c.name from sqlite_schema t, pragma_table_info(t.name) c
         where t.type = 'table' and t.name not like 'sqlite\_%' escape '\' order by t.name, c.cid
        """;

    public override string References =>
        """
        select t.name, f."table" from sqlite_schema t, pragma_foreign_key_list(t.name) f
         where t.type = 'table' and f."table" <> t.name
        """;

    public override string? LastNumber(string table) => null;

    public override string? SetLastNumber(string table, long number) => null;

    protected override string? Word(string token) => token switch
    {
        "identity" => "integer primary key",
        "uuid" or "time" => "text",
        "flag" => "integer",
        "now" => $"({Clock}))",
        "upto" => "=",
        // It plans a statement once as it is.
        "once" => "",
        "among" => "in (",
        "end" => ")",
        "true" => "1",
        "false" => "0",
        // One writer: nobody else can change a row before the commit.
        "share" or "update" => "",
        _ => null,
    };

    protected override string Later(string seconds) => $"({Clock}, ({seconds}) || ' seconds'))";

    public override object Parameter(object? value) => Plain(value) switch
    {
        null => DBNull.Value,
        Guid id => id.ToString(),
        bool flag => flag ? 1L : 0L,
        int number => (long)number,
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        object plain => plain,
    };

    public void Know(IReadOnlyDictionary<string, string> indexes) => _indexes = indexes;

    public override Exception Translate(DbException e)
    {
        const string unique = "UNIQUE constraint failed: ";
        int code = (e as SqliteException)?.SqliteErrorCode ?? 0;
        int at = code == Constraint ? e.Message.IndexOf(unique, StringComparison.Ordinal) : -1;
        if (at >= 0)
        {
            string columns = e.Message[(at + unique.Length)..].TrimEnd('.', '\'');
            return new LedgerConflictException(_indexes.GetValueOrDefault(columns, columns));
        }

        return new LedgerFault(
            $"SQLite refused a statement: {e.Message}",
            again: code is Busy or Locked,
            lost: code is InputOutput or Full);
    }
}
