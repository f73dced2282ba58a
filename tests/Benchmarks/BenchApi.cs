using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace NovaOrleans.Benchmarks;

/// <summary>
/// An admin of a server who prepares what is measured: projects, members' tokens, networks, cards. Whatever is refused ends the run.
/// </summary>
internal sealed class BenchApi : IDisposable
{
    /// <summary>The service whose networks and cards these are.</summary>
    public const string Service = "flat_dhcp";

    public const string Cards = $"/v1.1/{Service}/ethernet_cards";

    /// <summary>Most cards that one request makes.</summary>
    public const int Bulk = 1000;

    private readonly HttpClient _http;

    /// <param name="address">Where the API is.</param>
    /// <param name="token">An admin's.</param>
    /// <param name="certificate">The server's own, if it is signed by itself.</param>
    public BenchApi(Uri address, string token, X509Certificate2? certificate = null)
    {
        SocketsHttpHandler handler = new() { MaxConnectionsPerServer = 64 };
        if (certificate is not null)
        {
            handler.SslOptions.RemoteCertificateValidationCallback =
                (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString();
        }

        _http = new HttpClient(handler) { BaseAddress = address, Timeout = TimeSpan.FromMinutes(5) };
        _http.DefaultRequestHeaders.Add("X-Auth-Token", token);
    }

    public Uri Address => _http.BaseAddress!;

    public async Task<JsonNode> Send(HttpMethod method, string path, string? project, string? body = null)
    {
        using HttpResponseMessage answer = await Ask(method, path, project, body);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadFromJsonAsync<JsonNode>() ?? new JsonObject()
            : throw new InvalidOperationException(
                $"{method} {path} was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>The answer, whatever it is.</summary>
    public async Task<HttpResponseMessage> Ask(HttpMethod method, string path, string? project, string? body = null)
    {
        using HttpRequestMessage request = new(method, path);
        if (project is not null)
        {
            request.Headers.Add("X-Project-Id", project);
        }

        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await _http.SendAsync(request);
    }

    /// <summary>A project that uses the service, with a limit of fixed IPs of its own if one is given.</summary>
    public async Task Project(string project, long? fixedIps = null)
    {
        await Send(HttpMethod.Post, "/v1.1/projects", null, $$$"""{"project":{"id":"{{{project}}}"}}""");
        await Send(
            HttpMethod.Put, $"/v1.1/projects/{project}/network_service", null, $$"""{"network_service":"{{Service}}"}""");
        if (fixedIps is { } limit)
        {
            await Send(
                HttpMethod.Put, $"/v1.1/os-quota-sets/{project}", null, $$$"""{"quota_set":{"fixed_ips":{{{limit}}}}}""");
        }
    }

    /// <summary>Its id.</summary>
    public async Task<string> Network(string project, string cidr) => (string)(await Send(
        HttpMethod.Post, $"/v1.1/{Service}/networks", project,
        $$$"""{"network":{"label":"{{{cidr}}}","cidr":"{{{cidr}}}"}}"""))["network"]!["id"]!;

    /// <summary>Tokens of members: each may have so many requests a second by default, and so a load has several.</summary>
    public async Task<string[]> Members(string project, int count)
    {
        List<string> tokens = [];
        for (int n = 0; n < count; n++)
        {
            tokens.Add((string)(await Send(
                HttpMethod.Post, "/v1.1/tokens", null,
                $$$"""{"token":{"name":"bench{{{n}}}","role":"member","project_id":"{{{project}}}"}}"""))["token"]!["token"]!);
        }

        return [.. tokens];
    }

    /// <summary>A name for the first so many cards of each request.</summary>
    public sealed record Naming(string Name, int Cards);

    /// <summary>Makes so many cards, up to a thousand a request and four requests at once.</summary>
    public async Task Fill(string project, string network, int count, Naming? naming = null)
    {
        IEnumerable<int> parts = Enumerable.Range(0, (count + Bulk - 1) / Bulk).Select(n => Math.Min(Bulk, count - (n * Bulk)));
        await Parallel.ForEachAsync(parts, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (part, _) =>
            await Send(HttpMethod.Post, Cards, project, BodyOf(network, part, naming)));
    }

    /// <summary>A request for so many cards of one network.</summary>
    public static string BodyOf(string network, int cards, Naming? naming = null)
    {
        string card = $$"""{"network_id":"{{network}}"}""", named = $$"""{"network_id":"{{network}}","name":"{{naming?.Name}}"}""";
        int first = naming?.Cards ?? 0;
        return $$"""{"ethernet_cards":[{{string.Join(',', Enumerable.Range(0, cards).Select(n => n < first ? named : card))}}]}""";
    }

    public void Dispose() => _http.Dispose();
}
