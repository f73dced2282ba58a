using System.Diagnostics;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using Xunit.Abstractions;

namespace NovaOrleans.AgentTests;

/// <summary>What the agent costs a host. Times are printed, and nothing fails on them.</summary>
[Trait("tier", "kernel")]
public sealed class CostTests(ITestOutputHelper output) : PacketBench
{
    [Fact]
    public async Task A_phase_costs_a_process_however_many_ports_it_has()
    {
        Sketch Taps() => new(_ => OpenedByHypervisor.Instance, Salt);
        (long made, long gone) few = (await Processes(Taps().With(1, [1, 2])), await Processes(Taps()));
        int[] all = [.. Enumerable.Range(1, 200)];
        (long made, long gone) many = (await Processes(Taps().With(1, all)), await Processes(Taps()));
        Assert.Equal(few, many);
    }

    /// <summary>A round without guests: how many processes, and how long.</summary>
    private async Task<long> Processes(Sketch sketch)
    {
        DesiredHost desired = sketch.Build() with { Guests = DesiredHost.Named<WantedGuest>() };
        (long before, long began) = (Bench.ProcessesStarted, Stopwatch.GetTimestamp());
        Verified verified = await Make(desired);
        long started = Bench.ProcessesStarted - before;
        output.WriteLine(
            $"{verified.Applied.Plan.Steps.Count} steps, {started} processes, {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
        return started;
    }
}
