using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using NovaOrleans.Api.Callers;
using NovaOrleans.Testing;
using NovaOrleans.Tokens;

namespace NovaOrleans.Api;

/// <summary>Tokens over HTTP: told once, of a project and a role, with an end, and revocable.</summary>
[Collection("facade")]
public sealed class TokenTests(Facade facade)
{
    private const string Tokens = "/v1.1/tokens";

    [Fact]
    public async Task A_token_is_told_once_and_nothing_that_is_kept_or_listed_can_be_used_for_it()
    {
        JsonObject made = await Make("ci", "member", "blue");
        string token = (string)made["token"]!;
        string id = (string)made["id"]!;
        Assert.True(TokenText.TryId(token, out Guid inside));
        Assert.Equal(id, inside.ToString());
        Assert.Equal(("ci", "member", "blue", false), (Text(made, "name"), Text(made, "role"), Text(made, "project_id"), (bool)made["expired"]!));

        Answer list = await facade.Send("GET", $"{Tokens}?project=blue");
        Assert.Contains(id, list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(token[^43..], list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(TokenText.HashOf(token), list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(id, (await facade.Send("GET", $"{Tokens}?project=red")).Text, StringComparison.Ordinal);
        Assert.Equal(401, (await With(TokenText.HashOf(token))).Status);
        Assert.Equal(401, (await With(TokenText.New(inside))).Status);
        Assert.Equal(200, (await With(token)).Status);
    }

    [Fact]
    public async Task It_is_taken_from_either_header_and_needs_no_project_beside_it()
    {
        string token = Text(await Make("who", "reader", "blue"), "token");
        const string who = """{"who":{"project":"blue","scope":"blue","admin":false}}""";
        Assert.Equal(who, (await With(token)).Text);
        Assert.Equal(who, (await Bearer($"Bearer {token}")).Text);
        Assert.Equal(who, (await Bearer($"bearer  {token} ")).Text);
        Assert.Equal(who, (await With(token, "blue")).Text);
        Assert.Equal(401, (await Bearer(token)).Status);
        Assert.Equal(401, (await Bearer("Basic YTpi")).Status);
        Answer another = await With(token, "red");
        Assert.Equal((404, "There is no project with id red."), (another.Status, another.Message));
        Assert.Equal(another.Message.Replace("red", "nowhere", StringComparison.Ordinal), (await With(token, "nowhere")).Message);
        Answer written = await facade.Send("POST", "/v1.1/blue/networks", """{"label":"a"}""", headers: ("X-Auth-Token", token));
        Assert.Equal(403, written.Status);
        Assert.Contains("reader", written.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoked_token_is_none_within_five_seconds_and_in_history()
    {
        JsonObject made = await Make("short", "member", "blue");
        string token = Text(made, "token");
        Assert.Equal(200, (await With(token)).Status);
        Assert.True(NovaTokens.RememberedFor < TimeSpan.FromSeconds(5));
        Assert.Equal(204, (await facade.Send("DELETE", $"{Tokens}/{Text(made, "id")}")).Status);
        await Poll.Until(async () => (await With(token)).Status == 401, "the token is not known any more", TimeSpan.FromSeconds(30));

        Answer again = await facade.Send("DELETE", $"{Tokens}/{Text(made, "id")}");
        Assert.Equal((404, "tokenNotFound"), (again.Status, again.Json.Single().Key));
        Assert.Equal(404, (await facade.Send("DELETE", $"{Tokens}/nothing")).Status);
        Answer history = await facade.Send("GET", "/v1.1/history?limit=1000");
        Assert.Contains($"{Text(made, "id")} short", history.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(token[^43..], history.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeat_of_the_request_is_the_same_token_under_a_new_secret()
    {
        (string, string) key = ("Idempotency-Key", $"token-{Guid.NewGuid()}");
        JsonObject first = await Make("twice", "member", "blue", key);
        JsonObject second = await Make("twice", "member", "blue", key);
        Assert.Equal(Text(first, "id"), Text(second, "id"));
        Assert.NotEqual(Text(first, "token"), Text(second, "token"));
        Assert.Equal((401, 200), ((await With(Text(first, "token"))).Status, (await With(Text(second, "token"))).Status));
        Answer other = await facade.Send("POST", Tokens, Body("other", "member", "blue"), headers: key);
        Assert.Equal((409, "keyReused"), (other.Status, other.Json.Single().Key));
    }

    [Fact]
    public async Task An_admins_token_is_of_the_cloud_and_goes_to_its_project_where_none_is_named()
    {
        string token = Text(await Make("boss", "admin", "blue"), "token");
        Assert.Equal("""{"who":{"project":"blue","scope":null,"admin":true}}""", (await With(token)).Text);
        Assert.Equal(200, (await facade.Send("GET", "/v1.1/projects/red", headers: ("X-Auth-Token", token))).Status);
        Assert.Equal("admin", Text(await Make("bare", "admin", null), "role"));
    }

    [Theory]
    [InlineData("""{"token":{"name":"a","role":"member"}}""", 400, "project_id")]
    [InlineData("""{"token":{"role":"member","project_id":"blue"}}""", 400, "name")]
    [InlineData("""{"token":{"name":"a","role":"king","project_id":"blue"}}""", 400, "reader or member or admin")]
    [InlineData("""{"token":{"name":"a","role":"member","project_id":"nobody"}}""", 404, "nobody")]
    [InlineData("""{"token":{"name":"a","role":"member","project_id":"blue","expires":"0d"}}""", 400, "token.expires")]
    [InlineData("""{"token":{"name":"a","role":"member","project_id":"blue","expires":"367d"}}""", 400, "366 days")]
    [InlineData("""{"token":{"name":"a","role":"member","project_id":"blue","expires":"2001-01-01"}}""", 400, "in the future")]
    public async Task What_is_no_token_is_refused_with_the_field(string body, int status, string sentence)
    {
        Answer answer = await facade.Send("POST", Tokens, body);
        Assert.Equal(status, answer.Status);
        Assert.Contains(sentence, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_has_a_hundred_tokens_at_most_which_are_listed_in_pages_and_go_with_it()
    {
        await facade.Send("POST", "/v1.1/projects", """{"id":"many"}""");
        string token = "";
        for (int i = 0; i < TokenView.MostOfProject; i++)
        {
            token = Text(await Make($"t{i}", "reader", "many"), "token");
        }

        Answer refused = await facade.Send("POST", Tokens, Body("one more", "reader", "many"));
        Assert.Equal((413, "quotaExceeded"), (refused.Status, refused.Json.Single().Key));
        JsonObject page = (await facade.Send("GET", $"{Tokens}?project=many&limit=60")).Json;
        string next = (string)page["tokens_links"]![0]!["href"]!;
        JsonObject rest = (await facade.Send("GET", new Uri(next).PathAndQuery)).Json;
        Assert.Equal((60, 40), (page["tokens"]!.AsArray().Count, rest["tokens"]!.AsArray().Count));

        Assert.Equal(204, (await facade.Send("DELETE", "/v1.1/projects/many")).Status);
        Assert.Empty((await facade.Send("GET", $"{Tokens}?project=many")).Json["tokens"]!.AsArray());
        Assert.Equal(401, (await With(token)).Status);
    }

    [Fact]
    public async Task Too_fast_is_429_with_the_time_to_wait_for_this_token_and_no_other()
    {
        await using WebApplication slow = facade.Build(
            new NovaApiOptions { AdminToken = Facade.Token, RequestsPerSecond = 10, RequestBurst = 5 });
        await slow.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(slow.Urls.First()) };
        string fast = Text(await Make("fast", "reader", "blue"), "token");
        string other = Text(await Make("calm", "reader", "blue"), "token");
        List<Answer> answers = [];
        await Poll.Until(
            async () =>
            {
                answers = [.. await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Get(http, fast)))];
                return answers.Any(a => a.Status == 429);
            },
            "requests come too fast");
        Answer refused = answers.First(a => a.Status == 429);
        Assert.Equal("tooManyRequests", refused.Json.Single().Key);
        Assert.True(int.Parse(refused.RetryAfter!) >= 1);
        Assert.Equal(refused.RetryAfter, refused.Fault["retry_after"]!.ToString());
        Assert.Equal((200, 200), ((await Get(http, other)).Status, (await Get(http, Facade.Token)).Status));
        await Poll.Until(async () => (await Get(http, fast)).Status == 200, "its bucket has filled again");
    }

    private static async Task<Answer> Get(HttpClient http, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.1/flavors");
        request.Headers.Add("X-Auth-Token", token);
        using HttpResponseMessage response = await http.SendAsync(request);
        return await Answer.Read(response);
    }

    private Task<Answer> With(string token, string? project = null) =>
        facade.Send("GET", "/v1.1/blue/who", null, project, ("X-Auth-Token", token));

    private async Task<Answer> Bearer(string authorization)
    {
        using var http = new HttpClient { BaseAddress = facade.Address };
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        using HttpResponseMessage response = await http.GetAsync("/v1.1/blue/who");
        return await Answer.Read(response);
    }

    private async Task<JsonObject> Make(string name, string role, string? project, params (string, string)[] headers)
    {
        Answer answer = await facade.Send("POST", Tokens, Body(name, role, project), headers: headers);
        Assert.True(answer.Status == 201, answer.Text);
        return answer.Json["token"]!.AsObject();
    }

    private static string Body(string name, string role, string? project) =>
        new JsonObject { ["token"] = new JsonObject { ["name"] = name, ["role"] = role, ["project_id"] = project } }.ToJsonString();

    private static string Text(JsonObject token, string field) => token[field]!.ToString();
}
