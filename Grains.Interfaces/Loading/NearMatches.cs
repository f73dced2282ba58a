namespace NovaOrleans.NetworkServices.Loading;

/// <summary>Finds what somebody may have meant by a mistyped name.</summary>
internal static class NearMatches
{
    /// <summary>
    /// The known words that begin with what was asked, or differ from it in a third of their letters at most; the
    /// nearest first, three at most.
    /// </summary>
    public static List<string> Of(string asked, IEnumerable<string> known) => asked.Length is 0 or > 128
        ? []
        : known.Select(word => (Word: word, Distance: Distance(asked, word)))
            .Where(w => w.Distance <= w.Word.Length / 3 || w.Word.StartsWith(asked, StringComparison.Ordinal))
            .OrderBy(w => w.Distance)
            .ThenBy(w => w.Word, StringComparer.Ordinal)
            .Select(w => w.Word)
            .Take(3)
            .ToList();

    /// <summary>
    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment) that lead from a to b.
    /// </summary>
    private static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }

                int replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, 1 + Math.Min(d[i - 1, j], d[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
