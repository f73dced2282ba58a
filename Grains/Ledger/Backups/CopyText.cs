using System.Globalization;
using System.Text;

namespace NovaOrleans.Ledger;

/// <summary>
/// Rows as lines, as PostgreSQL's COPY writes them: columns parted by tabs, <c>\N</c> for null, and a backslash before what would
/// part columns or lines. PostgreSQL reads and writes it itself; here it is for SQLite.
/// </summary>
internal static class CopyText
{
    private const string Null = "\\N";

    public static string Line(IEnumerable<object> values) => string.Join('\t', values.Select(Text));

    /// <summary>The columns of a line; null where it says so.</summary>
    /// <exception cref="FormatException">An escape is none of COPY's.</exception>
    public static string?[] Values(string line) => [.. line.Split('\t').Select(t => t == Null ? null : Plain(t))];

    private static string Text(object value) => value switch
    {
        DBNull => Null,
        string text => Escaped(text),
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException($"the ledger keeps no {value.GetType().Name} in a file"),
    };

    private static string Escaped(string text) => text.AsSpan().IndexOfAny("\\\t\n\r") < 0
        ? text
        : text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);

    private static string Plain(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            plain.Append(text[i] != '\\' ? text[i] : (i + 1 < text.Length ? text[++i] : '\0') switch
            {
                '\\' => '\\',
                't' => '\t',
                'n' => '\n',
                'r' => '\r',
                char other => throw new FormatException($"'\\{other}' is no escape of COPY's"),
            });
        }

        return plain.ToString();
    }
}
