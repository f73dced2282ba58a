using System.Globalization;
using System.Net;
using System.Text;

namespace NovaOrleans.Faults;

/// <summary>
/// Availability by the second as an SVG: lines of calls in time, slow and unknown ones, bands and labels of faults. Colours
/// follow the reader's light or dark setting.
/// </summary>
internal static class Plot
{
    private const int Left = 70;
    private const int Top = 150;
    private const int Height = 320;

    private const string Style = """
          svg { background: #ffffff; font: 13px system-ui, sans-serif; }
          text { fill: #1f2328; } .axis { stroke: #59636e; } .grid { stroke: #d1d9e0; }
          .ok { stroke: #1a7f37; } .slow { stroke: #b35900; } .failed { stroke: #cf222e; } .line { fill: none; stroke-width: 1.6; }
          .fault { fill: #0969da; fill-opacity: 0.14; } .mark { stroke: #0969da; stroke-dasharray: 3 3; } .label { font-size: 12px; }
          @media (prefers-color-scheme: dark) {
            svg { background: #0d1117; } text { fill: #e6edf3; } .axis { stroke: #9198a1; } .grid { stroke: #3d444d; }
            .ok { stroke: #3fb950; } .slow { stroke: #f0a34b; } .failed { stroke: #f85149; }
            .fault { fill: #4493f8; fill-opacity: 0.22; } .mark { stroke: #4493f8; }
          }
        """;

    public static string Of(string title, IReadOnlyList<Second> seconds, IReadOnlyList<Fault> faults)
    {
        // A label needs 16 points beside the next one; a run of minutes is wide enough.
        double step = Math.Clamp(1100.0 / Math.Max(1, seconds.Count), 4, 20);
        double width = step * seconds.Count;
        int most = RoundUp(seconds.Select(s => Math.Max(s.Ok, Math.Max(s.Slow, s.Failed))).DefaultIfEmpty(1).Max());
        StringBuilder svg = new();
        svg.AppendLine(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Left + width + 40:0} {Top + Height + 90}\" role=\"img\">");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<title>{WebUtility.HtmlEncode(title)}</title>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<style>\n{Style}\n</style>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"20\">{WebUtility.HtmlEncode(title)}</text>");
        Axes(svg, step, width, seconds.Count, most);
        Faults(svg, faults, step);
        Line(svg, "ok", seconds.Select(s => s.Ok), step, most);
        Line(svg, "slow", seconds.Select(s => s.Slow), step, most);
        Line(svg, "failed", seconds.Select(s => s.Failed), step, most);
        Legend(svg);
        return svg.AppendLine("</svg>").ToString();
    }

    private static void Axes(StringBuilder svg, double step, double width, int seconds, int most)
    {
        for (int part = 0; part <= 4; part++)
        {
            double y = Top + Height - (Height * part / 4.0);
            Append(svg, $"<line class=\"{(part == 0 ? "axis" : "grid")}\" x1=\"{Left}\" x2=\"{Left + width:0.#}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"/>");
            Append(svg, $"<text x=\"{Left - 8}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{most * part / 4}</text>");
        }

        int every = seconds > 120 ? 30 : 10;
        for (int second = 0; second <= seconds; second += every)
        {
            double x = Left + (second * step);
            Append(svg, $"<line class=\"axis\" x1=\"{x:0.#}\" x2=\"{x:0.#}\" y1=\"{Top + Height}\" y2=\"{Top + Height + 5}\"/>");
            Append(svg, $"<text x=\"{x:0.#}\" y=\"{Top + Height + 20}\" text-anchor=\"middle\">{second}</text>");
        }

        Append(svg, $"<line class=\"axis\" x1=\"{Left}\" x2=\"{Left}\" y1=\"{Top}\" y2=\"{Top + Height}\"/>");
        Append(svg, $"<text x=\"{Left + (width / 2):0.#}\" y=\"{Top + Height + 40}\" text-anchor=\"middle\">time (s)</text>");
        Append(svg, $"<text transform=\"translate(18 {Top + (Height / 2)}) rotate(-90)\" text-anchor=\"middle\">calls per second</text>");
    }

    private static void Faults(StringBuilder svg, IReadOnlyList<Fault> faults, double step)
    {
        double last = double.NegativeInfinity;
        foreach (Fault fault in faults.OrderBy(f => f.Start))
        {
            double x = Left + (fault.Start * step);
            double until = Left + ((fault.End ?? fault.Start) * step);
            Append(svg, $"<rect class=\"fault\" x=\"{x:0.#}\" y=\"{Top}\" width=\"{Math.Max(1, until - x):0.#}\" height=\"{Height}\"/>");
            Append(svg, $"<line class=\"mark\" x1=\"{x:0.#}\" x2=\"{x:0.#}\" y1=\"{Top - 8}\" y2=\"{Top + Height}\"/>");
            last = Math.Max(x, last + 16);
            Append(svg, $"<text class=\"label\" transform=\"translate({last + 4:0.#} {Top - 10}) rotate(-55)\">{WebUtility.HtmlEncode(fault.Name)}</text>");
        }
    }

    private static void Line(StringBuilder svg, string name, IEnumerable<int> values, double step, int most)
    {
        IEnumerable<string> points = values.Select((value, second) => string.Create(
            CultureInfo.InvariantCulture,
            $"{Left + ((second + 0.5) * step):0.#},{Top + Height - ((double)Height * value / most):0.#}"));
        Append(svg, $"<polyline class=\"line {name}\" points=\"{string.Join(' ', points)}\"/>");
    }

    private static void Legend(StringBuilder svg)
    {
        (string Name, string Words)[] entries =
            [("ok", "answered within 1 s"), ("slow", "answered later"), ("failed", "outcome unknown, repeated")];
        int x = Left;
        foreach ((string name, string words) in entries)
        {
            int y = Top + Height + 66;
            Append(svg, $"<line class=\"line {name}\" x1=\"{x}\" x2=\"{x + 26}\" y1=\"{y}\" y2=\"{y}\"/>");
            Append(svg, $"<text x=\"{x + 34}\" y=\"{y + 4}\">{words}</text>");
            x += 220;
        }

        Append(svg, $"<rect class=\"fault\" x=\"{x}\" y=\"{Top + Height + 58}\" width=\"26\" height=\"14\"/>");
        Append(svg, $"<text x=\"{x + 34}\" y=\"{Top + Height + 70}\">a fault, for as long as it lasts</text>");
    }

    /// <summary>To a figure of which a quarter is a whole number.</summary>
    private static int RoundUp(int most) => Math.Max(4, (int)(Math.Ceiling(most / 20.0) * 20));

    private static void Append(StringBuilder svg, FormattableString element) =>
        svg.AppendLine(FormattableString.Invariant(element));
}
