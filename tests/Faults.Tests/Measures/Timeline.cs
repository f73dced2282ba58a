using System.Globalization;
using System.Text;

namespace NovaOrleans.Faults;

/// <summary>A run as a table for people: what was done when, and how long what took to come back.</summary>
internal static class Timeline
{
    public static string Of(
        RunOptions run, IReadOnlyList<Outage> outages, IReadOnlyList<Second> availability, IReadOnlyList<string> notes)
    {
        StringBuilder text = new();
        string length = run.Short ? "--short" : string.Create(CultureInfo.InvariantCulture, $"--seconds {run.Seconds:0}");
        text.AppendLine(
            CultureInfo.InvariantCulture, $"faults of seed {run.Seed}; repeat them with: ./nova test --faults {length} --seed {run.Seed}");
        text.AppendLine();
        text.AppendLine("   from      to   fault                     pools answered as usual again after, of those that had on it");
        text.AppendLine("      s       s                             the activation      the entry           nothing          limit");
        foreach (Outage outage in outages)
        {
            text.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"{outage.Fault.Start,7:0.0} {outage.Fault.End ?? double.NaN,7:0.0}   {outage.Fault.Name,-24}  {Cell(outage, PoolPlace.Activation),-18}  {Cell(outage, PoolPlace.Entry),-18}  {Cell(outage, PoolPlace.Elsewhere),-18} {Verdict(outage)}"));
        }

        foreach (string note in notes)
        {
            text.AppendLine(note);
        }

        text.AppendLine();
        text.AppendLine(string.Create(CultureInfo.InvariantCulture,
            $"calls: {availability.Sum(s => s.Ok)} answered within {Availability.SlowSeconds} s, {availability.Sum(s => s.Slow)} later, {availability.Sum(s => s.Failed)} with unknown outcome and repeated; seconds in which none was answered in time: {availability.Count(s => s.Ok == 0)} of {availability.Count}"));
        return text.ToString();
    }

    private static string Cell(Outage outage, PoolPlace place) => outage[place] is { Pools: > 0 } worst
        ? string.Create(CultureInfo.InvariantCulture, $"{worst.Seconds:0.0} s of {worst.Pools}")
        : "-";

    private static string Verdict(Outage outage) => outage.Limit is not { } limit ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{limit:0} s{(outage.Late ? ": LATE" : "")}");
}
