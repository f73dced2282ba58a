using System.Diagnostics;
using Npgsql;

namespace NovaOrleans.Testing;

/// <summary>
/// A private PostgreSQL 15 with default durability (fsync and synchronous_commit on): one a test process, in a folder
/// of its own, ended and removed with the process. Nothing else on the machine is touched.
/// </summary>
public sealed class PostgresCluster
{
    private const string Account = PostgresData.Account;
    private static readonly Lazy<Task<PostgresCluster>> Shared = new(Start);

    /// <summary>Kept, so that their pipes stay open as long as this process lives.</summary>
    private static readonly List<Process> Guards = [];

    private readonly string _folder;
    private readonly int _port;
    private int _databases;

    private PostgresCluster(string folder, int port) => (_folder, _port) = (folder, port);

    /// <summary>The process's cluster, started at the first call.</summary>
    public static Task<PostgresCluster> Instance => Shared.Value;

    /// <summary>The id of the server's first process, whose children are the others: for counting its work in benchmarks.</summary>
    public int ServerProcess => int.Parse(File.ReadLines(Path.Combine(_folder, "data", "postmaster.pid")).First());

    /// <summary>Where the server writes what it has to say.</summary>
    public string Log => Path.Combine(_folder, "log");

    /// <summary>How to reach a database of this cluster.</summary>
    public string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={_port};Username={Account};Database={database}";

    public IReadOnlyList<string> ClientArguments(string database) =>
        ["-h", "127.0.0.1", "-p", $"{_port}", "-U", Account, database];

    /// <summary>The same over its Unix socket, which is a little faster.</summary>
    public IReadOnlyList<string> SocketArguments(string database) =>
        ["-h", _folder, "-p", $"{_port}", "-U", Account, database];

    /// <summary>Makes a database, empty unless it is a copy of another one that nobody is connected to; its connection string.</summary>
    public async Task<string> CreateDatabase(string template = "template1")
    {
        string name = $"t{Interlocked.Increment(ref _databases)}";
        await using NpgsqlConnection connection = new(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand create = new($"create database {name} template {template}", connection);
        await create.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>Makes a database that is reached over the server's Unix socket: as the hand-written transaction is in benchmarks.</summary>
    public async Task<string> CreateDatabaseOverSocket() =>
        new NpgsqlConnectionStringBuilder(await CreateDatabase()) { Host = _folder }.ConnectionString;

    /// <summary>Runs a program of PostgreSQL's own (pgbench, psql) to its end and gives what it printed.</summary>
    public static Task<string> Run(string program, params string[] arguments) =>
        Execute(Path.Combine(PostgresData.Binaries, program), arguments, asServer: false);

    private static async Task<PostgresCluster> Start()
    {
        string folder = Directory.CreateTempSubdirectory("nova-pg-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            await Execute("/bin/chown", [Account, folder], asServer: false);
        }

        string data = Path.Combine(folder, "data");
        await PostgresData.Make(data);
        int port = FreePorts.One();
        StopWithThisProcess(folder);
        await Execute(
            Path.Combine(PostgresData.Binaries, "pg_ctl"),
            ["-D", data, "-w", "-t", "60", "-l", Path.Combine(folder, "log"), "-o",
                $"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder} "
                + "-c max_connections=200 -c shared_buffers=512MB -c max_wal_size=4GB", "start"],
            asServer: true);
        return new PostgresCluster(folder, port);
    }

    /// <summary>
    /// A shell waits on a pipe that only this process holds. However this process ends, also by a kill, the pipe
    /// closes, and the shell stops the server and removes the folder.
    /// </summary>
    private static void StopWithThisProcess(string folder)
    {
        string account = Environment.IsPrivilegedProcess ? $"runuser -u {Account} -- " : "";
        string stop =
            $"cat >/dev/null; {account}{PostgresData.Binaries}/pg_ctl -D \"$1/data\" -m immediate -t 10 stop >/dev/null 2>&1; "
            + "rm -rf \"$1\"";
        ProcessStartInfo start = new("/usr/bin/setsid") { RedirectStandardInput = true, WorkingDirectory = "/" };
        foreach (string argument in (string[])["-f", "/bin/sh", "-c", stop, "sh", folder])
        {
            start.ArgumentList.Add(argument);
        }

        Guards.Add(Process.Start(start)!);
    }

    private static async Task<string> Execute(string program, IReadOnlyList<string> arguments, bool asServer)
    {
        ProcessStartInfo start = Command(program, arguments, asServer);
        using Process process = Process.Start(start)!;
        // pg_ctl's server inherits these pipes; it writes to its log, so the pipes are closed once pg_ctl has ended.
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed ({process.ExitCode}): {await errors}{await output}");
        }

        return program.EndsWith("pg_ctl", StringComparison.Ordinal) ? "" : await output;
    }

    private static ProcessStartInfo Command(string program, IReadOnlyList<string> arguments, bool asServer)
    {
        // The server refuses to run as root.
        bool switchAccount = asServer && Environment.IsPrivilegedProcess;
        ProcessStartInfo start = new(switchAccount ? "/usr/sbin/runuser" : program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (string argument in switchAccount ? ["-u", Account, "--", program, .. arguments] : arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }
}
