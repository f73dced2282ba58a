using System.Diagnostics;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute.Libvirt;
using NovaOrleans.AgentTests;
using NovaOrleans.Hosts;
using NovaOrleans.Instances;
using NovaOrleans.NetworkServices;
using NovaOrleans.Testing;
using Xunit.Abstractions;

namespace NovaOrleans.LibvirtTests;

/// <summary>
/// A compute host as in production: an agent with the built-in network services on a private libvirtd, told what to do
/// by a host's grain in this process.
/// </summary>
public class LibvirtHost : IAsyncLifetime
{
    private TestAgent? _agent;

    internal FakeHostGrain Grain => _agent!.Grain;

    internal PrivateLibvirtd Libvirtd { get; private set; } = null!;

    internal LibvirtDriver Driver => (LibvirtDriver)_agent!.Compute;

    internal string Space => Libvirtd.Space.Name;

    public virtual async Task InitializeAsync()
    {
        Libvirtd = await PrivateLibvirtd.Start();
        _agent = await TestAgent.Start(new AgentOptions
        {
            Host = "h1",
            State = Path.Combine(Libvirtd.Folder, "agent"),
            NetworkSpace = Space,
            Compute = "libvirt",
            LibvirtUri = Libvirtd.Uri,
            LibvirtType = "qemu",
            ImageFolder = PrivateLibvirtd.Images,
        });
    }

    public async Task DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }

        await Libvirtd.DisposeAsync();
    }

    internal void Bind(Vm vm) => _agent!.Bind(vm);

    /// <summary>Told to the agent, made so and read back.</summary>
    internal async Task Tell(HostFact fact)
    {
        Grain.Append(n => new FactRecord(n, fact.Key, fact));
        await UntilMade();
    }

    internal Task UntilMade()
    {
        long head = Grain.Head;
        return Poll.Until(() => Grain.Reports.Any(r => r.Revision >= head), $"the host is as told in revision {head}");
    }

    internal Task UntilTold(Vm vm, BindingOutcome outcome, int nic = 0) => _agent!.UntilTold(vm, outcome, nic);

    /// <summary>Guests are emulated: on a busy machine a boot takes its time.</summary>
    internal Task UntilSays(Vm vm, string words) => Poll.Until(
        () => Task.FromResult(ConsoleOf(vm).Contains(words, StringComparison.Ordinal)),
        () => $"{vm.Spec.Name} says '{words}'; it said: {ConsoleOf(vm)}; told is {Grain.Told.GetValueOrDefault(vm.Vnic())}",
        TimeSpan.FromSeconds(60));

    internal Task UntilPings(Vm vm, int nic = 0) => Poll.Until(
        () => Netns.Pings(Space, vm.Address(nic).ToString()), $"{vm.Spec.Name} answers at {vm.Address(nic)}");

    internal string ConsoleOf(Vm vm) => File.Exists(Driver.ConsoleOf(vm.Id)) ? File.ReadAllText(Driver.ConsoleOf(vm.Id)) : "";

    internal async Task<bool> HasLink(string name) =>
        await Netns.ExitCode(Space, "ip", "link", "show", "dev", name) == 0;

    /// <summary>What the machine was measured at; <c>./nova test</c> prints these lines, and no test fails on one.</summary>
    internal static void Figure(ITestOutputHelper output, string what, TimeSpan time) =>
        output.WriteLine($"figure: libvirt: {what}: {time.TotalMilliseconds:N0} ms");
}

/// <summary>One whose first guest is booted once, for all tests that only look at one.</summary>
public sealed class GuestHost : LibvirtHost
{
    /// <summary>The guest that all may look at.</summary>
    internal Vm First { get; } = new(1);

    /// <summary>From the core's word to the lease in the guest, and to the first ping.</summary>
    internal (TimeSpan Lease, TimeSpan Ping) Boot { get; private set; }

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        long asked = Stopwatch.GetTimestamp();
        Bind(First);
        await UntilSays(First, $"LEASE eth0 {First.Address()}");
        TimeSpan lease = Stopwatch.GetElapsedTime(asked);
        await UntilPings(First);
        Boot = (lease, Stopwatch.GetElapsedTime(asked));
    }
}
