using System.Globalization;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Instances;
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
        foreach (int seed in Seeds(500))
        {
            await using FakeBench bench = new(ovs: seed % 2 == 0);
            await using FakeBench fresh = new(ovs: seed % 2 == 0);
            await Furnish(bench);
            await Furnish(fresh);
            await new Walk(seed, bench, fresh, guests: 8, vlans: true).Take(steps: 6);
        }

        output.WriteLine("figure: 500 walks from any state to any state in memory ended as a straight apply does");
    }

    [Fact]
    [Trait("tier", "kernel"), Trait("seed", "S133")]
    public async Task So_it_is_in_the_kernel_with_open_vswitch()
    {
        await using LinuxBench bench = await LinuxBench.Create(ovs: true);
        await Furnish(bench);
        string bare = NormalForm.Of(await bench.Observe());
        foreach (int seed in Seeds(20))
        {
            // The host is its own fresh one: emptied, it must be as it was at the start.
            await new Walk(seed, bench, bench, guests: 3, vlans: true) { BetweenWalks = bare }.Take(steps: 2);
        }

        output.WriteLine("figure: 20 walks from any state to any state in the kernel ended as a straight apply does");
    }

    private static IEnumerable<int> Seeds(int count) => Environment.GetEnvironmentVariable("NOVA_SEED") is { } given
        ? [int.Parse(given, CultureInfo.InvariantCulture)]
        : Enumerable.Range(0, count).Select(_ => Random.Shared.Next());

    private static async Task Furnish(HostBench bench)
    {
        await bench.AddForeignBridge(AnyHost.OperatorsBridge, mtu: 1500);
        foreach (string uplink in AnyHost.Uplinks)
        {
            await bench.AddUplink(uplink);
        }

        await bench.AddCarrier(AnyHost.Carrier, $"{AnyHost.Address}/24");
    }

    /// <summary>A few hosts one after the other, each damaged before it is mended, and then the last one straight.</summary>
    private sealed class Walk(int seed, HostBench bench, HostBench fresh, int guests, bool vlans)
    {
        private readonly Random _random = new(seed);

        /// <summary>Where the walked host is the fresh one too: what it must be when nothing is desired.</summary>
        public string? BetweenWalks { get; init; }

        public async Task Take(int steps)
        {
            AnyHost any = new(_random, PlaceOf, guests, vlans);
            DesiredHost desired = DesiredHost.Empty;
            for (int step = _random.Next(steps); step < steps; step++)
            {
                desired = any.Draw();
                await Damage.Any(_random, bench);
                Holds(await bench.Reconcile(desired), step);
            }

            // What was read back left nothing to do: so would a second apply, which begins by reading.
            string detour = NormalForm.Of(await bench.Observe());
            if (BetweenWalks is not null)
            {
                await Empty(BetweenWalks);
            }

            string straight = NormalForm.Of(Holds(await fresh.Reconcile(desired), steps).Actual);
            Assert.True(straight == detour, $"NOVA_SEED={seed}: {NormalForm.Difference(straight, detour)}");
        }

        /// <summary>Of one guest in three the driver's place, and of the others a tap that nobody has opened yet.</summary>
        private GuestAttachment PlaceOf(InstanceSpec spec) => spec.Nics[0].Value.ToByteArray()[15] % 3 == 0
            ? bench.Compute.AttachmentOf(spec) : OpenedByHypervisor.Instance;

        private async Task Empty(string bare)
        {
            string emptied = NormalForm.Of(Holds(await bench.Reconcile(DesiredHost.Empty), -1).Actual);
            Assert.True(bare == emptied, $"NOVA_SEED={seed}, emptied: {NormalForm.Difference(bare, emptied)}");
        }

        private Verified Holds(Verified verified, int step)
        {
            Assert.True(verified.Differences.IsEmpty,
                $"NOVA_SEED={seed}, step {step}:\n{string.Join('\n', verified.Applied.Faults)}\n{verified.Differences}");
            return verified;
        }
    }
}
