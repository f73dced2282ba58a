namespace NovaOrleans.Benchmarks.Measures;

/// <summary>
/// What work cost: processor time in milliseconds, of the server and of the database with all its processes, and what the database
/// wrote ahead. The load's own is not in it. An embedded server is its own database, of which no log is counted.
/// </summary>
public sealed record Work(double ServerMs, double DatabaseMs, WalCount? Wal)
{
    public double ProcessorMs => ServerMs + DatabaseMs;

    /// <summary>From one reading to a later one.</summary>
    public static Work operator -(Work after, Work before) =>
        new(after.ServerMs - before.ServerMs, after.DatabaseMs - before.DatabaseMs, after.Wal - before.Wal);
}

/// <summary>A load, and what it cost.</summary>
public sealed record Measured(LoadReport Load, Work Work)
{
    public double ProcessorMsEach => Each(Work.ProcessorMs);

    /// <summary>What of it was the database's.</summary>
    public double DatabaseMsEach => Each(Work.DatabaseMs);

    public double? WalBytesEach => Work.Wal is { } wal ? Each(wal.Position) : null;

    public double? FlushesEach => Work.Wal is { } wal ? Each(wal.AllFlushes) : null;

    /// <summary>Of no operation there is no cost, rather than none.</summary>
    private double Each(double total) => Load.Operations > 0 ? total / Load.Operations : double.NaN;
}
