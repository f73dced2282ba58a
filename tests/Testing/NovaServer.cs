using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace NovaOrleans.Testing;

/// <summary>
/// A server as a process, with its data in a folder that outlives the process; and its API. It is embedded, unless it is given
/// a PostgreSQL database.
/// </summary>
public sealed class NovaServer(string? database = null) : IAsyncDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("nova-system-");
    private readonly int _apiPort = FreePorts.One();
    private readonly int _siloPort = FreePorts.One();
    private HttpClient? _http;
    private NovaProcess? _process;
    private string _last = "nothing";

    public int GatewayPort { get; } = FreePorts.One();

    /// <summary>Its process, since the last start.</summary>
    public int Id => _process!.Id;

    public Uri Address => new($"http://127.0.0.1:{_apiPort}");

    public string Token { get; private set; } = "";

    /// <summary>Goes with the server; files of the test may stand there.</summary>
    public string Folder => _data.FullName;

    public static string[] Services { get; } =
    [
        "--network_service_conf", Path.Combine(NovaProcess.Artifacts, "network-services", "nova-network.conf"),
        "--network_service_path", Path.Combine(NovaProcess.Artifacts, "network-services"),
    ];

    /// <summary>
    /// Starts it, on the same folder as before if it ran before, and waits until it answers. What is given comes after the usual
    /// options, and so instead of them.
    /// </summary>
    public async Task Start(params string[] options)
    {
        string[] where = database is null ? ["--data", _data.FullName] : ["--data", _data.FullName, "--database", database];
        if (database is not null && _process is null)
        {
            await using NovaProcess sync = NovaProcess.Start("Silo", ["db", "sync", .. where]);
            await sync.Ended(TimeSpan.FromMinutes(1));
        }

        _process = NovaProcess.Start(
            "Silo",
            ["run", .. where, "--urls", $"{Address}", "--silo_port", $"{_siloPort}",
                "--gateway_port", $"{GatewayPort}", "--agent", "none", .. Services, .. options]);
        string token = Path.Combine(_data.FullName, "admin-token");
        await UntilUp(() => Task.FromResult(File.Exists(token)));
        _http?.Dispose();
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 })
        {
            BaseAddress = Address,
            Timeout = TimeSpan.FromSeconds(60),
        };
        Token = (await File.ReadAllTextAsync(token)).Trim();
        _http.DefaultRequestHeaders.Add("X-Auth-Token", Token);
        _http.DefaultRequestHeaders.Add("X-Project-Id", "demo");
        await UntilUp(Answers);
        await Post("/v1.1/projects", """{"project":{"id":"demo"}}""");
    }

    public Task Kill() => _process!.Kill();

    /// <summary>What it said, once it has ended.</summary>
    public Task<(int Exit, string Output, string Errors)> Ended() => _process!.Ended(TimeSpan.FromSeconds(10));

    public Task<Answer> Get(string path) => Send(HttpMethod.Get, path, null);

    public Task<Answer> Post(string path, string body, string? key = null) => Send(HttpMethod.Post, path, body, key);

    public Task<Answer> Put(string path, string body) => Send(HttpMethod.Put, path, body);

    /// <summary>For the project "demo", unless another one is named.</summary>
    public async Task<Answer> Send(HttpMethod method, string path, string? body, string? key = null, string? project = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        if (project is not null)
        {
            request.Headers.Add("X-Project-Id", project);
        }

        using HttpResponseMessage answer = await _http!.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        return new Answer(answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _http?.Dispose();
        _data.Delete(recursive: true);
    }

    /// <summary>A server that ended before it was up says why in what it printed.</summary>
    private async Task UntilUp(Func<Task<bool>> up)
    {
        try
        {
            await Poll.Until(async () => _process!.HasEnded || await up(), "the server is up", TimeSpan.FromMinutes(1));
        }
        catch (TimeoutException late)
        {
            // A fixture that does not come up is not disposed of: the process would outlive the test.
            await Kill();
            (_, string output, string errors) = await _process!.Ended(TimeSpan.FromSeconds(5));
            throw new TimeoutException($"{late.Message}; last it answered {_last}, and it said:\n{output}\n{errors}", late);
        }

        if (_process!.HasEnded)
        {
            (int exit, string output, string errors) = await _process.Ended(TimeSpan.FromSeconds(5));
            throw new InvalidOperationException($"the server ended with status {exit}:\n{output}\n{errors}");
        }
    }

    private async Task<bool> Answers()
    {
        try
        {
            HttpStatusCode status = (await Get("/v1.1/projects")).Status;
            _last = $"{(int)status}";
            return status == HttpStatusCode.OK;
        }
        catch (HttpRequestException failed)
        {
            _last = failed.Message;
            return false;
        }
    }

    public sealed record Answer(HttpStatusCode Status, JsonNode? Body);
}
