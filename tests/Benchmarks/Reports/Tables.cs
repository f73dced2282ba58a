using System.Globalization;
using System.Text;

namespace NovaOrleans.Benchmarks.Reports;

/// <summary>Figures as Markdown: loads have a row each with their costs beside them, and whatever else there is has a table of its own.</summary>
public static class Tables
{
    private static readonly string[] s_costs = ["p50", "p99", "processor", "database", "wal", "fsyncs"];

    public static string Of(IReadOnlyList<Figure> figures)
    {
        Dictionary<string, Figure> byName = figures.GroupBy(f => f.Name).ToDictionary(g => g.Key, g => g.Last());
        Figure[] loads = [.. figures.Where(f => f.Unit == "1/s" && byName.ContainsKey($"{f.Name} p50"))];
        HashSet<string> taken = [.. loads.Select(l => l.Name), .. loads.SelectMany(l => s_costs.Select(c => $"{l.Name} {c}"))];
        Figure[] others = [.. figures.Where(f => !taken.Contains(f.Name))];
        StringBuilder text = new();
        if (loads.Length > 0)
        {
            text.Append("| | per second | × baseline | p50 ms | p99 ms | processor ms | of it PostgreSQL's | WAL bytes | fsyncs |\n");
            text.Append("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n");
            foreach (Figure load in loads)
            {
                IEnumerable<string> costs = s_costs.Select(c => Cost(byName.GetValueOrDefault($"{load.Name} {c}")));
                text.Append(
                    CultureInfo.InvariantCulture, $"| {load.Name} | {Figures.Text(load.Value)} | {Judged(load)} | {string.Join(" | ", costs)} |\n");
            }

            text.Append('\n');
        }

        if (others.Length > 0)
        {
            text.Append("| | | | × baseline | target |\n|---|--:|---|--:|---|\n");
            foreach (Figure figure in others)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"| {figure.Name} | {Figures.Text(figure.Value)} | {figure.Unit} | {Figures.Times(figure.Ratio)} | {Kept(figure)} |\n");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The page with these tables in the verb's place; null where it has none.</summary>
    public static string? Into(string page, string verb, string tables)
    {
        string begin = $"<!-- figures: {verb} -->\n";
        const string end = "<!-- end of figures -->";
        int from = page.IndexOf(begin, StringComparison.Ordinal);
        int to = from < 0 ? -1 : page.IndexOf(end, from, StringComparison.Ordinal);
        return to < 0 ? null : $"{page[..(from + begin.Length)]}\n{tables}{page[to..]}";
    }

    /// <summary>A cost, and in brackets how many times the baseline's it is.</summary>
    private static string Cost(Figure? cost)
    {
        if (cost is null)
        {
            return "";
        }

        string ratio = cost.Ratio is null ? "" : $" ({Judged(cost)})";
        return Figures.Text(cost.Value) + ratio;
    }

    /// <summary>The ratio; where it is promised, the promise, in bold where it is kept.</summary>
    private static string Judged(Figure figure) => figure.Target is not { IsOfRatio: true } ? Figures.Times(figure.Ratio)
        : figure.Holds == true ? $"**{Figures.Times(figure.Ratio)}** {figure.Wanted}" : $"{Figures.Times(figure.Ratio)} {figure.Wanted}: short";

    private static string Kept(Figure figure) => figure.Holds is not { } holds ? "" : $"{figure.Wanted}{(holds ? "" : ": short")}";
}
