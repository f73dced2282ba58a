using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Measures;

/// <summary>Reads what servers and their database have cost before a load and after it.</summary>
/// <param name="servers">The ids of the server's processes; none where the database alone is measured.</param>
/// <param name="database">Null where the server is its own.</param>
/// <param name="wal">The database's.</param>
internal sealed class Meter(IReadOnlyList<int> servers, PostgresCluster? database, WalCounter? wal)
{
    public async Task<Measured> Measure(Func<Task<LoadReport>> load)
    {
        Work before = await Read();
        LoadReport report = await load();
        return new Measured(report, await Read() - before);
    }

    public async Task<Work> Read() => new(
        servers.Sum(s => ProcessorTime.OfTree(s)),
        database is null ? 0 : ProcessorTime.OfTree(database.ServerProcess),
        wal is null ? null : await wal.Read());
}
