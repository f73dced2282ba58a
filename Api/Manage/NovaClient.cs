using System.Globalization;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace NovaOrleans.Manage;

/// <summary>Speaks HTTP and JSON with the API. Every create carries an Idempotency-Key, so that a repeat makes nothing twice.</summary>
internal sealed class NovaClient : IDisposable
{
    public const string Version = "v1.1";

    private readonly HttpClient _http;
    private readonly CancellationToken _stop;

    public NovaClient(Uri address, string? token, string? project, string? authorities, CancellationToken stop)
    {
        _stop = stop;
        _http = new HttpClient(Handler(authorities)) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        _http.DefaultRequestHeaders.Accept.ParseAdd("application/json");
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Add("X-Auth-Token", token);
        }

        if (project is not null)
        {
            _http.DefaultRequestHeaders.Add("X-Project-Id", project);
        }
    }

    public Task<JsonNode> Get(string path) => Send(HttpMethod.Get, path, null);

    public Task<JsonNode> Post(string path, JsonNode body) => Send(HttpMethod.Post, path, body);

    public Task<JsonNode> Put(string path, JsonNode body) => Send(HttpMethod.Put, path, body);

    public Task<JsonNode> Delete(string path) => Send(HttpMethod.Delete, path, null);

    /// <summary>A list in full, page after page: the API gives at most 1,000 rows at once.</summary>
    public async Task<JsonArray> List(string path, string key)
    {
        const int limit = 1000;
        var all = new JsonArray();
        string? marker = null;
        while (true)
        {
            string separator = path.Contains('?', StringComparison.Ordinal) ? "&" : "?";
            string page = string.Create(CultureInfo.InvariantCulture, $"{path}{separator}limit={limit}");
            JsonNode answer = await Get(marker is null ? page : $"{page}&marker={marker}");
            JsonArray rows = answer[key] as JsonArray ?? [];
            foreach (JsonNode? row in rows)
            {
                all.Add(row?.DeepClone());
            }

            marker = rows.Count == limit ? (rows[^1]?["uuid"] ?? rows[^1]?["id"])?.ToString() : null;
            if (marker is null)
            {
                return all;
            }
        }
    }

    /// <summary>A file as it is, and what the API says is not in it.</summary>
    public Task<(byte[] Bytes, IReadOnlyList<string> Warnings)> Download(string path) => Send(
        HttpMethod.Get, path, null, async answer => (
            await answer.Content.ReadAsByteArrayAsync(_stop),
            (IReadOnlyList<string>)[.. answer.Headers.TryGetValues("X-Nova-Warning", out IEnumerable<string>? told) ? told : []]));

    public void Dispose() => _http.Dispose();

    /// <summary>With authorities of its own it trusts those and no others.</summary>
    private static SocketsHttpHandler Handler(string? authorities)
    {
        var handler = new SocketsHttpHandler();
        if (authorities is null)
        {
            return handler;
        }

        var trust = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        try
        {
            trust.CustomTrustStore.ImportFromPemFile(authorities);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ApiFault($"--ca {authorities} cannot be read: {e.Message}", ApiFault.NotUnderstood);
        }

        handler.SslOptions.CertificateChainPolicy = trust;
        return handler;
    }

    private Task<JsonNode> Send(HttpMethod method, string path, JsonNode? body) => Send(method, path, body, async answer =>
    {
        string text = await answer.Content.ReadAsStringAsync(_stop);
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    });

    private async Task<T> Send<T>(HttpMethod method, string path, JsonNode? body, Func<HttpResponseMessage, Task<T>> read)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        if (method == HttpMethod.Post)
        {
            request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        }

        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, _stop);
            return answer.IsSuccessStatusCode
                ? await read(answer)
                : throw ApiFault.Read((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(_stop));
        }
        catch (HttpRequestException fault)
        {
            string why = fault.InnerException is AuthenticationException tls ? $"{fault.Message} {tls.Message}" : fault.Message;
            throw new ApiFault($"no answer from {_http.BaseAddress}: {why}. Is it running (./nova run)?", ApiFault.NoAnswer);
        }
        catch (TaskCanceledException) when (!_stop.IsCancellationRequested)
        {
            throw new ApiFault($"{_http.BaseAddress} did not answer within {_http.Timeout.TotalSeconds:0} s", ApiFault.NoAnswer);
        }
    }
}
