using NovaOrleans.Ledger;
using NovaOrleans.Outcomes;
using NovaOrleans.Testing;
using Npgsql;
using Xunit.Abstractions;

namespace NovaOrleans.Membership;

/// <summary>The schema comes by one explicit verb, however often and however many at once; without it no silo starts.</summary>
public class SchemaTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Many_at_once_make_one_schema_and_a_second_time_does_nothing()
    {
        string connection = await (await PostgresCluster.Instance).CreateDatabase();
        IReadOnlyList<int>[] applied = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Apply(connection)));
        Assert.Single(applied, numbers => numbers.Contains(10));
        Assert.Equal(5, applied.Count(numbers => numbers.Count == 0));
        Assert.Empty(await Apply(connection));
        Assert.Empty(await Missing(connection));
    }

    [Fact]
    public async Task What_a_database_lacks_is_told_by_name_and_asking_changes_nothing()
    {
        string connection = await (await PostgresCluster.Instance).CreateDatabase();
        IReadOnlyList<string> all = await Missing(connection);
        Assert.Contains("0001_ledger.sql", all);
        Assert.Contains("0010_orleans.postgres.sql", all);
        Assert.Equal(all, await Missing(connection));

        await Apply(connection);
        await Execute(connection, "delete from schema_migrations where number = 10");
        Assert.Equal(["0010_orleans.postgres.sql"], await Missing(connection));
        await Execute(connection, "update schema_migrations set checksum = 'another' where number = 1");
        await Assert.ThrowsAsync<OperatingFaultException>(() => Missing(connection));
    }

    [Fact]
    public async Task A_file_gets_no_tables_of_a_cluster()
    {
        string folder = Directory.CreateTempSubdirectory("nova-ledger-").FullName;
        await using (LedgerDatabase file = LedgerDatabase.Sqlite(Path.Combine(folder, "nova.db")))
        {
            Assert.DoesNotContain("0010_orleans.postgres.sql", await LedgerMigrations.Missing(file));
            Assert.DoesNotContain(10, await LedgerMigrations.Apply(file));
            Assert.Empty(await LedgerMigrations.Missing(file));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_silo_without_its_schema_refuses_in_one_sentence_until_db_sync_was_run()
    {
        string connection = await (await PostgresCluster.Instance).CreateDatabase();
        (int exit, string said) = await SiloProcess.Run(connection, "run", "--role", "silo");
        Assert.Equal(1, exit);
        Assert.Contains("'db sync'", Assert.Single(Lines(said)), StringComparison.Ordinal);

        (int Exit, string Output)[] synced = await Task.WhenAll(
            SiloProcess.Run(connection, "db", "sync"), SiloProcess.Run(connection, "db", "sync"));
        Assert.All(synced, s => Assert.Equal((0, "The schema of the PostgreSQL database is up to date."), (s.Exit, s.Output.Trim())));
        await using SiloProcess silo = await SiloProcess.Start(connection, Member.FreeEndpoints(), output);
    }

    [Fact]
    public async Task A_password_on_the_command_line_is_refused()
    {
        (int exit, string said) =
            await SiloProcess.Run("Host=127.0.0.1", "db", "sync", "--database", "Host=127.0.0.1;Password=x1y2");
        Assert.Equal(2, exit);
        Assert.Contains("NOVA_DATABASE", said, StringComparison.Ordinal);
        Assert.DoesNotContain("x1y2", said, StringComparison.Ordinal);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static async Task<IReadOnlyList<int>> Apply(string connection)
    {
        await using LedgerDatabase database = LedgerDatabase.Postgres(connection);
        return await LedgerMigrations.Apply(database);
    }

    private static async Task<IReadOnlyList<string>> Missing(string connection)
    {
        await using LedgerDatabase database = LedgerDatabase.Postgres(connection);
        return await LedgerMigrations.Missing(database);
    }

    private static async Task Execute(string connection, string sql)
    {
        await using NpgsqlConnection open = new(connection);
        await open.OpenAsync();
        await using NpgsqlCommand command = new(sql, open);
        await command.ExecuteNonQueryAsync();
    }
}
