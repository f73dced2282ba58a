using System.Diagnostics;
using NovaOrleans.Ledger;
using Npgsql;

namespace NovaOrleans.Testing.Clusters;

/// <summary>
/// A PostgreSQL of the cluster's own with default durability, as a process that can be killed, frozen and restarted like the
/// others. Its folder is its owner's, since the server refuses to run as root.
/// </summary>
public static class ClusterDatabase
{
    private const string Account = PostgresData.Account;
    private const string Name = "nova";

    public static string ConnectionString(int port) =>
        $"Host=127.0.0.1;Port={port};Username={Account};Database={Name};Timeout=5";

    /// <summary>Makes the data folder unless it is there.</summary>
    public static async Task Initialize(string folder)
    {
        string data = Path.Combine(folder, "postgres");
        if (!Directory.Exists(data))
        {
            await PostgresData.Make(data);
        }
    }

    public static ClusterProcess Process(string folder, int port)
    {
        string data = Path.Combine(folder, "postgres");
        string[] words = PostgresData.AsAccount(
        [
            $"{PostgresData.Binaries}/postgres", "-D", data, "-c", "listen_addresses=127.0.0.1", "-c", $"port={port}", "-c",
            $"unix_socket_directories={data}", "-c", "shared_buffers=256MB", "-c", "max_wal_size=2GB",
        ]);
        return new ClusterProcess(folder, "postgres", new ProcessStartInfo(words[0], words[1..]), _ => Answers(port))
        {
            // "Fast": sessions are ended; SIGTERM would wait for the silos to hang up.
            StopSignal = Signals.Interrupt,
        };
    }

    /// <summary>Makes the cluster's database unless it is there.</summary>
    public static async Task Create(int port)
    {
        await using NpgsqlConnection connection = new(Maintenance(port));
        await connection.OpenAsync();
        await using NpgsqlCommand look = new($"select 1 from pg_database where datname = '{Name}'", connection);
        if (await look.ExecuteScalarAsync() is null)
        {
            await using NpgsqlCommand create = new($"create database {Name}", connection);
            await create.ExecuteNonQueryAsync();
        }
    }

    /// <summary>What <c>db sync</c> does, without a process for it.</summary>
    public static async Task Migrate(int port)
    {
        await using LedgerDatabase ledger = LedgerDatabase.Postgres(ConnectionString(port));
        await LedgerMigrations.Apply(ledger);
    }

    private static async Task<bool> Answers(int port)
    {
        try
        {
            await using NpgsqlConnection connection = new(Maintenance(port));
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static string Maintenance(int port) =>
        $"Host=127.0.0.1;Port={port};Username={Account};Database=postgres;Pooling=false;Timeout=5";
}
