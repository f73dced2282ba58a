namespace NovaOrleans.Faults;

public sealed class ScheduleTests
{
    private static readonly Victims s_victims = new(3, 2, 2);

    [Fact]
    public void The_same_seed_gives_the_same_faults_and_another_one_others()
    {
        Assert.Equal(Schedule.Make(7, 300, s_victims), Schedule.Make(7, 300, s_victims));
        Assert.NotEqual(Schedule.Make(7, 300, s_victims), Schedule.Make(8, 300, s_victims));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Five_minutes_have_every_kind_hurt_only_who_is_there_and_leave_time_to_come_back(int seed)
    {
        IReadOnlyList<PlannedFault> faults = Schedule.Make(seed, 300, s_victims);

        Assert.Equal(Enum.GetValues<FaultKind>(), faults.Select(f => f.Kind).Distinct().Order());
        Assert.All(faults, f => Assert.InRange(f.At + f.Seconds, 6, 290));
        Assert.All(faults, f => Assert.InRange(f.Target, 0, f.Kind is FaultKind.SiloKill or FaultKind.SiloFreeze ? 2 : 1));
        // Two silos of three at once would leave nobody to vote.
        PlannedFault[] grave = [.. faults.Where(f => f.Kind is FaultKind.SiloKill or FaultKind.SiloFreeze)];
        Assert.All(grave.Zip(grave.Skip(1)), pair => Assert.True(pair.First.At + pair.First.Seconds < pair.Second.At));
    }

    [Fact]
    public void The_short_form_has_one_fault_of_each_kind() => Assert.Equal(
        Enum.GetValues<FaultKind>(), Schedule.Short(1, s_victims).Select(f => f.Kind).Order());
}
