using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using NovaOrleans.Benchmarks.Agents;
using NovaOrleans.Benchmarks.Allocate;
using NovaOrleans.Benchmarks.Fill;
using NovaOrleans.Benchmarks.Fleet;
using NovaOrleans.Benchmarks.Hosts;
using NovaOrleans.Benchmarks.Http;
using NovaOrleans.Benchmarks.Inner;
using NovaOrleans.Benchmarks.Lists;
using NovaOrleans.Benchmarks.Recover;

namespace NovaOrleans.Benchmarks;

/// <summary>A subject that is measured: what, how long it takes in full and with <c>--quick</c>, and what it needs.</summary>
internal sealed record Verb(string Name, string What, string Takes, string Needs, Func<BenchOptions, Task<int>> Run);

/// <summary>All of them. Each prints its figures, and last how many held their target.</summary>
internal static partial class Verbs
{
    public static readonly IReadOnlyList<Verb> All =
    [
        new("allocate", "durable creates by the pool's grain beside the SQL that one would write, PostgreSQL and SQLite",
            "10 min, quick 2", "postgresql-15", AllocateBenchmark.Run),
        new("http", "creates, bulk creates and churn over HTTP beside it; --split: facade and silo apart, with TLS",
            "17 min, quick 3", "postgresql-15, wrk", HttpBenchmark.Run),
        new("fill", "cost of a create in a /16 with 0 to 60,000 held, and under a quota", "5 min, quick 1", "postgresql-15", FillBenchmark.Run),
        new("list", "a page of 100 out of 10,000 and 100,000 cards, all or filtered", "8 min, quick 2", "postgresql-15, wrk", ListBenchmark.Run),
        new("recover", "first answer of a pool of 65,000 rows after its silo was killed",
            "2 min, quick 1", "postgresql-15", RecoverBenchmark.Run),
        new("bind", "acknowledged bind to committed report: --agents 200 hosts, --rate 500 binds a second",
            "2 min, quick 1", "postgresql-15", BindBenchmark.Run),
        new("fleet", "1,000,000 VNICs, 2,000 networks, 5,000 hosts: made, listed, audited; quick a tenth",
            "15 min, quick 2", "postgresql-15, 6 GB of disk", FleetBenchmark.Run),
        new("agents", "--agents 1200 real agents on two silos, one of which is killed",
            "5 min, quick 2", "postgresql-15, 4 GB of memory", AgentsBenchmark.Run),
        new("host", "a host with 1,000 VNICs in security groups, in the kernel",
            "5 min, quick 3", "root, Linux, iperf3", HostBenchmark.Run),
        new("inner", "bitmap, rules and JSON alone, by BenchmarkDotNet", "3 min, quick 1", "nothing", InnerVerb.Run),
    ];

    public static Verb? Find(string name) => All.FirstOrDefault(v => v.Name == name);

    /// <summary>One after the other, each as a process of its own with a PostgreSQL of its own.</summary>
    public static async Task<int> RunAll(string[] options)
    {
        (int held, int missed, List<string> failed) = (0, 0, []);
        foreach (Verb verb in All)
        {
            BenchOptions.Say($"== {verb.Name}, {verb.Takes}");
            string last = await Relay(verb, options);
            if (LastLine().Match(last) is { Success: true } sum)
            {
                held += Number(sum.Groups[1]);
                missed += Number(sum.Groups[2]);
            }
            else
            {
                failed.Add(verb.Name);
            }
        }

        if (failed.Count > 0)
        {
            BenchOptions.Say($"came to no end: {string.Join(", ", failed)}");
        }

        Console.WriteLine($"bench: {held} held, {missed} short");
        return missed == 0 && failed.Count == 0 ? 0 : 1;
    }

    public static void Help(TextWriter output)
    {
        output.WriteLine("""
            usage: ./nova bench VERB [--quick] [--json] [--seconds N] [--rounds N]

            """);
        foreach (Verb verb in All)
        {
            output.WriteLine($"  {verb.Name,-9} {verb.What}\n{"",-12}takes about {verb.Takes}; needs {verb.Needs}");
        }

        output.WriteLine("""
              all       all of them, one after the other
              report    FILE: Markdown tables of what --json printed; --write puts them into docs/performance.md, with a plot

              --quick      a short run, to see that it works
              --json       a line a figure: name, value, unit, baseline, ratio, target, holds, limit; also if the output is a file
              --seconds N  of each measurement: 10, quick 2
              --rounds N   of which a figure is the median: 5, quick 3

            Figures are worth something on a machine that does nothing else. The last line is "bench: N held, N short": of the figures
            that have a target. The exit code is 0 where none is short.
            """);
    }

    /// <summary>Its lines but the last, which is given back.</summary>
    private static async Task<string> Relay(Verb verb, string[] options)
    {
        ProcessStartInfo start = new(
            "dotnet", [typeof(Verbs).Assembly.Location, verb.Name, .. options, .. Console.IsOutputRedirected ? (string[])[] : [BenchOptions.Table]])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string last = "";
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (last.Length > 0)
            {
                Console.WriteLine(last);
            }

            last = line;
        }

        await process.WaitForExitAsync();
        BenchOptions.Say($"== {verb.Name}: {last}");
        return last;
    }

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^bench: (\d+) held, (\d+) short$")]
    private static partial Regex LastLine();
}
