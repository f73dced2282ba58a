using System.Xml.Linq;

namespace NovaOrleans.Faults;

public sealed class PlotTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_plot_has_its_lines_its_faults_with_labels_a_legend_units_and_both_colour_schemes()
    {
        Second[] seconds = [.. Enumerable.Range(0, 60).Select(n => new Second(n, n % 3, n % 2))];
        Fault[] faults =
        [
            new(new PlannedFault(10, FaultKind.SiloKill, 1, 4), 10) { End = 14 },
            new(new PlannedFault(30, FaultKind.PostgresKill, 0, 1), 30),
        ];

        XElement svg = XDocument.Parse(Plot.Of("seed <7>", seconds, faults)).Root!;

        XElement[] lines = [.. svg.Elements(s_svg + "polyline")];
        Assert.Equal(["line ok", "line slow", "line failed"], lines.Select(l => (string)l.Attribute("class")!));
        Assert.All(lines, l => Assert.Equal(60, ((string)l.Attribute("points")!).Split(' ').Length));
        string[] texts = [.. svg.Elements(s_svg + "text").Select(t => t.Value)];
        Assert.Empty(new[]
        {
            "seed <7>", "silo 2 killed", "PostgreSQL killed", "time (s)", "calls per second", "answered within 1 s",
            "answered later", "outcome unknown, repeated",
        }.Except(texts));
        Assert.Contains("prefers-color-scheme: dark", svg.Element(s_svg + "style")!.Value, StringComparison.Ordinal);
        // Higher is more: y of the last, greatest value is above that of the first.
        string[] ok = ((string)lines[0].Attribute("points")!).Split(' ');
        Assert.True(double.Parse(ok[^1].Split(',')[1]) < double.Parse(ok[0].Split(',')[1]));
    }

    [Fact]
    public void A_timeline_says_where_pools_were_when_they_were_back_what_was_late_and_how_to_repeat_it()
    {
        Fault fault = new(new PlannedFault(10, FaultKind.SiloKill, 2, 4), 10.04) { End = 14.2 };
        Outage outage = new(fault, [new Worst(8, 0.4), new Worst(0, 0), new Worst(16, 8.3)]);

        string text = Timeline.Of(
            new RunOptions { Results = "", Seed = 7, Seconds = 60 }, [outage], [new Second(5, 1, 2), new Second(0, 0, 3)], ["a note"]);

        Assert.Contains("--seconds 60 --seed 7", text, StringComparison.Ordinal);
        Assert.Matches(@"10\.0 +14\.2 +silo 3 killed +8\.3 s of 16 +- +0\.4 s of 8 +8 s: LATE", text);
        Assert.Contains("a note", text, StringComparison.Ordinal);
        Assert.Contains("5 answered within 1 s, 1 later, 5 with unknown outcome", text, StringComparison.Ordinal);
        Assert.Contains("1 of 2", text, StringComparison.Ordinal);
    }
}
