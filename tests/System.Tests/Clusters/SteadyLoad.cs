using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using NovaOrleans.Testing.Clusters;

namespace NovaOrleans.Systems.Clusters;

/// <summary>
/// Users who make cards, look at them and delete them, one call after the other, without a retry of their own: whatever a call
/// comes to counts as it came.
/// </summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    private readonly ClusterHttp _http;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _users;

    private SteadyLoad(ClusterHttp http, string network, int users)
    {
        (_http, Network) = (http, network);
        _users = [.. Enumerable.Range(0, users).Select(n => Task.Run(() => Use(n)))];
    }

    public string Network { get; }

    public ConcurrentQueue<string> Failures { get; } = [];

    public ConcurrentQueue<TimeSpan> Times { get; } = [];

    /// <summary>Makes the project and its network, and lets the users loose.</summary>
    public static async Task<SteadyLoad> Start(ClusterHttp http, int users)
    {
        Good(await http.Post("/v1.1/projects", $$$"""{"project":{"id":"{{{http.Project}}}"}}"""));
        Good(await http.Put($"/v1.1/projects/{http.Project}/network_service", """{"network_service":"flat"}"""));
        ClusterHttp.Answer network = Good(await http.Post(
            "/v1.1/flat/networks", """{"network":{"label":"steady","cidr":"10.40.0.0/16"}}""", "steady"));
        return new SteadyLoad(http, (string)network.Body!["network"]!["id"]!, users);
    }

    public string Summary()
    {
        TimeSpan[] sorted = [.. Times.Order()];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sorted.Length} calls, {Failures.Count} failed, half of them within {At(sorted, 0.5):0} ms, 99 of 100 within "
                + $"{At(sorted, 0.99):0} ms, the slowest {At(sorted, 1):0} ms");
    }

    public async Task Stop()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_users);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _stop.Dispose();
    }

    private static double At(TimeSpan[] sorted, double part) =>
        sorted.Length == 0 ? 0 : sorted[(int)((sorted.Length - 1) * part)].TotalMilliseconds;

    private static ClusterHttp.Answer Good(ClusterHttp.Answer answer) =>
        (int)answer.Status < 300 ? answer : throw new InvalidOperationException($"{answer}");

    private async Task Use(int user)
    {
        // A pace that leaves the machine to those who are restarting.
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (int n = 0; !_stop.IsCancellationRequested; n++)
        {
            await pace.WaitForNextTickAsync();
            ClusterHttp.Answer? made = await Call("create", HttpStatusCode.Created, () => _http.Post(
                "/v1.1/flat/ethernet_cards", $$$"""{"ethernet_card":{"network_id":"{{{Network}}}"}}""", n % 2 == 0 ? $"{user}-{n}" : null));
            if (made is null)
            {
                continue;
            }

            string card = $"/v1.1/flat/ethernet_cards/{made.Body!["ethernet_card"]!["id"]}";
            await Call("show", HttpStatusCode.OK, () => _http.Get(card));
            await Call("delete", HttpStatusCode.NoContent, () => _http.Delete(card));
            await Call("list", HttpStatusCode.OK, () => _http.Get("/v1.1/flat/ethernet_cards?limit=5"));
        }
    }

    /// <summary>Null where it failed.</summary>
    private async Task<ClusterHttp.Answer?> Call(string what, HttpStatusCode expected, Func<Task<ClusterHttp.Answer>> call)
    {
        long begun = Stopwatch.GetTimestamp();
        string came;
        try
        {
            ClusterHttp.Answer answer = await call();
            Times.Enqueue(Stopwatch.GetElapsedTime(begun));
            if (answer.Status == expected)
            {
                return answer;
            }

            came = $"{answer}";
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            came = e.Message;
        }

        Failures.Enqueue($"{what} after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s: {came}");
        return null;
    }
}
