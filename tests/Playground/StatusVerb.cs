using System.Globalization;
using NovaOrleans.Testing.Clusters;

namespace NovaOrleans.Playground;

/// <summary><c>status</c>: a line a process. Status 0 if all run, 1 if one does not.</summary>
internal sealed class StatusVerb(string folder)
{
    /// <summary>Kernel ticks a second, as /proc counts (USER_HZ).</summary>
    private const double TicksASecond = 100;

    private static readonly string[] s_columns = ["process", "pid", "state", "listens at", "up for", "memory", "log"];

    public async Task<int> Run()
    {
        await using NovaCluster cluster = ClusterFolder.Read(folder);
        List<string[]> rows = [s_columns, .. cluster.Processes.Select(p => Row(cluster, p))];
        int[] widths = [.. Enumerable.Range(0, s_columns.Length).Select(c => rows.Max(r => r[c].Length))];
        foreach (string[] row in rows)
        {
            // Numbers to the right, so that they can be compared.
            Console.WriteLine("  " + string.Join("   ", row.Select((cell, c) =>
                c is 1 or 4 or 5 ? cell.PadLeft(widths[c]) : cell.PadRight(widths[c]))).TrimEnd());
        }

        Console.WriteLine();
        Console.WriteLine($"  folder        {folder}");
        Console.WriteLine($"  admin token   {cluster.TokenFile}");
        return cluster.Processes.All(p => p.IsRunning) ? 0 : 1;
    }

    private static string[] Row(NovaCluster cluster, ClusterProcess process)
    {
        ProcessRecord? record = ProcessRecord.Read(process.PidFile);
        bool runs = process.IsRunning;
        return
        [
            process.Name,
            runs ? process.Id.ToString(CultureInfo.InvariantCulture) : "-",
            runs ? StateOf(process.Id) : record is null ? "not started" : "ended",
            cluster.EndpointOf(process),
            runs ? UpFor(record!.Value) : "-",
            runs ? MemoryOf(process.Id) : "-",
            Path.GetFileName(process.Log),
        ];
    }

    private static string StateOf(int process) => Field(process, "State")?.Split(' ')[0] == "T" ? "frozen" : "runs";

    private static string UpFor(ProcessRecord record)
    {
        double now = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        TimeSpan up = TimeSpan.FromSeconds(Math.Max(0, now - (record.Started / TicksASecond)));
        return up.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{up.TotalHours:0.0} h")
            : up.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{up.TotalMinutes:0} min")
            : string.Create(CultureInfo.InvariantCulture, $"{up.TotalSeconds:0} s");
    }

    private static string MemoryOf(int process) => Field(process, "VmRSS") is { } text
        ? string.Create(CultureInfo.InvariantCulture, $"{long.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture) / 1024:N0} MiB")
        : "-";

    private static string? Field(int process, string name)
    {
        try
        {
            return File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(l => l.StartsWith($"{name}:", StringComparison.Ordinal))?[(name.Length + 1)..].Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
