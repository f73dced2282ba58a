namespace NovaOrleans.Seed;

/// <summary>Rows and the claims of tests, brought together.</summary>
public sealed class Trace
{
    private readonly ILookup<string, Claim> _claims;

    public Trace(IReadOnlyList<Row> rows, IReadOnlyList<Claim> claims)
    {
        Rows = rows;
        _claims = claims.Distinct().ToLookup(c => c.Row);
        Faults = [.. Check(rows.ToDictionary(r => r.Id), claims)];
    }

    public IReadOnlyList<Row> Rows { get; }

    /// <summary>What rows and claims contradict each other in, a sentence each.</summary>
    public IReadOnlyList<string> Faults { get; }

    /// <summary>From the tree: `docs/seed/rows.txt` and the source below `tests/`.</summary>
    public static Trace Of(string root) => new(
        Row.Read(File.ReadAllText(Path.Combine(root, "docs", "seed", "rows.txt"))), Claim.Read(Path.Combine(root, "tests")));

    /// <summary>The tests of a row, its own and those of the rows that say the same.</summary>
    public IEnumerable<Claim> Claims(Row row) =>
        row.Same.Prepend(row.Id).SelectMany(id => _claims[id]).DistinctBy(c => (c.Project, c.Test));

    /// <summary>What is lacking of a row: of itself, or of those that say the same.</summary>
    public Lack LackOf(Row row)
    {
        Lack[] others = [.. Rows.Where(r => row.Same.Contains(r.Id)).Select(r => r.Lack)];
        return row.Lack != Lack.None || others.Length == 0 ? row.Lack
            : others.All(o => o == others[0]) ? others[0]
            : Lack.Partly;
    }

    private IEnumerable<string> Check(Dictionary<string, Row> rows, IReadOnlyList<Claim> claims)
    {
        foreach (Claim claim in claims.Where(c => !rows.ContainsKey(c.Row)))
        {
            yield return $"{claim.Project}'s {claim.Test} names the row {claim.Row}, which is none";
        }

        foreach (Row row in rows.Values)
        {
            foreach (string other in row.Same.Where(s => !rows.TryGetValue(s, out Row? r) || r.Same.Count > 0))
            {
                yield return $"{row.Id} is the same as {other}, which is no row or again the same as another";
            }

            bool shown = Claims(row).Any();
            if (row.Lack is Lack.NotYet or Lack.NotDone && shown)
            {
                yield return $"{row.Id} is said not to be there, and tests show it";
            }

            if (LackOf(row) is Lack.None or Lack.Partly && !shown)
            {
                yield return $"{row.Id} is shown by no test and does not say why";
            }

            if (row.Works.Length == 0 && row.Same.Count == 0)
            {
                yield return $"{row.Id} does not say what works means";
            }
        }
    }
}
