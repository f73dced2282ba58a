using System.Net.Http.Headers;
using System.Text;
using NovaOrleans.Http;

namespace NovaOrleans.Api;

[Collection("facade")]
public sealed class RequestTests(Facade facade)
{
    private const string Networks = "/v1.1/blue/networks";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a-token-for-these-tesTs")]
    [InlineData("a-token-for-these-tests-and-more")]
    [Trait("seed", "D11")]
    public async Task Without_the_token_nothing_but_the_open_paths_is_answered(string? token)
    {
        using var http = new HttpClient { BaseAddress = facade.Address };
        if (token is not null)
        {
            http.DefaultRequestHeaders.TryAddWithoutValidation("X-Auth-Token", token);
        }

        foreach (string path in (string[])[Networks, "/v1.1/servers", "/audit", "/services", "/v1.1/blue/"])
        {
            using HttpResponseMessage response = await http.GetAsync(path);
            Answer answer = await Answer.Read(response);
            Assert.Equal(401, answer.Status);
            Assert.Equal("unauthorized", answer.Json.Single().Key);
        }

        foreach (string path in (string[])["/", "/healthz", "/openapi/v1.json", "/v1.1"])
        {
            using HttpResponseMessage response = await http.GetAsync(path);
            Assert.Equal(200, (int)response.StatusCode);
        }
    }

    [Fact]
    [Trait("seed", "D11")]
    public async Task A_create_names_its_project_and_an_admin_may_read_without()
    {
        Answer nameless = await facade.Send("POST", Networks, """{"label":"a"}""");
        Assert.Equal((400, "X-Project-Id"), (nameless.Status, (string?)nameless.Fault["faults"]![0]!["field"]));
        Assert.Equal("""{"who":{"project":"","scope":null,"admin":true}}""", (await facade.Send("GET", "/v1.1/blue/who")).Text);
        Assert.Equal(
            """{"who":{"project":"blue","scope":"blue","admin":true}}""",
            (await facade.Send("GET", "/v1.1/blue/who", project: "blue")).Text);
        Assert.Equal(400, (await facade.Send("GET", Networks, project: "no project!")).Status);
    }

    [Fact]
    public async Task The_path_may_name_the_project_as_in_quantum_but_not_another_than_the_header()
    {
        Answer who = await facade.Send("GET", "/v1.0/blue/tenants/blue/who");
        Assert.Equal("""{"who":{"project":"blue","scope":"blue","admin":true}}""", who.Text);
        Assert.Equal(400, (await facade.Send("GET", "/v1.0/blue/tenants/blue/who", project: "red")).Status);
        Assert.Equal(403, (await facade.Send("GET", "/v1.0/blue/tenants/red/who")).Status);
    }

    [Theory]
    [InlineData("/v1.1/blue/networks?limit=7", "/v1.1/red/networks?limit=7")]
    [InlineData("/v1.0/blue/tenants/red/networks", "/v1.0/red/tenants/red/networks")]
    [InlineData("/v1.1/blue/refusals/a%20b", "/v1.1/red/refusals/a%20b")]
    [Trait("seed", "S153")]
    public async Task A_project_of_another_service_is_told_its_right_url(string asked, string right)
    {
        Answer answer = await facade.Send("GET", asked, project: "red");
        string url = new Uri(facade.Address, right).AbsoluteUri;
        Assert.Equal((403, url), (answer.Status, (string?)answer.Fault["url"]));
        Assert.Equal($"Project 'red' uses the network service test.net.red, not test.net.blue: the right URL is {url}.", answer.Message);
    }

    [Fact]
    public async Task An_unknown_project_is_refused_and_not_remembered()
    {
        string path = Networks;
        Assert.Equal(404, (await facade.Send("GET", path, project: "late")).Status);
        await facade.Send("POST", "/v1.1/projects", """{"project":{"id":"late"}}""");
        Assert.Equal(200, (await facade.Send("GET", path, project: "late")).Status);
    }

    [Theory]
    [InlineData("/v1.1/blue/networks", "application/json")]
    [InlineData("/v1.1/blue/networks.json", "application/json")]
    [InlineData("/v1.1/blue/networks.xml", "application/xml")]
    [InlineData("/.xml", "application/xml")]
    [InlineData("/v1.1/blue/nothing.xml", "application/xml")]
    [Trait("seed", "S60")]
    public async Task A_suffix_says_the_format(string path, string type) =>
        Assert.Equal(type, (await facade.Send("GET", path)).Type);

    [Theory]
    [InlineData("application/xml", "application/xml")]
    [InlineData("text/xml", "application/xml")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/vnd.openstack.compute+xml", "application/xml")]
    [InlineData("application/xml;q=0.4, application/json;q=0.5", "application/json")]
    [InlineData("application/json;q=0, application/xml", "application/xml")]
    [InlineData("image/png", "application/json")]
    [InlineData("not a media type", "application/json")]
    [Trait("seed", "S60")]
    public async Task Accept_says_the_format(string accept, string type) =>
        Assert.Equal(type, (await facade.Send("GET", Networks, headers: ("Accept", accept))).Type);

    [Fact]
    [Trait("seed", "S60")]
    public async Task A_suffix_outweighs_accept_and_accept_outweighs_the_bodys_format()
    {
        Assert.Equal("application/json", (await facade.Send("GET", Networks + ".json", headers: ("Accept", "text/xml"))).Type);
        const string xml = """<network label="a"/>""";
        Assert.Equal("application/xml", (await facade.Send("POST", Networks, xml, "blue")).Type);
        Answer json = await facade.Send("POST", Networks, xml, "blue", ("Accept", "application/json"));
        Assert.Equal((201, "application/json"), (json.Status, json.Type));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_body_that_is_neither_json_nor_xml_is_415(string type)
    {
        Answer answer = await facade.Send("POST", Networks, """{"label":"a"}""", "blue", ("Content-Type", type));
        Assert.Equal((415, "unsupportedMediaType"), (answer.Status, answer.Json.Single().Key));
    }

    [Fact]
    public async Task A_body_of_one_mebibyte_is_read_and_a_byte_more_is_413()
    {
        string padding = new(' ', BodyParser.Longest - """{"label":"a"}""".Length);
        Assert.Equal(201, (await facade.Send("POST", Networks, """{"label":"a"}""" + padding, "blue")).Status);
        Answer longer = await facade.Send("POST", Networks, """{"label":"a"} """ + padding, "blue");
        Assert.Equal((413, "tooLarge"), (longer.Status, longer.Json.Single().Key));
    }

    [Fact]
    public async Task Ten_megabytes_in_chunks_are_413()
    {
        using var http = new HttpClient { BaseAddress = facade.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, Networks)
        {
            Content = new StreamContent(new MemoryStream(Encoding.ASCII.GetBytes("{\"label\":\"" + new string('a', 10_000_000)))),
        };
        request.Headers.Add("X-Auth-Token", Facade.Token);
        request.Headers.Add("X-Project-Id", "blue");
        request.Headers.TransferEncodingChunked = true;
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response = await http.SendAsync(request);
        Assert.Equal(413, (int)response.StatusCode);
    }

    [Fact]
    public async Task The_same_key_gives_the_first_answer_and_with_another_body_a_conflict()
    {
        (string, string) key = ("Idempotency-Key", "k-1");
        const string cards = "/v1.1/blue/ethernet_cards";
        Answer first = await facade.Send("POST", cards, "{}", "blue", key);
        Answer again = await facade.Send("POST", cards, "{}", "blue", key);
        Assert.Equal((201, first.Text), (again.Status, again.Text));
        Answer other = await facade.Send("POST", cards, """{"mac_address":"02:00:00:00:00:17"}""", "blue", key);
        Assert.Equal((409, "keyReused"), (other.Status, other.Json.Single().Key));
        Answer wrong = await facade.Send("POST", cards, "{}", "blue", ("Idempotency-Key", "a b"));
        Assert.Equal((400, "Idempotency-Key"), (wrong.Status, (string?)wrong.Fault["faults"]![0]!["field"]));
    }

    [Fact]
    [Trait("seed", "S59")]
    public async Task A_service_may_answer_in_a_format_of_its_own()
    {
        Answer answer = await facade.Send("GET", "/v1.1/blue/own");
        Assert.Equal((200, "as I like it"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Beyond_those_in_flight_and_waiting_a_request_is_503()
    {
        await using Microsoft.AspNetCore.Builder.WebApplication narrow =
            facade.Build(new NovaApiOptions { AdminToken = Facade.Token, RequestsInFlight = 1, RequestsWaiting = 1 });
        await narrow.StartAsync();
        // The server says 100 Continue when a handler reads the body: the held request is in flight when its body is
        // asked for.
        using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) };
        using var http = new HttpClient(handler) { BaseAddress = new Uri(narrow.Urls.First()) };
        http.DefaultRequestHeaders.Add("X-Auth-Token", Facade.Token);
        http.DefaultRequestHeaders.Add("X-Project-Id", "blue");
        var endless = new Endless();
        using var held = new HttpRequestMessage(HttpMethod.Post, Networks) { Content = new StreamContent(endless) };
        held.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        held.Headers.ExpectContinue = true;
        Task<HttpResponseMessage> holding = http.SendAsync(held);
        await endless.Asked.WaitAsync(TimeSpan.FromMinutes(1));

        Task<HttpResponseMessage>[] two = [http.GetAsync("/services"), http.GetAsync("/services")];
        Task<HttpResponseMessage> first = await Task.WhenAny(two);
        Answer refused = await Answer.Read(await first);
        Assert.Equal((503, "serviceUnavailable", "1"), (refused.Status, refused.Json.Single().Key, refused.RetryAfter));
        Assert.Equal(470, (int)refused.Fault["code"]!);
        Assert.Equal(200, (int)(await http.GetAsync("/healthz")).StatusCode);
        endless.End();
        Assert.Equal(400, (int)(await holding).StatusCode);
        Assert.Equal(200, (int)(await two.Single(t => t != first)).StatusCode);
    }

    /// <summary>Says that it is asked for, gives one byte, and ends when told.</summary>
    private sealed class Endless : Stream
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _begun;

        public Task Asked => _asked.Task;

        public void End() => _end.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_begun)
            {
                _begun = true;
                _asked.SetResult();
                buffer.Span[0] = (byte)'{';
                return 1;
            }

            await _end.Task;
            return 0;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() => throw new NotSupportedException();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
