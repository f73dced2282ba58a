using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.RegularExpressions;

namespace NovaOrleans.Ledger;

/// <summary>
/// What differs between the two databases: words, parameters and errors. Everything else is one text.
/// </summary>
internal abstract partial class SqlDialect
{
    private readonly ConcurrentDictionary<string, string> _expanded = new(StringComparer.Ordinal);

    /// <summary>As in the name of a migration that only this database gets: <c>0010_name.postgres.sql</c>.</summary>
    public abstract string Name { get; }

    /// <summary>A query that has a row if any migration was ever applied.</summary>
    public abstract string FindMigrations { get; }

    /// <summary>A query for every table and column of the schema, in the columns' order.</summary>
    public abstract string Columns { get; }

    /// <summary>A query for the pairs of tables of which the first refers to the second.</summary>
    public abstract string References { get; }

    /// <summary>A query for the last number that was given to a row of the table; null where it is the newest row's.</summary>
    public abstract string? LastNumber(string table);

    /// <summary>Says that this was the last one.</summary>
    public abstract string? SetLastNumber(string table, long number);

    /// <summary>
    /// The database's own word for a token of the migrations and statements; null if there is no such token.
    /// </summary>
    protected abstract string? Word(string token);

    /// <summary>The database's time plus so many seconds, as an expression.</summary>
    protected abstract string Later(string seconds);

    /// <summary>A <see cref="LedgerConflictException"/> or a <see cref="LedgerFault"/>.</summary>
    public abstract Exception Translate(DbException e);

    public abstract object Parameter(object? value);

    /// <summary>For a message that commits by itself: a statement that returns rows, and is an error where there are none.</summary>
    public virtual string Sure(string sql) => throw new NotSupportedException("here no message commits by itself");

    public string Expand(string sql) => _expanded.TryGetValue(sql, out string? known)
        ? known
        : _expanded.GetOrAdd(sql, Token().Replace(sql, Replacement));

    private string Replacement(Match token) => token.Groups["seconds"] is { Success: true } seconds
        ? Later(token.Groups["sign"].Value == "-" ? $"-({seconds.Value})" : seconds.Value)
        : Word(token.Groups["word"].Value) ?? throw new FormatException($"no such token in SQL: {token.Value}");

    /// <summary>Unwraps the vocabulary: an id is its UUID, a name or address its text, an enum its number.</summary>
    protected static object? Plain(object? value) => value switch
    {
        NetworkId id => id.Value,
        VnicId id => id.Value,
        PortId id => id.Value,
        InstanceId id => id.Value,
        SecurityGroupId id => id.Value,
        SecurityRuleId id => id.Value,
        FloatingIpId id => id.Value,
        Enum member => Convert.ToInt64(member, System.Globalization.CultureInfo.InvariantCulture),
        null or Guid or string or bool or int or long or DateTimeOffset => value,
        ProjectId or HostName or ServicePath or Ip4Address or Ip6Address or MacAddress or Cidr4 or Cidr6 =>
            value.ToString(),
        VlanTag tag => tag.Value,
        _ => throw new ArgumentException($"the ledger has no column for a {value.GetType()}"),
    };

    [GeneratedRegex(@"\{(?<word>[a-z]+)((?<sign>[+-])(?<seconds>[^}]+))?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Token();
}
