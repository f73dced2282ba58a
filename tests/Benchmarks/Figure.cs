using System.Globalization;
using System.Text.Json;

namespace NovaOrleans.Benchmarks;

/// <summary>What a figure is promised to be: its ratio to the baseline, or itself, at least or at most this.</summary>
public readonly record struct Target(double Value, bool IsMost, bool IsOfRatio)
{
    /// <summary>So many times the baseline.</summary>
    public static Target Times(double least) => new(least, IsMost: false, IsOfRatio: true);

    /// <summary>At most so many times the baseline.</summary>
    public static Target TimesAtMost(double most) => new(most, IsMost: true, IsOfRatio: true);

    /// <summary>Not more than this, of itself and not beside a baseline.</summary>
    public static Target AtMost(double most) => new(most, IsMost: true, IsOfRatio: false);

    /// <summary>Also of a value that could not be measured, which holds nothing.</summary>
    public bool Holds(double value, double? ratio) =>
        (IsOfRatio ? ratio ?? double.NaN : value) is var judged && (IsMost ? judged <= Value : judged >= Value);
}

/// <summary>One figure of a run, with the baseline of the same run and its ratio to it, and whether its target holds.</summary>
public sealed record Figure(string Name, double Value, string Unit, double? Baseline = null, Target? Target = null)
{
    private const string Times = "times ";
    private const string Most = "at most";
    private const string Least = "at least";
    private static readonly JsonSerializerOptions s_json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public double? Ratio => Baseline is > 0 and < double.PositiveInfinity ? Value / Baseline : null;

    public bool? Holds => Target?.Holds(Value, Ratio);

    /// <summary>As the line has it: <c>at least 3×</c>, <c>at most 50</c>.</summary>
    public string Wanted => Target is not { } t ? ""
        : string.Create(CultureInfo.InvariantCulture, $"at {(t.IsMost ? "most" : "least")} {t.Value:#,0.####}{(t.IsOfRatio ? "×" : "")}");

    /// <summary>A line; <c>limit</c> says which way its target is meant.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new Line(
            Name, Rounded(Value), Unit, Rounded(Baseline), Rounded(Ratio), Target?.Value, Holds,
            Target is { } t ? (t.IsOfRatio ? Times : "") + (t.IsMost ? Most : Least) : null),
        s_json);

    /// <summary>Null where the line is none of a figure, as the last one.</summary>
    public static Figure? FromJson(string line)
    {
        if (!line.StartsWith('{') || JsonSerializer.Deserialize<Line>(line, s_json) is not { } read)
        {
            return null;
        }

        string limit = read.Limit ?? "";
        Target? target = read.Target is { } value
            ? new Target(value, limit.EndsWith(Most, StringComparison.Ordinal), limit.StartsWith(Times, StringComparison.Ordinal))
            : null;
        return new Figure(read.Name, read.Value ?? double.NaN, read.Unit, read.Baseline, target);
    }

    /// <summary>Six digits that count: some figures are thousands, some thousandths. What is no number is null.</summary>
    private static double? Rounded(double? value) => value is not { } v || !double.IsFinite(v) ? null
        : double.Parse(v.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private sealed record Line(
        string Name, double? Value, string Unit, double? Baseline, double? Ratio, double? Target, bool? Holds, string? Limit);
}
