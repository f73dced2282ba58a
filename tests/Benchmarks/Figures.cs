using System.Globalization;
using System.Text.Json;

namespace NovaOrleans.Benchmarks;

/// <summary>
/// The figures of one run. Each has the baseline of the same run and its ratio to it; where a target is set, whether it
/// holds.
/// </summary>
public sealed class Figures(bool json)
{
    private int _held;
    private int _short;

    public void Add(string name, double value, string unit, double? baseline = null, double? target = null)
    {
        double? ratio = baseline is > 0 ? value / baseline : null;
        bool? holds = target is null ? null : ratio >= target;
        _held += holds == true ? 1 : 0;
        _short += holds == false ? 1 : 0;
        Console.WriteLine(json ? Json(name, value, unit, baseline, ratio, target, holds) : Text());

        string Text() => string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-44} {value,12:N1} {unit,-8} {(ratio is null ? "" : $"{ratio:N2}x of {baseline:N1}"),-20} "
                + $"{(target is null ? "" : $"target {target:N1}x: {(holds == true ? "held" : "short")}")}");
    }

    /// <summary>A figure that is promised not to exceed <paramref name="most"/>, of itself and not beside a baseline.</summary>
    public void AtMost(string name, double value, string unit, double most)
    {
        bool holds = value <= most;
        _held += holds ? 1 : 0;
        _short += holds ? 0 : 1;
        Console.WriteLine(json
            ? JsonSerializer.Serialize(new
            {
                name,
                value = Math.Round(value, 3),
                unit,
                baseline = (double?)null,
                ratio = (double?)null,
                target = most,
                holds,
            })
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-44} {value,12:N1} {unit,-8} {"",-20} at most {most:N0}: {(holds ? "held" : "short")}"));
    }

    /// <summary>The last line; the exit code is 0 where every target held.</summary>
    public int Close()
    {
        Console.WriteLine($"bench: {_held} held, {_short} short");
        return _short == 0 ? 0 : 1;
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Json(
        string name, double value, string unit, double? baseline, double? ratio, double? target, bool? holds) =>
        JsonSerializer.Serialize(new
        {
            name,
            value = Math.Round(value, 3),
            unit,
            baseline = baseline is { } b ? Math.Round(b, 3) : (double?)null,
            ratio = ratio is { } r ? Math.Round(r, 3) : (double?)null,
            target,
            holds,
        });
}
