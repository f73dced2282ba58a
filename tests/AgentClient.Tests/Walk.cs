using System.Globalization;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Instances;

namespace NovaOrleans.AgentTests;

/// <summary>A few hosts one after the other, each damaged before it is mended, and then the last one straight.</summary>
internal sealed class Walk(int seed, HostBench bench, HostBench fresh, int guests, bool vlans)
{
    private readonly Random _random = new(seed);

    /// <summary>Where the walked host is the fresh one too: what it must be when nothing is desired.</summary>
    public string? BetweenWalks { get; init; }

    public static IEnumerable<int> Seeds(int count) => Environment.GetEnvironmentVariable("NOVA_SEED") is { } given
        ? [int.Parse(given, CultureInfo.InvariantCulture)]
        : Enumerable.Range(0, count).Select(_ => Random.Shared.Next());

    public static async Task Furnish(HostBench bench)
    {
        await bench.AddForeignBridge(AnyHost.OperatorsBridge, mtu: 1500);
        foreach (string uplink in AnyHost.Uplinks)
        {
            await bench.AddUplink(uplink);
        }

        await bench.AddCarrier(AnyHost.Carrier, $"{AnyHost.Address}/24");
    }

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
