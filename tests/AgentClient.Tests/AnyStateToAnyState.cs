using Xunit.Abstractions;

namespace NovaOrleans.AgentTests;

/// <summary>What a host ends as depends on what is desired, not on what it was before. NOVA_SEED repeats a run.</summary>
public sealed class AnyStateToAnyState(ITestOutputHelper output)
{
    /// <summary>500 different walks a run, on hosts in memory; every second host has Open vSwitch.</summary>
    [Fact]
    [Trait("seed", "S128"), Trait("seed", "S132"), Trait("seed", "S133")]
    public async Task Any_desired_host_may_follow_any_other_and_any_damage()
    {
        foreach (int seed in Walk.Seeds(500))
        {
            await using FakeBench bench = new(ovs: seed % 2 == 0);
            await using FakeBench fresh = new(ovs: seed % 2 == 0);
            await Walk.Furnish(bench);
            await Walk.Furnish(fresh);
            await new Walk(seed, bench, fresh, guests: 8, vlans: true).Take(steps: 6);
        }

        output.WriteLine("figure: 500 walks from any state to any state in memory ended as a straight apply does");
    }
}

/// <summary>The same in the kernel; a class of its own, so that neither waits for the other.</summary>
public sealed class AnyStateInTheKernel(ITestOutputHelper output)
{
    [Fact]
    [Trait("tier", "kernel"), Trait("seed", "S133")]
    public async Task So_it_is_in_the_kernel_with_open_vswitch()
    {
        await using LinuxBench bench = await LinuxBench.Create(ovs: true);
        await Walk.Furnish(bench);
        string bare = NormalForm.Of(await bench.Observe());
        foreach (int seed in Walk.Seeds(20))
        {
            // The host is its own fresh one: emptied, it must be as it was at the start.
            await new Walk(seed, bench, bench, guests: 3, vlans: true) { BetweenWalks = bare }.Take(steps: 2);
        }

        output.WriteLine("figure: 20 walks from any state to any state in the kernel ended as a straight apply does");
    }
}
