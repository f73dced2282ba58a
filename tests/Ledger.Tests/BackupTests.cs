using System.Runtime.Versioning;
using NovaOrleans.Outcomes;
using NovaOrleans.Testing;

namespace NovaOrleans.Ledger;

/// <summary>One file that holds a ledger, and the way back; on both databases.</summary>
public abstract class BackupTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("nova-backup-");
    private readonly List<TestLedger> _others = [];
    private TestLedger _test = null!;

    private string BackupPath => Path.Combine(_folder.FullName, "nova.backup");

    protected abstract Task<TestLedger> Open(int through = int.MaxValue);

    public async Task InitializeAsync() => _test = await Open();

    public async Task DisposeAsync()
    {
        foreach (TestLedger ledger in _others.Append(_test))
        {
            await ledger.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_backed_up_is_restored_to_the_last_row_and_numbers_go_on_where_they_were()
    {
        await MakeRows(_test);
        await Commit(_test, s => s.Execute("delete from history where id = (select max(id) from history)"));
        BackupSummary written = await Backup(_test);
        TestLedger other = await Other(0);
        BackupSummary read = await Restore(other);

        Assert.Equal(await _test.AllRows(), await other.AllRows());
        Assert.Equal((written.Rows, written.Tables), (read.Rows, read.Tables));
        Assert.Equal(await NextNumber(_test), await NextNumber(other));
    }

    [Fact]
    public async Task A_backup_is_of_one_moment_although_everybody_writes()
    {
        using CancellationTokenSource enough = new();
        Task writer = Task.Run(async () =>
        {
            for (int i = 0; !enough.IsCancellationRequested; i++)
            {
                // Both rows or none of them, in one commit.
                await Commit(_test, async s =>
                {
                    await s.Execute("insert into history (actor, what, why) values ('ann', 'pair', @why)", ("why", $"{i}"));
                    await s.Execute("insert into quotas (project_id, resource) values (@p, 'pair')", ("p", $"p{i}"));
                });
            }
        });
        await Poll.Until(async () => await Count(_test, "history") > 20, "the writer is at work");
        await Backup(_test);
        long meanwhile = await Count(_test, "history");
        await Poll.Until(async () => await Count(_test, "history") > meanwhile, "the writer goes on after the backup");
        await enough.CancelAsync();
        await writer;

        TestLedger other = await Other();
        await Restore(other);
        Assert.InRange(await Count(other, "history"), 20, meanwhile);
        Assert.Equal(await Count(other, "history"), await Count(other, "quotas"));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_file_is_its_owners_alone_and_one_that_is_there_is_never_written_over()
    {
        await Backup(_test);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(BackupPath));
        byte[] before = await File.ReadAllBytesAsync(BackupPath);
        OperatingFaultException refused = await Assert.ThrowsAsync<OperatingFaultException>(() => Backup(_test));
        Assert.Equal($"{BackupPath} is there already; give a name that is free.", refused.Message);
        Assert.Equal(before, await File.ReadAllBytesAsync(BackupPath));
        Assert.Equal([BackupPath], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public async Task A_file_that_was_changed_or_cut_short_is_refused_before_anything_is_touched()
    {
        await MakeRows(_test);
        await Backup(_test);
        byte[] whole = await File.ReadAllBytesAsync(BackupPath);
        IReadOnlyList<string> before = await _test.AllRows();
        await _test.Close();
        string name = await Name(_test);
        byte[][] spoilt = [whole[..^1], [.. whole[..^9], (byte)(whole[^9] ^ 1), .. whole[^8..]], [.. whole, 0], whole[..40], []];
        foreach (byte[] bytes in spoilt)
        {
            await File.WriteAllBytesAsync(BackupPath, bytes);
            await Assert.ThrowsAsync<OperatingFaultException>(() => Restore(_test, name));
        }

        Assert.Equal(before, await _test.AllRows());
    }

    [Fact]
    public async Task What_holds_rows_is_restored_into_only_when_it_is_wiped_by_its_name()
    {
        await Backup(_test);
        await MakeRows(_test);
        IReadOnlyList<string> before = await _test.AllRows();
        await _test.Close();
        string name = await Name(_test);
        OperatingFaultException full = await Assert.ThrowsAsync<OperatingFaultException>(() => Restore(_test));
        Assert.Contains($"{name} is not empty", full.Message, StringComparison.Ordinal);
        Assert.Contains($"--wipe {name}", full.Message, StringComparison.Ordinal);
        OperatingFaultException other = await Assert.ThrowsAsync<OperatingFaultException>(() => Restore(_test, "another"));
        Assert.Contains("nothing was changed", other.Message, StringComparison.Ordinal);
        Assert.Equal(before, await _test.AllRows());

        await Restore(_test, name);
        Assert.Equal(0, await Count(_test, "history"));
    }

    [Fact]
    public async Task A_backup_of_a_newer_schema_and_one_of_the_other_database_are_refused_by_name()
    {
        await Commit(_test, s => s.Execute(
            "insert into schema_migrations (number, name, checksum) values (9001, '9001_later.sql', 'x')"));
        await Backup(_test);
        OperatingFaultException newer = await Assert.ThrowsAsync<OperatingFaultException>(async () => await Restore(await Other()));
        Assert.Contains("9001_later.sql", newer.Message, StringComparison.Ordinal);

        TestLedger unlike = _test.IsSqlite ? await TestLedger.Postgres() : await TestLedger.Sqlite();
        _others.Add(unlike);
        OperatingFaultException wrong = await Assert.ThrowsAsync<OperatingFaultException>(() => Restore(unlike));
        Assert.Contains(_test.IsSqlite ? "is of a sqlite database" : "is of a postgres database", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_of_the_version_before_is_restored_and_brought_up_to_date()
    {
        TestLedger old = await Other(MigrationTests.VersionBefore);
        await MakeRows(old);
        BackupSummary written = await Backup(old);
        Assert.Equal(MigrationTests.VersionBefore, written.Header.Schema);
        TestLedger now = await Other();
        await Restore(now);
        await using LedgerDatabase database = now.OpenDatabase();
        Assert.Empty(await LedgerMigrations.Missing(database));
        Assert.Equal(await Count(old, "history"), await Count(now, "history"));

        await using LedgerDatabase before = old.OpenDatabase();
        Assert.NotEmpty(await LedgerMigrations.Apply(before));
        Assert.Equal(await old.AllRows(), await now.AllRows());
    }

    private async Task<TestLedger> Other(int through = int.MaxValue)
    {
        TestLedger other = await Open(through);
        _others.Add(other);
        return other;
    }

    private async Task<BackupSummary> Backup(TestLedger ledger)
    {
        await using LedgerDatabase database = ledger.OpenDatabase();
        return await LedgerBackup.Write(database, BackupPath, _ => { });
    }

    private async Task<BackupSummary> Restore(TestLedger ledger, string? wipe = null)
    {
        await using LedgerDatabase database = ledger.OpenDatabase();
        return await LedgerRestore.Read(database, BackupPath, wipe, _ => { });
    }

    private static async Task<string> Name(TestLedger ledger)
    {
        await using LedgerDatabase database = ledger.OpenDatabase();
        return database.Name;
    }

    /// <summary>Rows with all that a text could spoil, in tables that refer to each other.</summary>
    private static async Task MakeRows(TestLedger test)
    {
        await new TestNetwork("10.1.0.0/24") { CidrV6 = "fd00:1::/64" }.Make(test.Ledger);
        await new TestNetwork("10.2.0.0/24").Make(test.Ledger);
        string[] texts =
            ["", " ", "\\", "\\N", "\\.", "tab\there", "two\nlines", "\r\n", "é ∀ 𝄞 \u0001", "it's \"so\"", "end 3", "table x y 1", new('x', 9000)];
        await Commit(test, async s =>
        {
            foreach (string text in texts)
            {
                await s.Execute(
                    "insert into history (actor, what, why, generation, vnic_id) values ('ann', 'test', @why, @n, @v)",
                    ("why", text), ("n", long.MinValue + text.Length), ("v", text.Length % 2 == 0 ? Guid.NewGuid() : null));
            }

            await s.Execute("insert into settings (grain, version, payload) values ('a|b', 3, @p)", ("p", "{\"a\":\"\\\\\\n\"}"));
        });
    }

    private static async Task Commit(TestLedger test, Func<LedgerSession, Task> work) => await test.Ledger.Commit(async s =>
    {
        await work(s);
        return Outcome.Done;
    });

    private static Task<long> Count(TestLedger test, string table) =>
        test.Ledger.Read(s => s.QueryOne($"select count(*) as n from {table}", r => r.Long("n")));

    private static async Task<long> NextNumber(TestLedger test) => (await test.Ledger.Commit(async s => (Outcome<long>)await s.QueryOne(
        "insert into history (actor, what) values ('ann', 'next') returning id", r => r.Long("id")))).Value;
}

public sealed class SqliteBackupTests : BackupTests
{
    protected override Task<TestLedger> Open(int through = int.MaxValue) => TestLedger.Sqlite(through);
}

public sealed class PostgresBackupTests : BackupTests
{
    protected override Task<TestLedger> Open(int through = int.MaxValue) => TestLedger.Postgres(through);

    [Fact]
    public async Task A_database_that_a_silo_works_on_is_not_restored_into()
    {
        await using TestLedger used = await Open();
        await used.Ledger.Read(s => s.Query("select 1 as one", r => r.Long("one")));
        string file = Path.Combine(Path.GetTempPath(), $"nova-{Guid.NewGuid():N}.backup");
        await using LedgerDatabase database = used.OpenDatabase();
        await LedgerBackup.Write(database, file, _ => { });
        OperatingFaultException refused =
            await Assert.ThrowsAsync<OperatingFaultException>(() => LedgerRestore.Read(database, file, database.Name, _ => { }));
        Assert.Contains("in use: stop novaorleans at 127.0.0.1", refused.Message, StringComparison.Ordinal);
        File.Delete(file);
    }
}
