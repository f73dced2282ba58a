namespace NovaOrleans.Faults;

public sealed class RecoveryTests
{
    [Fact]
    public void A_pool_is_back_when_the_first_operation_after_the_fault_is_done() =>
        Assert.Equal(0.3, Recovery.Of([(9, 9.1), (10.2, 10.3), (10.5, 10.6)], since: 10), 6);

    [Fact]
    public void What_was_in_flight_counts_and_then_the_first_that_begins_after_the_fault() =>
        Assert.Equal(4.7, Recovery.Of([(9.9, 14.5), (14.6, 14.7)], since: 10), 6);

    [Fact]
    public void A_pool_that_answers_once_and_then_stalls_is_not_back() =>
        Assert.Equal(6.2, Recovery.Of([(10.1, 10.2), (10.4, 16.2), (16.4, 16.5)], since: 10), 6);

    [Fact]
    public void What_is_slow_long_after_the_outage_is_not_the_faults() =>
        Assert.Equal(0.2, Recovery.Of([(10.1, 10.2), (15, 18)], since: 10), 6);

    [Fact]
    public void What_was_over_before_does_not_count() => Assert.Equal(0, Recovery.Of([(2, 9)], since: 10), 6);

    [Fact]
    public void An_operation_lasts_from_its_first_call_to_the_one_that_told_and_deletes_count_for_their_cards_network()
    {
        Script script = new();
        script.Unknown(Verb.Create, 1, 2, "k1", "net0");
        script.Create(3, 4, "k1", "a", "10.0.0.2");
        script.Create(8, 9, "k1", "a", "10.0.0.2");
        script.Delete(5, 6, "k2", "a");
        script.Unknown(Verb.Create, 5, 6, "k3", "net1");

        ILookup<string, (double, double)> operations = Recovery.Operations(script.Calls);

        Assert.Equal([(1, 4), (5, 6)], operations["net0"].Order());
        Assert.Empty(operations["net1"]);
    }

    [Fact]
    public void Of_a_killed_silo_pools_with_nothing_on_it_are_counted_apart_and_of_a_database_time_runs_from_its_return()
    {
        ILookup<string, (double, double)> operations = new (string Net, (double, double) Time)[]
        {
            ("net0", (10.1, 14)), ("net1", (10.1, 13)), ("net2", (10.1, 20)),
        }.ToLookup(o => o.Net, o => o.Time);
        Dictionary<string, PoolPlace> pools = new()
        {
            ["net0"] = PoolPlace.Activation,
            ["net1"] = PoolPlace.Entry,
            ["net2"] = PoolPlace.Elsewhere,
        };

        Outage kill = Recovery.After(
            new Fault(new PlannedFault(10, FaultKind.SiloKill, 0, 1), 10) { End = 12, Pools = pools }, operations);
        Assert.Equal((4, 3, 10, 4), (kill[PoolPlace.Activation].Seconds, kill[PoolPlace.Entry].Seconds,
            kill[PoolPlace.Elsewhere].Seconds, kill.Measured));
        Assert.False(kill.Late);

        Outage database = Recovery.After(
            new Fault(new PlannedFault(10, FaultKind.PostgresKill, 0, 1), 10) { End = 12, Pools = pools }, operations);
        Assert.Equal(8, database.Measured);
        Assert.True(database.Late);
    }

    [Fact]
    public void A_call_counts_in_the_second_of_its_end_as_ok_slow_or_failed()
    {
        Script script = new();
        script.Create(0.1, 0.2, "k1", "a", "10.0.0.2");
        script.Create(0.1, 1.9, "k2", "b", "10.0.0.3");
        script.Unknown(Verb.Create, 1, 1.5, "k3", "net0");

        Assert.Equal([new Second(1, 0, 0), new Second(0, 1, 1), new Second(0, 0, 0)], Availability.PerSecond(script.Calls, 2.5));
    }

    [Fact]
    public void The_owner_of_a_directory_entry_is_the_silo_before_it_on_the_ring()
    {
        (int, string)[] ring = [(50, "c"), (-10, "a"), (20, "b")];
        Assert.Equal(["c", "a", "a", "b", "c"], new[] { -11, -10, 19, 20, 99 }.Select(h => PoolPlaces.OwnerOf(h, ring)));
    }
}
