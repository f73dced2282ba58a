namespace NovaOrleans.AgentTests;

/// <summary>Time passes when a test says so.</summary>
internal sealed class SetClock : TimeProvider
{
    private long _now = 1;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public void Pass(TimeSpan time) => _now += time.Ticks;
}
