using System.Globalization;
using System.Net;
using System.Text;

namespace NovaOrleans.Benchmarks.Reports;

/// <summary>
/// How far each promise is kept, as bars: 1 is the promise itself, 2 is twice as good. Longer is better, also where less is.
/// </summary>
public static class Plot
{
    private const int Row = 22;
    private const int Names = 470;
    private const int Unit = 120;
    private const double Longest = 4;

    /// <summary>Above 1 where it is kept; null where nothing is promised, or it was not measured.</summary>
    public static double? Kept(Figure figure)
    {
        if (figure.Target is not { } target)
        {
            return null;
        }

        double judged = target.IsOfRatio ? figure.Ratio ?? double.NaN : figure.Value;
        // A promise of none is kept or is not.
        double kept = !target.IsMost ? judged / target.Value
            : judged == 0 ? Longest
            : target.Value / judged;
        return double.IsFinite(kept) ? kept : null;
    }

    public static string Of(IEnumerable<Figure> figures)
    {
        (Figure Figure, double Kept)[] bars =
            [.. figures.Select(f => (f, Kept(f))).Where(b => b.Item2 is not null).Select(b => (b.f, b.Item2!.Value))];
        int width = Names + (int)(Longest * Unit) + 60, height = (bars.Length + 2) * Row;
        IFormatProvider plain = CultureInfo.InvariantCulture;
        StringBuilder svg = new();
        svg.Append(plain, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" ");
        svg.Append("font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append(plain, $"<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n");
        svg.Append(plain, $"<text x=\"{Names}\" y=\"15\">how far each promise is kept; the line is the promise</text>\n");
        for (int n = 0; n < bars.Length; n++)
        {
            (Figure figure, double kept) = bars[n];
            int y = (n + 1) * Row;
            string length = (Math.Min(kept, Longest) * Unit).ToString("0", CultureInfo.InvariantCulture);
            string name = WebUtility.HtmlEncode(figure.Name);
            svg.Append(plain, $"<text x=\"{Names - 8}\" y=\"{y + 15}\" text-anchor=\"end\">{name}</text>\n");
            string colour = kept >= 1 ? "#3a7d44" : "#c0392b";
            svg.Append(plain, $"<rect x=\"{Names}\" y=\"{y + 3}\" width=\"{length}\" height=\"{Row - 6}\" fill=\"{colour}\"/>\n");
        }

        int line = Names + Unit;
        svg.Append(plain, $"<line x1=\"{line}\" y1=\"{Row}\" x2=\"{line}\" y2=\"{height - Row}\" stroke=\"black\"/>\n");
        return svg.Append("</svg>\n").ToString();
    }
}
