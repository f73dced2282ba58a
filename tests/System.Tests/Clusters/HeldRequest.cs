using System.Net;
using System.Text;
using NovaOrleans.Testing.Clusters;

namespace NovaOrleans.Systems.Clusters;

/// <summary>A request that a facade has begun to read (it said so: 100 Continue), and whose body comes when the test lets it.</summary>
internal sealed class HeldRequest : HttpContent
{
    private readonly byte[] _body;
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HeldRequest(string body)
    {
        _body = Encoding.UTF8.GetBytes(body);
        Headers.ContentType = new("application/json");
    }

    public Task<HttpResponseMessage> Answer { get; private set; } = null!;

    public static async Task<HeldRequest> Begin(NovaCluster cluster, int facade, string path, string body)
    {
        // Until the facade has said so, however busy the machine is.
        var http = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) });
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(cluster.Address(facade), path));
        var held = new HeldRequest(body);
        request.Content = held;
        request.Headers.ExpectContinue = true;
        request.Headers.Add("X-Auth-Token", cluster.Token);
        request.Headers.Add("X-Project-Id", "demo");
        held.Answer = http.SendAsync(request);
        await Task.WhenAny(held._begun.Task, held.Answer);
        return held;
    }

    public void Go() => _go.SetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        _begun.TrySetResult();
        await _go.Task;
        await stream.WriteAsync(_body);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length;
        return true;
    }
}
