namespace NovaOrleans.Agent;

/// <summary>
/// One thing that is not as desired: what it is, how it should be, how it was found, and since when that is known.
/// </summary>
public sealed record DriftRow(string What, string Wanted, string Found, DateTimeOffset Since)
{
    public static DriftRow Of(Step step, ActualHost actual, DateTimeOffset since)
    {
        string text = step.Text.Split('\n')[0];
        return step switch
        {
            Refused r => new DriftRow(r.Subject, "to be made", r.Reason, since),
            { Sign: '-' } => new DriftRow(step.Subject, "absent", text, since),
            { Sign: '+' } => new DriftRow(step.Subject, text, "absent", since),
            _ => new DriftRow(step.Subject, text, FoundOf(step, actual), since),
        };
    }

    /// <summary>Of a step that changes what is there.</summary>
    private static string FoundOf(Step step, ActualHost actual) => step switch
    {
        SetMtu s => string.Create(CultureInfo.InvariantCulture, $"mtu {actual.Links.GetValueOrDefault(s.Link)?.Mtu}"),
        SetUp => "down",
        MovePort s => actual.Links.GetValueOrDefault(s.Port)?.Master is { } master ? $"on {master}" : "on no bridge",
        TuneBridge => "set otherwise",
        AddForwarding => "at another host",
        LoadFirewall => "rules changed",
        StartDhcp s => actual.Dhcp.GetValueOrDefault(s.Network) switch
        {
            null => "absent",
            { Running: false } => "not running",
            _ => "configured otherwise, or its bridge is gone",
        },
        ReloadDhcp s => $"{s.Added.Count} hosts missing, {s.Removed.Count} not wanted",
        SetTrunk s => PortOf(s.Switch, s.Uplink, actual) is { } port
            ? port.Fault ?? $"tags {string.Join(',', port.Trunks)}" : "absent",
        SetAccess s => PortOf(s.Switch, s.Port, actual) is { } port ? port.Fault ?? $"tag {port.Tag}" : "absent",
        _ => "otherwise",
    };

    private static ActualSwitchPort? PortOf(string bridge, string port, ActualHost actual) =>
        actual.Switch?.Bridges.GetValueOrDefault(bridge)?.Ports.GetValueOrDefault(port);
}

/// <summary>Drift from one look to the next: what is still there keeps the time at which it was first seen.</summary>
public sealed class Drift
{
    private Dictionary<(string, string), DateTimeOffset> _since = [];

    public IReadOnlyList<DriftRow> See(Plan differences, DesiredHost desired, ActualHost actual, DateTimeOffset now)
    {
        DriftRow[] rows =
        [
            .. differences.Steps.Select(s => DriftRow.Of(s, actual, now)),
            .. desired.Faults.Select(f => new DriftRow(f.Key.ToString(), "to be made", f.Value, now)),
        ];
        rows = [.. rows.Select(r => r with { Since = _since.GetValueOrDefault((r.What, r.Wanted), now) })];
        _since = rows.GroupBy(r => (r.What, r.Wanted)).ToDictionary(g => g.Key, g => g.First().Since);
        return rows;
    }

    /// <summary>Columns as wide as they need to be; the last two are never cut.</summary>
    public static IEnumerable<string> Table(IReadOnlyList<DriftRow> rows)
    {
        if (rows.Count == 0)
        {
            yield break;
        }

        string[][] cells =
        [
            ["what", "wanted", "found", "since"],
            .. rows.Select(r => new[] { r.What, r.Wanted, r.Found, Time(r.Since) }),
        ];
        int[] widths = [.. Enumerable.Range(0, 4).Select(c => cells.Max(row => row[c].Length))];
        foreach (string[] row in cells)
        {
            yield return "  " + string.Join("  ", row.Select((cell, c) => cell.PadRight(widths[c]))).TrimEnd();
        }
    }

    public static string Time(DateTimeOffset at) => at.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
