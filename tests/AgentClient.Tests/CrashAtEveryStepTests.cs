using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.NetworkServices.Host;
using Xunit.Abstractions;

namespace NovaOrleans.AgentTests;

/// <summary>
/// The agent's process ends after each step of an apply, and a new one finds what is there: it converges, and to the
/// same host as if nothing had happened. On the way up and on the way down.
/// </summary>
public abstract class CrashAtEveryStepTests(ITestOutputHelper output) : IAsyncLifetime
{
    private HostBench _bench = null!;

    private protected abstract Task<HostBench> Open();

    public async Task InitializeAsync()
    {
        _bench = await Open();
        await _bench.AddUplink("eth1");
        await _bench.AddUplink("eth2");
        await _bench.AddCarrier("eth3", "192.0.2.1/24");
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Fact]
    [Trait("seed", "S132"), Trait("seed", "S133")]
    public async Task After_a_crash_at_any_step_the_next_agent_ends_where_the_first_would_have()
    {
        int salt = Random.Shared.Next(1, 1 << 24);
        // One guest boots; the others are taps, which cost less and take other steps.
        Sketch Sketch() => new(
            spec => spec.Name == "guest-1" ? _bench.Compute.AttachmentOf(spec) : OpenedByHypervisor.Instance, salt);
        // Every kind of step is in the way from one to the other, and in the way back.
        DesiredHost one = Sketch().With(1, [1], dhcp: true).Over("eth2", 1)
            .With(3, [2]).Overlay(3, 501, "192.0.2.1", [.. Elsewhere("192.0.2.2")]).Build();
        DesiredHost two = Sketch().With(2, [3], dhcp: true).Over("eth1", 2, tag: 100)
            .With(3, [2], mtu: 1400).Overlay(3, 501, "192.0.2.1", [.. Elsewhere("192.0.2.3")]).Build();
        ForwardingEntry[] Elsewhere(string host) => [AgentTests.Sketch.Flood(host), Sketch().At(9, host)];
        string[] ends = [await Settle(one), await Settle(two)];
        int crashes = 0;
        bool[] through = [false, false];
        for (int steps = 0; through.Contains(false); steps++)
        {
            foreach ((int way, DesiredHost desired) in new[] { (0, one), (1, two) })
            {
                through[way] = !await Crashes(desired, steps);
                crashes += through[way] ? 0 : 1;
                string end = await Settle(desired);
                Assert.True(ends[way] == end, $"after {steps} steps of way {way}: {NormalForm.Difference(ends[way], end)}");
            }
        }

        output.WriteLine($"figure: {crashes} crashes, one after each step of an apply, {GetType().Name}");
        Assert.True(crashes > 20, $"{crashes} crashes are not every step");
    }

    /// <summary>False when the apply had no step left to crash at.</summary>
    private async Task<bool> Crashes(DesiredHost desired, int steps)
    {
        CrashAfter crash = new(steps);
        try
        {
            await HostBench.Reconcile(desired, crash.Door(_bench.Host), crash.Door(_bench.Compute));
            return false;
        }
        catch (Crash)
        {
            return true;
        }
    }

    private async Task<string> Settle(DesiredHost desired)
    {
        Verified verified = await _bench.Reconcile(desired);
        Assert.True(verified.Differences.IsEmpty, $"{string.Join('\n', verified.Applied.Faults)}\n{verified.Differences}");
        return NormalForm.Of(verified.Actual);
    }
}

public sealed class FakeCrashTests(ITestOutputHelper output) : CrashAtEveryStepTests(output)
{
    private protected override Task<HostBench> Open() => Task.FromResult<HostBench>(new FakeBench(ovs: true));
}

[Trait("tier", "kernel")]
public sealed class LinuxCrashTests(ITestOutputHelper output) : CrashAtEveryStepTests(output)
{
    private protected override async Task<HostBench> Open() => await LinuxBench.Create(ovs: true);
}
