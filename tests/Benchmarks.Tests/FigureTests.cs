using NovaOrleans.Benchmarks.Reports;

namespace NovaOrleans.Benchmarks;

public sealed class FigureTests
{
    [Theory]
    [InlineData(30, 10, 3, true)]
    [InlineData(29, 10, 3, false)]
    public void A_ratio_that_is_promised_at_least_is_judged(double value, double baseline, double least, bool holds) =>
        Assert.Equal(holds, new Figure("rate", value, "1/s", baseline, Target.Times(least)).Holds);

    [Theory]
    [InlineData(3, 10, 0.3, true)]
    [InlineData(4, 10, 0.3, false)]
    public void A_ratio_that_is_promised_at_most_is_judged(double value, double baseline, double most, bool holds) =>
        Assert.Equal(holds, new Figure("cost", value, "ms", baseline, Target.TimesAtMost(most)).Holds);

    [Fact]
    public void What_was_not_measured_holds_nothing()
    {
        Assert.False(new Figure("wait", double.NaN, "ms", Target: Target.AtMost(5)).Holds);
        Assert.False(new Figure("rate", 5, "1/s", Baseline: null, Target.Times(1)).Holds);
        Assert.False(new Figure("cost", 5, "ms", double.PositiveInfinity, Target.TimesAtMost(0.3)).Holds);
        Assert.Null(new Figure("rate", 5, "1/s", 5).Holds);
    }

    [Fact]
    public void A_line_is_read_as_it_was_written()
    {
        Figure[] figures =
        [
            new("http create", 18_483, "1/s", 3_374, Target.Times(3)), new("http processor", 0.081, "ms/op", 0.65, Target.TimesAtMost(0.3)),
            new("wait", 4.2, "ms", Target: Target.AtMost(5)), new("nothing", 7, "B"),
        ];
        Assert.Equal(figures, figures.Select(f => Figure.FromJson(f.ToJson())));
        Assert.Null(Figure.FromJson("bench: 3 held, 0 short"));
        Assert.Contains("\"value\":null", new Figure("gone", double.NaN, "ms").ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_for_people_has_columns()
    {
        string[] lines = [.. Figures.Table([new("short", 1_234.4, "1/s", 100, Target.Times(8)), new("a longer name", 0.5, "ms")])];
        Assert.Equal("short          1,234  1/s  12.3× of 100  at least 8×  held", lines[0]);
        Assert.StartsWith("a longer name  0.500  ms", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_load_and_its_costs_are_one_row()
    {
        string tables = Tables.Of(
        [
            new("http create", 200, "1/s", 100, Target.Times(3)), new("http create p50", 1.5, "ms"),
            new("http create processor", 0.1, "ms/op", 0.5, Target.TimesAtMost(0.3)), new("http rows", 7, "rows"),
        ]);
        Assert.Contains(
            "| http create | 200 | 2× at least 3×: short | 1.50 |  | 0.100 (**0.200×** at most 0.3×) |  |  |  |\n", tables,
            StringComparison.Ordinal);
        Assert.Contains("| http rows | 7 | rows |  |  |\n", tables, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_go_to_their_place_and_nowhere_else()
    {
        const string page = "# P\n<!-- figures: http -->\nold\n<!-- end of figures -->\nrest\n";
        Assert.Equal(
            "# P\n<!-- figures: http -->\n\nnew\n<!-- end of figures -->\nrest\n", Tables.Into(page, "http", "new\n"));
        Assert.Null(Tables.Into(page, "fill", "new\n"));
    }

    [Fact]
    public void A_promise_is_kept_above_one_whichever_way_it_is_meant()
    {
        Assert.Equal(2.0, Plot.Kept(new("a", 60, "1/s", 10, Target.Times(3))));
        Assert.Equal(2.0, Plot.Kept(new("b", 1.5, "ms", 10, Target.TimesAtMost(0.3))));
        Assert.Equal(0.5, Plot.Kept(new("c", 10, "ms", Target: Target.AtMost(5))));
        Assert.Null(Plot.Kept(new("d", 10, "ms")));
    }
}
