using NovaOrleans.Agent;

namespace NovaOrleans.AgentTests;

/// <summary>An agent that does not reach the core: soon at first, and then ever more seldom.</summary>
public sealed class ReconnectPaceTests
{
    private readonly SetClock _clock = new();

    [Fact]
    public void Connections_are_built_ever_more_seldom_up_to_once_a_minute_until_the_core_answers()
    {
        ReconnectPace pace = new(_clock);
        pace.Reached();
        TimeSpan[] between = [.. Enumerable.Range(0, 8).Select(_ => UntilRebuild(pace))];

        Assert.Equal(ReconnectPace.First, between[0]);
        Assert.All(between.Skip(1), t => Assert.InRange(t.TotalSeconds, 15, ReconnectPace.AtMost.TotalSeconds));
        Assert.All(between.Skip(4), t => Assert.InRange(t.TotalSeconds, 45, ReconnectPace.AtMost.TotalSeconds));
        pace.Reached();
        Assert.Equal(ReconnectPace.First, UntilRebuild(pace));
    }

    [Fact]
    public void Tries_are_half_a_second_apart_until_a_connection_was_built_in_vain()
    {
        ReconnectPace pace = new(_clock);
        Assert.False(pace.IsRebuildDue());
        Assert.Equal(0.5, pace.Pause.TotalSeconds);
        UntilRebuild(pace);
        Assert.InRange(pace.Pause.TotalSeconds, 3.75, 5);
        pace.Reached();
        Assert.Equal(0.5, pace.Pause.TotalSeconds);
    }

    private TimeSpan UntilRebuild(ReconnectPace pace)
    {
        long began = _clock.GetTimestamp();
        while (!pace.IsRebuildDue())
        {
            _clock.Pass(TimeSpan.FromMilliseconds(500));
            Assert.InRange(_clock.GetElapsedTime(began).TotalMinutes, 0, 2);
        }

        return _clock.GetElapsedTime(began);
    }
}
