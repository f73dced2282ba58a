using System.Text;
using Microsoft.AspNetCore.Builder;

namespace NovaOrleans.Api.Failover;

/// <summary>A create without a key, behind a facade that fails over: it gets one, and is told it when its outcome stays unknown.</summary>
public sealed class ChosenKeyTests(Facade facade) : IClassFixture<Facade>
{
    [Fact]
    public async Task A_create_of_unknown_outcome_is_told_the_key_to_repeat_it_with()
    {
        await using WebApplication app = facade.Build(new NovaApiOptions { AdminToken = Facade.Token, FailsOver = true });
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        (int status, string? first, string text) = await Post(http, null);
        Assert.Equal(503, status);
        Assert.StartsWith("nova-", first, StringComparison.Ordinal);
        Assert.Contains($"may or may not be done; repeat it with Idempotency-Key '{first}'.", text, StringComparison.Ordinal);
        Assert.NotEqual(first, (await Post(http, null)).Key);

        (status, string? none, text) = await Post(http, "mine");
        Assert.Equal((503, null), (status, none));
        Assert.Contains("with the same Idempotency-Key", text, StringComparison.Ordinal);
        await app.StopAsync();
    }

    private static async Task<(int Status, string? Key, string Text)> Post(HttpClient http, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1.1/blue/faults/timeout")
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Auth-Token", Facade.Token);
        request.Headers.Add("X-Project-Id", "blue");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using HttpResponseMessage answer = await http.SendAsync(request);
        return ((int)answer.StatusCode, answer.Headers.TryGetValues("Idempotency-Key", out var keys) ? keys.Single() : null,
            await answer.Content.ReadAsStringAsync());
    }
}
