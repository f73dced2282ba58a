using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NovaOrleans.Testing.Keystone;

/// <summary>
/// A real Keystone (Debian's python3-keystone) on a loopback port of the system's choice, with a folder of its own. It ends with this
/// process however that ends, for it reads from a pipe that only this process holds.
/// </summary>
public sealed class KeystoneServer : IAsyncDisposable
{
    private const string Python = "/usr/bin/python3";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly Task<string> _errors;

    private KeystoneServer(Process process, Uri address, string password)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
        (Address, Password) = (address, password);
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(1) };
        _http.DefaultRequestHeaders.ConnectionClose = true;
    }

    /// <summary>With its version: <c>http://127.0.0.1:…/v3/</c>.</summary>
    public Uri Address { get; }

    /// <summary>Of <c>admin</c>, who is the admin of project <c>service</c>, and of every user that is made here.</summary>
    public string Password { get; }

    public static async Task<KeystoneServer> Start()
    {
        if (!File.Exists("/usr/bin/keystone-manage"))
        {
            throw new InvalidOperationException("Keystone is not installed: install the Debian package python3-keystone.");
        }

        string folder = Directory.CreateTempSubdirectory("nova-keystone-").FullName;
        string port = FreePorts.One().ToString(CultureInfo.InvariantCulture);
        string password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        string script = Path.Combine(AppContext.BaseDirectory, "Keystone", "serve_keystone.py");
        var start = new ProcessStartInfo(Python, [script, folder, port])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KEYSTONE_PASSWORD"] = password;
        var server = new KeystoneServer(Process.Start(start)!, new Uri($"http://127.0.0.1:{port}/v3/"), password);
        await server.Heard("ready");
        return server;
    }

    /// <summary>Tokens that are made from now on live so long.</summary>
    public async Task SetTokenLife(TimeSpan life)
    {
        await _process.StandardInput.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"expiration {life.TotalSeconds:0}"));
        await _process.StandardInput.FlushAsync();
        await Heard("done");
    }

    /// <summary>A token of a user for a project.</summary>
    public async Task<string> LogIn(string user, string project)
    {
        var domain = new { name = "Default" };
        using HttpContent body = Json(new
        {
            auth = new
            {
                identity = new { methods = new[] { "password" }, password = new { user = new { name = user, domain, password = Password } } },
                scope = new { project = new { name = project, domain } },
            },
        });
        using HttpResponseMessage answer = await _http.PostAsync("auth/tokens", body);
        Expect(answer, HttpStatusCode.Created);
        return answer.Headers.GetValues("X-Subject-Token").Single();
    }

    /// <summary>Makes a project and gives its id.</summary>
    public async Task<string> MakeProject(string token, string name) => (string)(await Send(
        HttpMethod.Post, "projects", token, new { project = new { name, domain_id = "default" } }))!["project"]!["id"]!;

    /// <summary>Makes a user who has one role in one project.</summary>
    public async Task MakeUser(string token, string name, string project, string role)
    {
        string user = await MakeUser(token, name);
        JsonNode roles = (await Send(HttpMethod.Get, $"roles?name={role}", token))!;
        await Send(HttpMethod.Put, $"projects/{project}/users/{user}/roles/{(string)roles["roles"]![0]!["id"]!}", token);
    }

    private async Task<string> MakeUser(string token, string name)
    {
        try
        {
            return (string)(await Send(
                HttpMethod.Post, "users", token, new { user = new { name, domain_id = "default", password = Password } }))!["user"]!["id"]!;
        }
        catch (HttpRequestException e) when (e.InnerException is HttpIOException)
        {
            // Unanswered: made or not.
            JsonArray there = (await Send(HttpMethod.Get, $"users?name={name}", token))!["users"]!.AsArray();
            return there.Count > 0 ? (string)there[0]!["id"]! : await MakeUser(token, name);
        }
    }

    public Task MakeRole(string token, string name) => Send(HttpMethod.Post, "roles", token, new { role = new { name } });

    public async Task Revoke(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "auth/tokens");
        request.Headers.Add("X-Auth-Token", token);
        request.Headers.Add("X-Subject-Token", token);
        using HttpResponseMessage answer = await _http.SendAsync(request);
        Expect(answer, HttpStatusCode.NoContent);
    }

    /// <summary>Ends it: it answers nobody any more.</summary>
    public async Task Stop()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            using var patience = new CancellationTokenSource(Limit);
            await _process.WaitForExitAsync(patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _process.Dispose();
        _http.Dispose();
    }

    /// <summary>Keystone's own server now and then closes a connection unanswered; asked again it says the same.</summary>
    private async Task<JsonNode?> Send(HttpMethod method, string path, string token, object? body = null)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return await SendOnce(method, path, token, body);
            }
            catch (HttpRequestException e) when (e.InnerException is HttpIOException && method != HttpMethod.Post && tries < 3)
            {
                // What is got or put may be asked for twice.
            }
        }
    }

    private async Task<JsonNode?> SendOnce(HttpMethod method, string path, string token, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : Json(body) };
        request.Headers.Add("X-Auth-Token", token);
        using HttpResponseMessage answer = await _http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? text.Length == 0 ? null : JsonNode.Parse(text)
            : throw new InvalidOperationException($"Keystone answered {(int)answer.StatusCode} to {method} {path}: {text}");
    }

    /// <summary>With its length, for Keystone's server knows no chunked bodies.</summary>
    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

    private static void Expect(HttpResponseMessage answer, HttpStatusCode status)
    {
        if (answer.StatusCode != status)
        {
            throw new InvalidOperationException($"Keystone answered {(int)answer.StatusCode} instead of {(int)status}.");
        }
    }

    /// <summary>Reads on until it says the word; its libraries have words of their own.</summary>
    private async Task Heard(string word)
    {
        using var patience = new CancellationTokenSource(Limit);
        string? line;
        do
        {
            line = await _process.StandardOutput.ReadLineAsync(patience.Token);
        }
        while (line is not null && line != word);
        if (line is null)
        {
            throw new InvalidOperationException($"Keystone ended: {await _errors}");
        }
    }
}
