using NovaOrleans.Outcomes;

namespace NovaOrleans.Hosting;

public sealed class RecentAnswersTests
{
    private readonly Clock _clock = new();
    private readonly List<TaskCompletionSource<Outcome<string>>> _asked = [];
    private readonly RecentAnswers<int, string> _answers;

    public RecentAnswersTests() => _answers = new(
        _ =>
        {
            _asked.Add(new());
            return _asked[^1].Task;
        },
        _clock);

    [Fact]
    public async Task Those_who_ask_meanwhile_and_for_a_second_have_one_answer()
    {
        Task<Outcome<string>> first = await Ask(1), meanwhile = _answers.Of(1);
        Answer("a");
        Assert.Equal(("a", "a"), ((await first).Value, (await meanwhile).Value));

        _clock.Now += TimeSpan.FromSeconds(0.9);
        Assert.Equal("a", (await _answers.Of(1)).Value);
        Assert.Single(_asked);

        _clock.Now += TimeSpan.FromSeconds(0.1);
        Task<Outcome<string>> later = await Ask(1);
        Answer("b");
        Assert.Equal("b", (await later).Value);
    }

    [Fact]
    public async Task Each_key_has_its_own_and_what_is_forgotten_is_asked_for_again()
    {
        Task<Outcome<string>> one = await Ask(1);
        Answer("a");
        await one;
        await Ask(2);
        _answers.Forget(1);
        await Ask(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refusal_and_a_fault_are_not_remembered(bool refusal)
    {
        Task<Outcome<string>> first = await Ask(1);
        if (refusal)
        {
            _asked[^1].SetResult(new Refusal(RefusalCode.NetworkNotFound, "none"));
            Assert.True((await first).Refused);
        }
        else
        {
            _asked[^1].SetException(new TimeoutException());
            await Assert.ThrowsAsync<TimeoutException>(() => first);
        }

        Task<Outcome<string>> next = await Ask(1);
        Answer("a");
        Assert.Equal("a", (await next).Value);
    }

    private void Answer(string answer) => _asked[^1].SetResult(answer);

    /// <summary>Asks, and returns when the question has come to who answers.</summary>
    private async Task<Task<Outcome<string>>> Ask(int key)
    {
        int before = _asked.Count;
        Task<Outcome<string>> answer = _answers.Of(key);
        for (int wait = 0; _asked.Count == before && wait < 1_000; wait++)
        {
            await Task.Delay(1);
        }

        Assert.Equal(before + 1, _asked.Count);
        return answer;
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
