using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace NovaOrleans.Demo;

/// <summary>The cloud as its users see it: HTTP and JSON.</summary>
internal sealed class Cloud(IReadOnlyList<Uri> addresses, string token) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private int _turn;

    /// <summary>The first of its facades; requests go to all of them in turn.</summary>
    public Uri Address => addresses[0];

    private Uri Next(string path) =>
        new(addresses[(int)((uint)Interlocked.Increment(ref _turn) % (uint)addresses.Count)], path);

    public async Task<bool> Answers(CancellationToken stop)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(Next("/"), stop);
            return answer.StatusCode < HttpStatusCode.InternalServerError;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    public async Task<JsonNode> Get(string path, string? project = null) =>
        await Send(HttpMethod.Get, path, project, null) ?? throw new DemoFault($"GET {path} found nothing");

    /// <summary>Null where there is nothing (any more).</summary>
    public Task<JsonNode?> Find(string path, string? project = null) => Send(HttpMethod.Get, path, project, null);

    public async Task<JsonNode> Post(string path, string? project, JsonNode body) =>
        await Send(HttpMethod.Post, path, project, body) ?? throw new DemoFault($"POST {path} found nothing");

    public async Task<JsonNode> Put(string path, JsonNode body) =>
        await Send(HttpMethod.Put, path, null, body) ?? throw new DemoFault($"PUT {path} found nothing");

    public Task Delete(string path, string project) => Send(HttpMethod.Delete, path, project, null);

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode?> Send(HttpMethod method, string path, string? project, JsonNode? body)
    {
        using var request = new HttpRequestMessage(method, Next(path));
        request.Headers.Add("X-Auth-Token", token);
        if (project is not null)
        {
            request.Headers.Add("X-Project-Id", project);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        using HttpResponseMessage answer = await _http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        return answer.IsSuccessStatusCode
            ? text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!
            : throw new DemoFault($"{method} {path} was answered {(int)answer.StatusCode}: {text}");
    }
}
