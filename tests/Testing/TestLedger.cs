using Microsoft.Extensions.DependencyInjection;
using NovaOrleans.Ledger;
using Npgsql;

namespace NovaOrleans.Testing;

/// <summary>
/// A ledger with its schema in a database of its own, to be used directly or by a test cluster
/// (<see cref="AddTo"/>), with faults on demand.
/// </summary>
public sealed class TestLedger : IAsyncDisposable
{
    /// <summary>The newest schema, made once a process and copied: hundreds of tests begin with it.</summary>
    private static readonly Lazy<Task<byte[]>> s_file = new(MakeFile);
    private static readonly Lazy<Task<string>> s_database = new(MakeDatabase);

    private readonly string _where;

    /// <summary>What goes with it; null where nothing does.</summary>
    private readonly string? _folder;
    private ServiceProvider? _services;

    private TestLedger(string where, bool isSqlite, string? folder = null) => (_where, IsSqlite, _folder) = (where, isSqlite, folder);

    public LedgerFaultSwitch Faults { get; } = new();

    public bool IsSqlite { get; }

    /// <summary>The ledger itself, beside any cluster that uses the same rows.</summary>
    public ILedger Ledger => (_services ??= Build()).GetRequiredService<ILedger>();

    public static async Task<TestLedger> Sqlite()
    {
        TestLedger ledger = InFile();
        await File.WriteAllBytesAsync(ledger._where, await s_file.Value);
        return ledger;
    }

    public static async Task<TestLedger> Postgres() =>
        new(await (await PostgresCluster.Instance).CreateDatabase(await s_database.Value), isSqlite: false);

    /// <summary>One that is new, and the plans of what it is asked.</summary>
    public static async Task<(TestLedger Ledger, PostgresPlans Plans)> Explained()
    {
        TestLedger ledger = await Postgres();
        return (ledger, await PostgresPlans.Follow(ledger._where, (await PostgresCluster.Instance).Log));
    }

    /// <param name="through">The last migration that it has: 0 for a database without a schema.</param>
    public static Task<TestLedger> Sqlite(int through) => through == int.MaxValue ? Sqlite() : Migrated(InFile(), through);

    /// <summary>Over the rows that are in a folder of somebody else's, which stays; the first to come finds none.</summary>
    public static Task<TestLedger> SqliteIn(string folder) => Migrated(new TestLedger(FileIn(folder), isSqlite: true), int.MaxValue);

    /// <inheritdoc cref="Sqlite(int)"/>
    public static async Task<TestLedger> Postgres(int through) => through == int.MaxValue
        ? await Postgres()
        : await Migrated(new TestLedger(await (await PostgresCluster.Instance).CreateDatabase(), isSqlite: false), through);

    /// <summary>Every row that is there, read past the ledger.</summary>
    public Task<IReadOnlyList<string>> AllRows() =>
        IsSqlite ? Testing.AllRows.OfFile(_where) : Testing.AllRows.OfPostgres(_where);

    /// <summary>Ends what <see cref="Ledger"/> has open; it is opened again when it is asked for.</summary>
    public async Task Close()
    {
        if (_services is { } open)
        {
            _services = null;
            await open.DisposeAsync();
        }
    }

    public LedgerDatabase OpenDatabase() => IsSqlite ? LedgerDatabase.Sqlite(_where) : LedgerDatabase.Postgres(_where);

    public IServiceCollection AddTo(IServiceCollection services)
    {
        services.AddSingleton<ILedgerFaults>(Faults);
        return IsSqlite ? services.AddSqliteLedger(_where) : services.AddPostgresLedger(_where);
    }

    public async ValueTask DisposeAsync()
    {
        await Close();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string FileIn(string folder) => Path.Combine(folder, "nova.db");

    private static TestLedger InFile()
    {
        string folder = Directory.CreateTempSubdirectory("nova-ledger-").FullName;
        return new TestLedger(FileIn(folder), isSqlite: true, folder);
    }

    private static async Task<byte[]> MakeFile()
    {
        // When the last connection closes, all of it is in the one file.
        await using TestLedger made = await Migrated(InFile(), int.MaxValue);
        return await File.ReadAllBytesAsync(made._where);
    }

    private static async Task<string> MakeDatabase()
    {
        string connection = await (await PostgresCluster.Instance).CreateDatabase();
        await Migrated(new TestLedger(connection, isSqlite: false), int.MaxValue);
        return new NpgsqlConnectionStringBuilder(connection).Database!;
    }

    private static async Task<TestLedger> Migrated(TestLedger ledger, int through)
    {
        await using LedgerDatabase database = ledger.OpenDatabase();
        await (through == 0 ? Task.CompletedTask : LedgerMigrations.Apply(database, through));
        return ledger;
    }

    private ServiceProvider Build() => ((ServiceCollection)AddTo(new ServiceCollection())).BuildServiceProvider();
}

/// <summary>Makes the next commits fail: before they are made, or by losing their acknowledgement.</summary>
public sealed class LedgerFaultSwitch : ILedgerFaults
{
    private int _refusals;
    private int _losses;

    public void RefuseNext(int commits = 1) => Volatile.Write(ref _refusals, commits);

    public void LoseNext(int acknowledgements = 1) => Volatile.Write(ref _losses, acknowledgements);

    /// <summary>Called before each commit with the number of its operations; null does nothing.</summary>
    public Func<int, Task>? Before { get; set; }

    /// <summary>Whether the commit at which the work now running is cut off was reached.</summary>
    public bool WasCutOff { get; private set; }

    /// <summary>
    /// Does something whose <paramref name="commit"/>th commit, and every later one, is refused by the database; then lets it work
    /// again. False where it needed fewer commits. What came of it is for the rows to say.
    /// </summary>
    public async Task<bool> CutOff(int commit, Func<Task> work, bool acknowledgementLost = false)
    {
        int made = 0;
        WasCutOff = false;
        Before = _ =>
        {
            int now = Interlocked.Increment(ref made);
            WasCutOff |= now >= commit;
            if (now == commit && acknowledgementLost)
            {
                LoseNext();
                return Task.CompletedTask;
            }

            return now >= commit
                ? throw new Outcomes.OperatingFaultException("the test cuts it off", mayRetry: true) : Task.CompletedTask;
        };
        try
        {
            await work();
        }
        catch (Outcomes.OperatingFaultException)
        {
            // As its caller would see it: the outcome is unknown.
        }
        finally
        {
            Before = null;
        }

        return WasCutOff;
    }

    public async ValueTask BeforeCommit(int operations)
    {
        await (Before?.Invoke(operations) ?? Task.CompletedTask);
        ThrowIfAny(ref _refusals, "the test refuses this commit");
    }

    public ValueTask AfterCommit(int operations)
    {
        ThrowIfAny(ref _losses, "the test loses this acknowledgement");
        return ValueTask.CompletedTask;
    }

    private static void ThrowIfAny(ref int left, string why)
    {
        if (Interlocked.Decrement(ref left) >= 0)
        {
            throw new Outcomes.OperatingFaultException(why, mayRetry: true);
        }

        Interlocked.Exchange(ref left, 0);
    }
}
