using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Agent.Host;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;

namespace NovaOrleans.Conformance.Kept;

/// <summary>What becomes of bindings on a host in memory, which behaves as the kernel does.</summary>
internal static class OnHosts
{
    private const int Walks = 12;
    private const int Steps = 4;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(25);

    /// <summary>
    /// One net-agent and one host through a few drawn sets of bindings; it must end as a new net-agent and a new host do that are
    /// told the last set only.
    /// </summary>
    public static async Task AnyState(Trial trial)
    {
        IReadOnlyList<BindRecord> guests = await trial.Guests();
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        INetAgent walked = trial.FreshAgent();
        IReadOnlyList<string> bare = Bench.LinesOf(await TrialHost.FurnishedFor(trial.PlugIn).Observe(CancellationToken.None));
        for (int walk = 0; walk < Walks; walk++)
        {
            using var detour = new Bench(trial.PlugIn);
            BindRecord[] last = [];
            for (int step = 0; step < Steps; step++)
            {
                last = [.. guests.Where(_ => random.Next(2) == 0)];
                await detour.Become(walked, last);
            }

            using var straight = new Bench(trial.PlugIn);
            // Its own agent, and one that has seen nothing: what an agent remembers must not show.
            await straight.Become(trial.FreshAgent(), last);
            string shown = $"seed {seed}, walk {walk}: {last.Length} bindings after others";
            IReadOnlyList<string> one = await straight.Lines(), other = await detour.Lines();
            if (Described.Difference(one, other, "straight", "by detour") is { } difference)
            {
                throw new BrokenPromiseException($"{shown} leave another host than they alone:{difference}");
            }

            await detour.Become(walked, []);
            if (Described.Difference(bare, await detour.Lines(), "bare host", "left behind") is { } left)
            {
                throw new BrokenPromiseException($"seed {seed}, walk {walk}: without any binding something stays:{left}");
            }
        }
    }

    public static async Task Boots(Trial trial)
    {
        await trial.Guests();
        foreach (Tenant tenant in trial.GuestOwners)
        {
            foreach (InstanceId guest in tenant.Guests)
            {
                InstanceView? now = null;
                await Poll.Until(
                    async () => (now = await tenant.Instance(guest)) is not { Status: InstanceStatus.Building },
                    () => $"the host makes something of instance {guest}", s_patience);
                BrokenPromiseException.Unless(
                    now is { Status: InstanceStatus.Active }, $"an instance is {now?.Status.ToString() ?? "gone"}: {now?.Fault ?? "no reason is told"}");
            }
        }

        foreach (HostBinding binding in await trial.Bindings())
        {
            ActualHost host = await trial.Host.Host.Observe(CancellationToken.None);
            BrokenPromiseException.Unless(
                host.Links.ContainsKey(GuestPort.NameOf(binding.Vnic)), $"the instance is active and its VNIC {binding.Vnic} has no link on the host");
        }
    }

    public static async Task Teardown(Trial trial)
    {
        await trial.Guests();
        foreach (Tenant tenant in trial.GuestOwners)
        {
            await tenant.DeleteGuests();
        }

        foreach ((Tenant tenant, InstanceId guest) in trial.GuestOwners.SelectMany(t => t.Guests.Select(g => (t, g))))
        {
            InstanceView? now = null;
            await Poll.Until(
                async () => (now = await tenant.Instance(guest)) is null,
                () => $"a deleted instance is gone; it is {now?.Status}, {now?.Fault ?? "no reason is told"}", s_patience);
        }

        IReadOnlyList<string> bare = Bench.LinesOf(await TrialHost.FurnishedFor(trial.PlugIn).Observe(CancellationToken.None));
        IReadOnlyList<string> left = Bench.LinesOf(await trial.Host.Host.Observe(CancellationToken.None));
        if (Described.Difference(bare, left, "bare host", "left behind") is { } difference)
        {
            throw new BrokenPromiseException($"all instances are gone and something stays on the host:{difference}");
        }
    }

    /// <summary>A host without a core: told what to be, it becomes that in one round.</summary>
    private sealed class Bench : IDisposable
    {
        private readonly ServicePath _path;
        private readonly FakeHost _host;
        private readonly FakeGuests _guests;

        public Bench(PlugIn plugIn)
        {
            (_path, _host) = (plugIn.Path, TrialHost.FurnishedFor(plugIn));
            _guests = new FakeGuests(_host);
        }

        public async Task Become(INetAgent agent, IReadOnlyList<BindRecord> guests)
        {
            DesiredHost desired = Translation.Desired(_path, agent, guests, _guests);
            var observer = new HostObserver(_host, _guests);
            var verifier = new Verifier(observer, new VnicProgress());
            // What stands at the gate is the other promises' matter: here nobody is asked.
            var applier = new Applier(_host, _guests, new OpenGate());
            Plan plan = Planner.Make(await observer.Observe(CancellationToken.None), desired);
            Verified verified = await verifier.Verify(
                desired, await applier.Apply(plan, desired, CancellationToken.None), CancellationToken.None);
            BrokenPromiseException.Unless(
                verified.Differences.IsEmpty, $"{guests.Count} bindings could not be made true:\n{verified.Differences}");
        }

        public async Task<IReadOnlyList<string>> Lines() => LinesOf(await _host.Observe(CancellationToken.None));

        /// <summary>Everything that an agent sees of a host, but its guests, which are compute's, and what no service asks for.</summary>
        public static IReadOnlyList<string> LinesOf(ActualHost host) =>
        [
            .. Described.Of(
                host, nameof(ActualHost.Guests), nameof(ActualHost.Devices), nameof(ActualHost.Firewall), nameof(ActualHost.Forwards),
                nameof(ActualHost.BridgeFilter)),
            .. host.Firewall.Elements.Select(e => Described.Line(e)),
        ];

        public void Dispose() => _guests.Dispose();
    }

    private sealed class OpenGate : IGuestGate
    {
        public Task<IReadOnlyDictionary<string, string>> Ask(DesiredHost desired, IReadOnlyList<Step> waiting, CancellationToken stop) =>
            Task.FromResult<IReadOnlyDictionary<string, string>>(ImmutableDictionary<string, string>.Empty);
    }
}
