using System.Globalization;
using NovaOrleans.Benchmarks.Measures;

namespace NovaOrleans.Benchmarks;

/// <summary>The figures of one verb: a JSON line each as they come, or at the end a table for people.</summary>
public sealed class Figures(bool json)
{
    private readonly List<Figure> _all = [];

    public void Add(string name, double value, string unit, double? baseline = null, Target? target = null)
    {
        Figure figure = new(name, value, unit, baseline, target);
        _all.Add(figure);
        if (json)
        {
            Console.WriteLine(figure.ToJson());
        }
    }

    /// <summary>A figure that is promised not to exceed <paramref name="most"/>, of itself and not beside a baseline.</summary>
    public void AtMost(string name, double value, string unit, double most) =>
        Add(name, value, unit, target: Target.AtMost(most));

    /// <summary>The last line; the exit code is 0 where every target held.</summary>
    public int Close()
    {
        if (!json)
        {
            foreach (string line in Table(_all))
            {
                Console.WriteLine(line);
            }
        }

        int missed = _all.Count(f => f.Holds == false);
        Console.WriteLine($"bench: {_all.Count(f => f.Holds == true)} held, {missed} short");
        return missed == 0 ? 0 : 1;
    }

    public static double Median(IEnumerable<double> values) => Quantiles.Median(values);

    /// <summary>A value with as many digits as it needs.</summary>
    public static string Text(double value) => !double.IsFinite(value) ? "-" : value.ToString(
        Math.Abs(value) switch
        {
            >= 1000 => "#,0",
            var v when v == Math.Floor(v) => "0",
            >= 10 => "0.0",
            >= 1 => "0.00",
            _ => "0.000",
        },
        CultureInfo.InvariantCulture);

    public static string Times(double? ratio) => ratio is { } r ? $"{Text(r)}×" : "";

    /// <summary>Columns as wide as their widest, numbers to the right.</summary>
    public static IEnumerable<string> Table(IReadOnlyList<Figure> figures)
    {
        string[][] rows =
        [
            .. figures.Select(f => new[]
            {
                f.Name, Text(f.Value), f.Unit, f.Ratio is not null ? $"{Times(f.Ratio)} of {Text(f.Baseline!.Value)}" : "",
                f.Wanted, f.Holds switch { true => "held", false => "short", null => "" },
            }),
        ];
        int[] widths = [.. Enumerable.Range(0, 6).Select(c => rows.Select(r => r[c].Length).DefaultIfEmpty().Max())];
        return rows.Select(r => string.Join(
            "  ", r.Select((cell, c) => c == 1 ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]))).TrimEnd());
    }
}
