using NovaOrleans.Benchmarks.Baselines;
using NovaOrleans.Benchmarks.Http;
using NovaOrleans.Benchmarks.Measures;

namespace NovaOrleans.Benchmarks;

public sealed class MeasureTests
{
    [Fact]
    public void A_trees_time_is_its_own_and_its_descendants_with_children_that_ended()
    {
        string[] stats =
        [
            Stat(10, "postgres", parent: 1, 5, 6, 7, 8), Stat(11, "a (b) c", parent: 10, 1, 1, 0, 0),
            Stat(12, "worker", parent: 11, 2, 0, 0, 0), Stat(13, "other", parent: 1, 100, 100, 100, 100),
        ];
        Assert.Equal((26 + 2 + 2) * 10, ProcessorTime.OfTree(10, stats));
        Assert.Equal(0, ProcessorTime.OfTree(99, stats));
    }

    [Fact]
    public void The_time_of_this_process_is_seen() => Assert.True(ProcessorTime.OfTree(Environment.ProcessId) > 0);

    [Fact]
    public void Flushes_that_are_not_counted_yet_are_reckoned_from_the_bytes()
    {
        WalCount done = new WalCount(11_000, 5_000, 60) - new WalCount(1_000, 1_000, 20);
        Assert.Equal((10_000.0, 4_000.0, 40.0), (done.Position, done.Counted, done.Flushes));
        Assert.Equal(100, done.AllFlushes);
        Assert.Equal(0, default(WalCount).AllFlushes);
    }

    [Fact]
    public void Costs_are_of_an_operation()
    {
        Work before = new(100, 50, new WalCount(0, 0, 0)), after = new(140, 70, new WalCount(2_000, 2_000, 10));
        Measured measured = new(new LoadReport(20, 2, 1, 2), after - before);
        Assert.Equal((3.0, (double?)100, (double?)0.5), (measured.ProcessorMsEach, measured.WalBytesEach, measured.FlushesEach));
        Assert.Equal(double.NaN, new Measured(new LoadReport(0, 2, 0, 0), after - before).ProcessorMsEach);
        Assert.Equal(10, measured.Load.Rate);
        Assert.Equal(1_000, measured.Load.Each(100).Rate);
        Assert.Null(new Measured(measured.Load, new Work(1, 0, null) - new Work(0, 0, null)).WalBytesEach);
    }

    [Fact]
    public void A_median_and_a_quantile_are_of_what_there_is()
    {
        Assert.Equal(2, Quantiles.Median([3, 1, 2]));
        Assert.Equal(2.5, Quantiles.Median([4, 1, 2, 3]));
        Assert.Equal(99, Quantiles.At([.. Enumerable.Range(0, 100).Select(n => (double)n)], 0.99));
        Assert.Equal(double.NaN, Quantiles.Median([]));
    }

    [Fact]
    public void The_log_of_pgbench_is_read()
    {
        LoadReport read = PgbenchLog.Read(["0 1 1500 0 1700000000 1", "1 1 500 0 1700000000 2", "0 2 2500 0 1700000000 3"], 2);
        Assert.Equal(new LoadReport(3, 2, 1.5, 2.5), read);
    }

    [Fact]
    public void What_wrk_says_is_read_and_a_failure_is_no_figure()
    {
        Assert.Equal(
            new LoadReport(50, 2, 1.5, 3), Wrk.Read("""{"Requests":100,"Pairs":50,"Micros":2000000,"P50":1500,"P99":3000,"Failed":0}"""));
        Assert.Equal(100, Wrk.Read("""{"Requests":100,"Pairs":0,"Micros":2000000,"P50":1,"P99":1,"Failed":0}""")!.Operations);
        Assert.Equal(double.NaN, Wrk.Read("""{"Requests":0,"Pairs":0,"Micros":2000000,"P50":0,"P99":0,"Failed":0}""")!.P50);
        Assert.Null(Wrk.Read("""{"Requests":100,"Pairs":0,"Micros":2000000,"P50":1,"P99":1,"Failed":3}"""));
    }

    private static string Stat(int id, string name, int parent, params int[] ticks) =>
        $"{id} ({name}) S {parent} 1 1 0 -1 4194304 1 2 3 4 {string.Join(' ', ticks)} 20 0 1 0 12345 0 0";
}
