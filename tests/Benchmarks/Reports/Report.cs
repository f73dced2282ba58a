using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Reports;

/// <summary>
/// Makes the tables of docs/performance.md, and its plot, from the lines that <c>--json</c> printed: no figure is written there by hand.
/// </summary>
internal static class Report
{
    private static string Root => Path.GetFullPath(Path.Combine(NovaProcess.Artifacts, ".."));

    public static int Run(string file, string[] options)
    {
        Figure[] figures = [.. File.ReadLines(file).Select(Figure.FromJson).OfType<Figure>()];
        if (!options.Contains("--write"))
        {
            foreach (IGrouping<string, Figure> verb in ByVerb(figures))
            {
                Console.WriteLine($"## {verb.Key}\n\n{Tables.Of([.. verb])}");
            }

            return 0;
        }

        string page = Path.Combine(Root, "docs", "performance.md");
        string text = File.ReadAllText(page);
        foreach (IGrouping<string, Figure> verb in ByVerb(figures))
        {
            string? written = Tables.Into(text, verb.Key, Tables.Of([.. verb]));
            Console.WriteLine($"{verb.Key}: {(written is null ? "docs/performance.md has no place for it" : "written")}");
            text = written ?? text;
        }

        text = Tables.Into(text, "plot", "![how far each promise is kept](performance.svg)\n\n") ?? text;
        File.WriteAllText(page, text);
        File.WriteAllText(Path.Combine(Root, "docs", "performance.svg"), Plot.Of(figures));
        return 0;
    }

    /// <summary>A figure's name begins with its verb.</summary>
    private static IEnumerable<IGrouping<string, Figure>> ByVerb(Figure[] figures) => figures.GroupBy(f => f.Name.Split(' ')[0]);
}
