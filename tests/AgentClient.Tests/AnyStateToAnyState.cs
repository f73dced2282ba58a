using System.Globalization;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;

namespace NovaOrleans.AgentTests;

/// <summary>What a host ends as depends on what is desired, not on what it was before. NOVA_SEED repeats a run.</summary>
public sealed class AnyStateToAnyState
{
    [Fact]
    public async Task Any_desired_host_may_follow_any_other_and_any_damage()
    {
        int seed = Environment.GetEnvironmentVariable("NOVA_SEED") is { } given
            ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        Random random = new(seed);
        FakeBench bench = new();
        await bench.AddForeignBridge("br3", mtu: 1500);
        for (int step = 0; step < 150; step++)
        {
            DesiredHost desired = Draw(random, bench.Compute);
            await Damage(random, bench);
            Verified verified = await bench.Reconcile(desired);
            Assert.True(verified.Differences.IsEmpty, $"NOVA_SEED={seed}, step {step}:\n{verified.Differences}");

            FakeBench fresh = new();
            await fresh.AddForeignBridge("br3", mtu: 1500);
            ActualHost straight = (await fresh.Reconcile(desired)).Actual;
            Assert.True(Print(straight) == Print(verified.Actual),
                $"NOVA_SEED={seed}, step {step}: by detour\n{Print(verified.Actual)}\nstraight\n{Print(straight)}");
        }
    }

    private static DesiredHost Draw(Random random, IComputeDriver compute)
    {
        Sketch sketch = new(compute.AttachmentOf);
        int[] guests = [.. Enumerable.Range(1, 8)];
        random.Shuffle(guests);
        int at = 0;
        for (int network = 1; network <= 3; network++)
        {
            int count = Math.Min(random.Next(4), guests.Length - at);
            if (count > 0)
            {
                sketch.With(network, guests[at..(at + count)], dhcp: random.Next(2) == 0, mtu: random.Next(2) == 0 ? 1500 : 1400);
            }

            at += count;
        }

        return sketch.Build();
    }

    private static async Task Damage(Random random, FakeBench bench)
    {
        ActualHost now = await bench.Observe();
        string[] ours = [.. now.Links.Values.Where(l => l.Ours).Select(l => l.Name)];
        switch (random.Next(5))
        {
            case 0 when ours.Length > 0:
                await bench.DeleteLink(ours[random.Next(ours.Length)]);
                break;
            case 1:
                await bench.FlushFirewall();
                break;
            case 2 when now.Dhcp.Count > 0:
                await bench.KillDhcp(new(Guid.Parse(now.Dhcp.Keys.First())));
                break;
        }
    }

    private static string Print(ActualHost host) => string.Join('\n', [
        .. host.Links.Values.Select(l => $"{l with { Addresses = [] }} {string.Join(' ', l.Addresses)}"),
        .. host.Firewall.Elements.Select(e => e.ToString()),
        .. host.Dhcp.Values.Select(d => $"{d.Network} {d.Running} {string.Join(' ', d.Hosts)}\n{d.Configuration}"),
        .. host.Guests.Select(g => $"{g.Key} {g.Value}")]);
}
