using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace NovaOrleans.Testing.Clusters;

/// <summary>
/// A client over several facades, as an admin for one project. A request goes to the next facade in turn, or to the one that is
/// named; nothing is repeated here: what the caller does not see, a user would have seen.
/// </summary>
public sealed class ClusterHttp : IDisposable
{
    private readonly HttpClient[] _facades;
    private int _turn;

    public ClusterHttp(IEnumerable<Uri> facades, string token, string project = "demo")
    {
        Project = project;
        _facades =
        [
            .. facades.Select(address =>
            {
                var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 256 })
                {
                    BaseAddress = address,
                    Timeout = TimeSpan.FromSeconds(60),
                };
                http.DefaultRequestHeaders.Add("X-Auth-Token", token);
                return http;
            }),
        ];
    }

    /// <summary>Whose requests these are unless one says otherwise.</summary>
    public string Project { get; }

    public int Facades => _facades.Length;

    public Task<Answer> Get(string path, int? facade = null) => Send(HttpMethod.Get, path, null, facade: facade);

    /// <summary>A create: <paramref name="key"/> is its Idempotency-Key.</summary>
    public Task<Answer> Post(string path, string body, string? key = null, int? facade = null) =>
        Send(HttpMethod.Post, path, body, key, facade);

    public Task<Answer> Put(string path, string body) => Send(HttpMethod.Put, path, body);

    public Task<Answer> Delete(string path) => Send(HttpMethod.Delete, path, null);

    /// <exception cref="HttpRequestException">The facade cannot be reached, or went away: the outcome is unknown.</exception>
    /// <exception cref="TaskCanceledException">No answer came within 60 s.</exception>
    public async Task<Answer> Send(HttpMethod method, string path, string? body, string? key = null, int? facade = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Project-Id", Project);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        int which = facade ?? (int)((uint)Interlocked.Increment(ref _turn) % (uint)_facades.Length);
        using HttpResponseMessage answer = await _facades[which].SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        return new Answer(answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public void Dispose()
    {
        foreach (HttpClient facade in _facades)
        {
            facade.Dispose();
        }
    }

    public sealed record Answer(HttpStatusCode Status, JsonNode? Body)
    {
        public override string ToString() => $"{(int)Status} {Body?.ToJsonString()}";
    }
}
