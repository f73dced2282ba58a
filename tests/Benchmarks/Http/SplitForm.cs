using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NovaOrleans.Benchmarks.Measures;
using NovaOrleans.Testing;

namespace NovaOrleans.Benchmarks.Http;

/// <summary>
/// Facade and silo as two processes over the same PostgreSQL: between them the cluster's certificates, in front https.
/// </summary>
internal sealed class SplitForm : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nova-split-").FullName;
    private readonly TestCertificate _front = new("bench");
    private readonly string _database;
    private readonly int[] _ports = FreePorts.Some(3);
    private NovaProcess? _silo;
    private NovaProcess? _facade;
    private BenchApi? _api;

    private SplitForm(string database) => _database = database;

    private Uri Address => new($"https://127.0.0.1:{_ports[0]}");

    private string TokenFile => Path.Combine(_folder, "admin-token");

    /// <summary>Up, with its project, tokens and network.</summary>
    public static async Task<(SplitForm Processes, HttpForm Form)> Start(PostgresCluster cluster, WalCounter wal)
    {
        SplitForm split = new(await cluster.CreateDatabaseOverSocket());
        try
        {
            await split.BringUp();
            Meter meter = new([split._silo!.Id, split._facade!.Id], cluster, wal);
            return (split, new HttpForm(
                "http split with TLS", meter, await HttpForm.Loading(split._api!, split._folder, all: false, limited: false)));
        }
        catch
        {
            await split.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _api?.Dispose();
        foreach (NovaProcess process in new[] { _facade, _silo }.OfType<NovaProcess>())
        {
            await process.DisposeAsync();
        }

        _front.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task BringUp()
    {
        foreach (string whose in new[] { "ca", "silo", "api" })
        {
            await Done("Manage", "certificate", whose, "--folder", _folder);
        }

        await File.WriteAllTextAsync(TokenFile, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        string[] shared = ["--database", _database, .. NovaServer.Services];
        await Done("Silo", "db", "sync", "--data", _folder, "--database", _database);
        _silo = NovaProcess.Start(
            "Silo",
            ["run", "--role", "silo", "--data", _folder, "--silo_port", $"{_ports[1]}", "--gateway_port", $"{_ports[2]}",
                .. Certificate("silo"), .. shared]);
        _facade = NovaProcess.Start(
            "Api",
            ["--urls", $"{Address}".TrimEnd('/'), "--tls_certificate", _front.Certificate, "--tls_key", _front.Key,
                "--admin_token_file", TokenFile, .. Certificate("api"), .. shared]);
        _api = new BenchApi(
            Address, await File.ReadAllTextAsync(TokenFile), X509CertificateLoader.LoadCertificateFromFile(_front.Certificate));
        await Poll.Until(Answers, "silo and facade are up", TimeSpan.FromMinutes(1));
    }

    private string[] Certificate(string role) =>
    [
        "--cluster_certificate", Path.Combine(_folder, $"{role}.pem"), "--cluster_key", Path.Combine(_folder, $"{role}.key"),
        "--cluster_ca", Path.Combine(_folder, "ca.pem"),
    ];

    private static async Task Done(string project, params string[] arguments)
    {
        await using NovaProcess process = NovaProcess.Start(project, arguments);
        (int exit, string output, string errors) = await process.Ended(TimeSpan.FromMinutes(1));
        if (exit != 0)
        {
            throw new InvalidOperationException($"{project} {string.Join(' ', arguments)} ended with {exit}:\n{output}\n{errors}");
        }
    }

    private async Task<bool> Answers()
    {
        if (new[] { _silo, _facade }.FirstOrDefault(p => p!.HasEnded) is { } ended)
        {
            (int exit, string output, string errors) = await ended.Ended(TimeSpan.FromSeconds(5));
            throw new InvalidOperationException($"a process ended with {exit}:\n{output}\n{errors}");
        }

        try
        {
            using HttpResponseMessage answer = await _api!.Ask(HttpMethod.Get, "/v1.1/projects", null);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
