using System.Text;

namespace NovaOrleans.Agent;

/// <summary>What <c>--observe</c> says of one look: a line, a table where something differs, and the figures.</summary>
public sealed class DriftReport(RepairFile repairs, AgentMetrics metrics, MetricsFile figures, TimeProvider clock)
{
    private readonly Drift _drift = new();

    public async Task<string> Tell(Plan plan, DesiredHost desired, ActualHost actual, CancellationToken stop)
    {
        DateTimeOffset now = clock.GetLocalNow();
        Repairs mended = repairs.Read();
        IReadOnlyList<DriftRow> rows = _drift.See(plan, desired, actual, now);
        metrics.Looked(plan, desired.Faults.Count, mended.Count);
        await figures.Write(stop);

        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{Drift.Time(now)}  ");
        text.Append(rows.Count switch
        {
            0 => "as desired",
            1 => "1 difference",
            _ => string.Create(CultureInfo.InvariantCulture, $"{rows.Count} differences"),
        });
        if (mended.Recent.Count > 0)
        {
            string last = Drift.Time(mended.Recent[^1].At.ToLocalTime());
            text.Append(CultureInfo.InvariantCulture, $"; {mended.Count} repairs so far, the last at {last}");
        }

        return text.Append('\n').AppendJoin("", Drift.Table(rows).Select(l => l + "\n")).ToString();
    }
}
