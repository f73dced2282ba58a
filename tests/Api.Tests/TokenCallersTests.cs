using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using NovaOrleans.Api.Callers;
using NovaOrleans.Api.Callers.Keystone;
using Xunit.Abstractions;

namespace NovaOrleans.Api;

/// <summary>What the facade remembers of tokens and for how long, with a source and a clock of the test's.</summary>
public sealed class TokenCallersTests(ITestOutputHelper output)
{
    private const int Calls = 20_000;

    private readonly Source _source = new();
    private readonly Clock _clock = new();

    [Fact]
    public async Task A_token_is_looked_up_once_in_its_lifetime_and_once_for_all_who_wait()
    {
        TokenCallers callers = Callers();
        ValueTask<Outcome<Caller>>[] waiting = [.. Enumerable.Range(0, 5).Select(_ => callers.Identify(Request("good")))];
        _source.Answer(new TokenHolder("good", Role.Member, ProjectId.Parse("blue"), null));
        foreach (ValueTask<Outcome<Caller>> one in waiting)
        {
            Assert.Equal("blue", (await one).Value.Project!.Value.Value);
        }

        Assert.False((await callers.Identify(Request("good"))).Refused);
        Assert.Equal(1, _source.Asked);
        _clock.Now += _source.Lifetime;
        await callers.Identify(Request("good"));
        Assert.Equal(2, _source.Asked);
    }

    [Fact]
    public async Task A_refusal_and_a_fault_are_not_remembered_and_an_end_is_honoured_within_the_lifetime()
    {
        TokenCallers callers = Callers();
        _source.Answer(CallerHeaders.Unknown);
        Assert.Equal(RefusalCode.Unauthorized, (await callers.Identify(Request("late"))).Refusal?.Code);
        _source.Fail();
        await Assert.ThrowsAsync<OperatingFaultException>(async () => await callers.Identify(Request("late")));
        _source.Answer(new TokenHolder("late", Role.Reader, ProjectId.Parse("blue"), _clock.GetUtcNow().AddSeconds(1)));
        Assert.False((await callers.Identify(Request("late"))).Refused);
        Assert.Equal(3, _source.Asked);
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.Contains("expired at", (await callers.Identify(Request("late"))).Refusal?.Reason, StringComparison.Ordinal);
        Assert.Equal(3, _source.Asked);
    }

    [Fact]
    public async Task A_known_token_costs_next_to_no_memory()
    {
        TokenCallers callers = Callers();
        _source.Answer(new TokenHolder("hot", Role.Member, ProjectId.Parse("blue"), _clock.GetUtcNow().AddDays(1)));
        await callers.Identify(Request("hot"));
        using var rates = new CallerRates(
            new NovaApiOptions { AdminToken = Facade.Token, RequestsPerSecond = 1_000_000, RequestBurst = 1_000_000 });
        DefaultHttpContext request = Request("hot");
        Ask();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Calls; i++)
        {
            Ask();
        }

        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
        output.WriteLine($"figure: identifying a known token and counting its request allocates {each} bytes");
        Assert.True(each <= 256, $"{each} bytes a request");

        void Ask()
        {
            ValueTask<Outcome<Caller>> asked = callers.Identify(request);
            Assert.True(asked.IsCompletedSuccessfully);
            _ = rates.Refuses(asked.Result.Value.Holder.Key);
        }
    }

    [Fact]
    public async Task The_service_users_token_is_got_once_and_again_when_keystone_takes_it_no_longer()
    {
        var keystone = new Script();
        using var http = new HttpClient(keystone) { BaseAddress = new Uri("http://keystone/v3/") };
        var options = new KeystoneOptions { Url = http.BaseAddress, Username = "nova", Password = "secret" };
        using var client = new KeystoneClient(http, options, _clock);
        Assert.Equal("alpha", (await client.Validate("a"))!.Project!.Id);
        await client.Validate("a");
        Assert.Equal(1, keystone.LogIns);
        keystone.Valid = "own-2";
        await client.Validate("a");
        Assert.Equal(2, keystone.LogIns);
        _clock.Now += TimeSpan.FromMinutes(59);
        keystone.Valid = "own-3";
        await client.Validate("a");
        Assert.Equal(3, keystone.LogIns);
        Assert.Null(await client.Validate("unknown"));
        keystone.Valid = "none";
        OperatingFaultException fault = await Assert.ThrowsAsync<OperatingFaultException>(() => client.Validate("a"));
        Assert.True(fault.MayRetry);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    private TokenCallers Callers() => new(new NovaApiOptions { AdminToken = Facade.Token }, [_source], _clock);

    private static DefaultHttpContext Request(string token)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[CallerHeaders.Token] = token;
        return context;
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 8, 30, 0, 0, 0, TimeSpan.Zero) + Now;
    }

    private sealed class Source : ITokenSource
    {
        private TaskCompletionSource<Outcome<TokenHolder>> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asked;

        public int Asked => _asked;

        public TimeSpan Lifetime => TimeSpan.FromSeconds(4);

        public bool Reads(string token) => true;

        public void Answer(Outcome<TokenHolder> answer)
        {
            if (!_answer.TrySetResult(answer))
            {
                _answer = new();
                _answer.SetResult(answer);
            }
        }

        public void Fail()
        {
            _answer = new();
            _answer.SetException(new OperatingFaultException("nobody can say", mayRetry: true));
        }

        public Task<Outcome<TokenHolder>> Find(string token, TokenHash hash)
        {
            Interlocked.Increment(ref _asked);
            return _answer.Task;
        }
    }

    /// <summary>A Keystone that knows the token "a", and one token of the service user at a time.</summary>
    private sealed class Script : HttpMessageHandler
    {
        public string Valid { get; set; } = "own-1";

        public int LogIns { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage answer;
            if (request.Method == HttpMethod.Post)
            {
                LogIns++;
                Assert.Contains("\"name\":\"nova\"", await request.Content!.ReadAsStringAsync(cancellationToken), StringComparison.Ordinal);
                answer = Says(HttpStatusCode.Created, $$$"""{"token":{"expires_at":"2026-08-30T0{{{LogIns}}}:00:00.000000Z"}}""");
                answer.Headers.Add("X-Subject-Token", $"own-{LogIns}");
                return answer;
            }

            return request.Headers.GetValues("X-Auth-Token").Single() != Valid ? Says(HttpStatusCode.Unauthorized, "{}")
                : request.Headers.GetValues("X-Subject-Token").Single() != "a" ? Says(HttpStatusCode.NotFound, "{}")
                : Says(HttpStatusCode.OK, """{"token":{"expires_at":"2027-01-01T00:00:00.000000Z","project":{"id":"alpha","name":"Alpha"}}}""");
        }

        private static HttpResponseMessage Says(HttpStatusCode status, string body) =>
            new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }
}
