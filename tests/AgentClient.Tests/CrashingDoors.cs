using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Agent.Host;
using NovaOrleans.Instances;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>The agent's process ends here: nothing after it is run, and nobody tidies up.</summary>
internal sealed class Crash : Exception;

/// <summary>Lets so many steps through to a host and its guests, and ends the agent at the next one.</summary>
internal sealed class CrashAfter(int steps)
{
    private int _left = steps;

    /// <summary>How many of a batch still go through; the crash comes right after them.</summary>
    public int Take(int wanted)
    {
        int granted = Math.Min(wanted, _left);
        _left -= granted;
        return granted;
    }

    public IHostNetwork Door(IHostNetwork host) => new Network(host, this);

    public IComputeDriver Door(IComputeDriver compute) => new Guests(compute, this);

    private sealed class Network(IHostNetwork host, CrashAfter crash) : IHostNetwork
    {
        public Task<ActualHost> Observe(CancellationToken stop) => host.Observe(stop);

        public Task<Ip4Address?> OwnAddress(CancellationToken stop) => host.OwnAddress(stop);

        public async Task<IReadOnlyList<StepResult>> Run(IReadOnlyList<Step> batch, CancellationToken stop)
        {
            // Rules and the switch's tables change in one transaction: no crash can come between their steps.
            bool whole = batch[0].Phase is Phase.OpenFirewall or Phase.CloseFirewall or Phase.Switch or Phase.RemoveSwitch;
            int wanted = whole ? 1 : batch.Count;
            int granted = crash.Take(wanted);
            if (granted == wanted)
            {
                return await host.Run(batch, stop);
            }

            if (granted > 0)
            {
                await host.Run([.. batch.Take(granted)], stop);
            }

            throw new Crash();
        }
    }

    private sealed class Guests(IComputeDriver compute, CrashAfter crash) : IComputeDriver
    {
        public string Name => compute.Name;

        public GuestAttachment AttachmentOf(InstanceSpec instance) => compute.AttachmentOf(instance);

        public Task Define(InstanceSpec instance, CancellationToken stop) => Do(() => compute.Define(instance, stop));

        public Task Start(InstanceSpec instance, GuestBoot boot, CancellationToken stop) =>
            Do(() => compute.Start(instance, boot, stop));

        public Task Stop(InstanceId instance, CancellationToken stop) => Do(() => compute.Stop(instance, stop));

        public Task Undefine(InstanceId instance, CancellationToken stop) => Do(() => compute.Undefine(instance, stop));

        public Task<IReadOnlyList<GuestView>> List(CancellationToken stop) => compute.List(stop);

        private Task Do(Func<Task> verb) => crash.Take(1) == 1 ? verb() : throw new Crash();
    }
}
