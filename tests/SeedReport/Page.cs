using System.Text;

namespace NovaOrleans.Seed;

/// <summary>`docs/seed.md`: the rows with what shows them, made from the same data as the report.</summary>
public static class Page
{
    private const string Head =
        """
        # The seed, row by row

        NovaOrleans began as a page of 2011 in OpenStack's wiki, "Network Service": a proof of concept that took nova's networking out of its compute code and made
        it a plug-in that each project chooses. This page has every demand of that one.

        - **S** rows are the page's own. The copies of it lost their tables and samples.
        - **R** rows restore those from other sentences of the page, from nova 2011.2 to 2011.3, from Quantum 1.0, and where these are silent from later nova.
        - **D** rows are what the page contradicts itself in or leaves open, and how it is decided here.

        This page is made by `./nova test --seed --write` from `docs/seed/rows.txt` and the tests that say which row they show. `./nova test --seed` prints the
        same with the results of the last run. A row that no test shows has a reason.

        """;

    public static string Of(Trace trace)
    {
        StringBuilder page = new StringBuilder(Head).AppendLine().AppendLine(Sum(trace));
        foreach (IGrouping<string, Row> section in trace.Rows.GroupBy(r => r.Section))
        {
            page.AppendLine().AppendLine($"## {section.Key}").AppendLine();
            page.AppendLine("| row | the seed | here | shown by |").AppendLine("|---|---|---|---|");
            foreach (Row row in section)
            {
                page.AppendLine($"| {row.Id} | {Cell(row.Says)} | {Cell(Here(row))} | {Shown(trace, row)} |");
            }
        }

        return page.ToString().ReplaceLineEndings("\n");
    }

    internal static string Word(Lack lack) => lack switch
    {
        Lack.Partly => "partly",
        Lack.NotYet => "not yet",
        Lack.NotDone => "not done",
        _ => "",
    };

    private static string Sum(Trace trace)
    {
        int Count(Lack lack) => trace.Rows.Count(r => trace.LackOf(r) == lack);
        return $"Of {trace.Rows.Count} rows {Count(Lack.None)} are shown by tests, {Count(Lack.Partly)} in part, "
            + $"{Count(Lack.NotYet)} are not yet there, and {Count(Lack.NotDone)} are not done on purpose.";
    }

    private static string Here(Row row) =>
        row.Same.Count == 0 ? row.Works : $"{row.Works} As {string.Join(", ", row.Same)}.".TrimStart();

    private static string Shown(Trace trace, Row row)
    {
        string tests = row.Same.Count > 0 ? "" : string.Join("<br>", trace.Claims(row).Select(c => Cell(c.Words)));
        string reason = row.Lack == Lack.None ? "" : $"**{Word(row.Lack)}**: {Cell(row.Reason!)}";
        return string.Join("<br>", new[] { tests, reason }.Where(t => t.Length > 0));
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
