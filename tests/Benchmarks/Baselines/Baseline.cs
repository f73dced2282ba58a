using NovaOrleans.Benchmarks.Measures;
using NovaOrleans.Testing;
using Npgsql;

namespace NovaOrleans.Benchmarks.Baselines;

/// <summary>
/// The hand-written transaction, by pgbench over the server's Unix socket: a VNIC and whichever free address comes first,
/// <c>for update skip locked</c>. Of the ways to write it this is the fastest. What it costs is PostgreSQL's work alone; pgbench is
/// the load.
/// </summary>
internal sealed class Baseline : IAsyncDisposable
{
    /// <summary>The clients that it is measured with; its best is the best of them.</summary>
    public static readonly int[] Clients = [1, 8, 32, 64];

    private readonly PostgresCluster _cluster;
    private readonly string _database;
    private readonly WalCounter _wal;
    private readonly Meter _meter;
    private readonly string _folder = Directory.CreateTempSubdirectory("nova-pgbench-").FullName;

    private Baseline(PostgresCluster cluster, string database, WalCounter wal)
    {
        (_cluster, _database, _wal) = (cluster, database, wal);
        _meter = new Meter([], cluster, wal);
    }

    public static async Task<Baseline> Prepare(PostgresCluster cluster) => new(
        cluster, new NpgsqlConnectionStringBuilder(await cluster.CreateDatabase()).Database!, await WalCounter.Open(cluster));

    /// <summary>An operation is a VNIC with its address, from a pool that is full of free ones again.</summary>
    public Task<Measured> Allocate(int clients, int seconds) => Run("allocate.sql", clients, seconds);

    /// <summary>An operation is the same and its end.</summary>
    public Task<Measured> Cycle(int clients, int seconds) => Run("cycle.sql", clients, seconds);

    /// <summary>Both, with every number of clients and with 32.</summary>
    public async Task MeasureInto(Series series, int seconds, bool cycle)
    {
        foreach (int clients in Clients)
        {
            series.Add(Name(clients), await Allocate(clients, seconds));
        }

        if (cycle)
        {
            series.Add(CycleName, await Cycle(32, seconds));
        }
    }

    public const string CycleName = "sql cycle 32 clients";

    public static string Name(int clients) => $"sql {clients} clients";

    /// <summary>The name of the number of clients that made most.</summary>
    public static string Best(Series series) => Clients.Select(Name).MaxBy(series.Rate)!;

    /// <summary>All its rates, and what one operation costs with one client and with 32.</summary>
    public static void AddTo(Figures figures, Series series, string verb)
    {
        string[] names = [.. Clients.Select(Name), .. series.Names.Where(n => n == CycleName)];
        foreach (string name in names)
        {
            figures.Add($"{verb} {name}", series.Rate(name), "1/s");
            if (name == Name(1) || name == Name(32) || name == CycleName)
            {
                series.AddCosts(figures, $"{verb} {name}", name);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _wal.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<Measured> Run(string script, int clients, int seconds)
    {
        IReadOnlyList<string> arguments = _cluster.SocketArguments(_database);
        await PostgresCluster.Run("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", FileOf("fill.sql"), .. arguments]);
        foreach (string old in Directory.EnumerateFiles(_folder))
        {
            File.Delete(old);
        }

        return await _meter.Measure(async () =>
        {
            await PostgresCluster.Run(
                "pgbench",
                ["-n", "-M", "prepared", "-c", $"{clients}", "-j", "2", "-T", $"{seconds}", "-f", FileOf(script),
                    "-l", $"--log-prefix={Path.Combine(_folder, "log")}", .. arguments]);
            return PgbenchLog.Read(Directory.EnumerateFiles(_folder).SelectMany(File.ReadLines), seconds);
        });
    }

    private static string FileOf(string name) => Path.Combine(AppContext.BaseDirectory, "Baselines", name);
}
