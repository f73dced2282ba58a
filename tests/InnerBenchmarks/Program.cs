using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using NovaOrleans.InnerBenchmarks;

// Measures the inner pieces in this process: nothing is compiled while it runs. What BenchmarkDotNet says goes to the errors; the
// output has a line a benchmark: its name, nanoseconds and allocated bytes, with tabs between.
await using StreamWriter errors = new(Console.OpenStandardError()) { AutoFlush = true };
Job job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
job = args.Contains("--quick") ? job.WithWarmupCount(1).WithIterationCount(1) : job;
string folder = Directory.CreateTempSubdirectory("nova-inner-").FullName;
ManualConfig config = ManualConfig.CreateEmpty()
    .AddJob(job)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddLogger(new StreamLogger(errors))
    .WithArtifactsPath(folder);

int failed = 0;
foreach (Type subject in new[] { typeof(PoolBits), typeof(BodyJson), typeof(AnswerJson), typeof(GroupRules) })
{
    Summary summary = BenchmarkRunner.Run(subject, config);
    foreach (BenchmarkReport report in summary.Reports)
    {
        if (report.ResultStatistics is not { } times)
        {
            failed++;
            continue;
        }

        string parameters = string.Concat(report.BenchmarkCase.Parameters.Items.Select(p => $", {p.Value} {p.Name.ToLowerInvariant()}"));
        string name = report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'') + parameters;
        long bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}\t{times.Median:F1}\t{bytes}"));
    }
}

Directory.Delete(folder, recursive: true);
return failed == 0 ? 0 : 1;
