using System.Text;

namespace NovaOrleans.Ledger;

/// <summary>
/// An insert of as many rows as there are, by statements of few sizes, so that each is prepared once. On SQLite a row of many costs
/// less than alone, where a statement opens every index of the table for it.
/// </summary>
internal sealed class RowsStatement
{
    private static readonly int[] s_sizes = [32, 8, 1];

    private readonly string[] _names;
    private readonly string[] _texts;
    private readonly int _columns;

    /// <param name="table">Whose rows they are.</param>
    /// <param name="columns">The columns that they give, in the order of their values.</param>
    public RowsStatement(string table, params string[] columns)
    {
        _columns = columns.Length;
        _names = [.. Enumerable.Range(0, s_sizes[0] * columns.Length).Select(n => $"p{n}")];
        _texts = [.. s_sizes.Select(rows => Text($"insert into {table} ({string.Join(", ", columns)}) values ", rows))];
    }

    /// <exception cref="LedgerConflictException">A unique index refused a row.</exception>
    public Task Insert(LedgerSession session, IReadOnlyList<object?[]> rows)
    {
        List<Task> sent = [];
        for (int at = 0; at < rows.Count;)
        {
            int size = Array.FindIndex(s_sizes, s => s <= rows.Count - at);
            (string Name, object? Value)[] parameters = new (string, object?)[s_sizes[size] * _columns];
            for (int i = 0; i < parameters.Length; i++)
            {
                parameters[i] = (_names[i], rows[at + (i / _columns)][i % _columns]);
            }

            sent.Add(session.Execute(_texts[size], parameters));
            at += s_sizes[size];
        }

        return Task.WhenAll(sent);
    }

    private string Text(string head, int rows)
    {
        StringBuilder text = new(head);
        for (int row = 0; row < rows; row++)
        {
            string names = string.Join(", ", _names.Skip(row * _columns).Take(_columns).Select(n => "@" + n));
            text.Append(row == 0 ? "(" : ", (").Append(names).Append(')');
        }

        return text.ToString();
    }
}
