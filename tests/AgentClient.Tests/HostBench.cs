using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Agent.Host;
using NovaOrleans.NetworkServices;
using NovaOrleans.Testing;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.AgentTests;

/// <summary>A host to be reconciled, and somebody's hands to spoil it behind the agent's back.</summary>
internal abstract class HostBench : IAsyncDisposable
{
    public abstract IHostNetwork Host { get; }
    public abstract IComputeDriver Compute { get; }
    public abstract Task AddForeignBridge(string name, int mtu);
    public abstract Task DeleteLink(string name);
    public abstract Task FlushFirewall();
    public abstract Task KillDhcp(NetworkId network);
    public abstract ValueTask DisposeAsync();

    public async Task<ActualHost> Observe() => await new HostObserver(Host, Compute).Observe(CancellationToken.None);

    /// <summary>One round without the core: observe, plan, apply, verify.</summary>
    public async Task<Verified> Reconcile(DesiredHost desired)
    {
        HostObserver observer = new(Host, Compute);
        Verifier verifier = new(observer, new VnicProgress());
        NetAgents agents = new(new Dictionary<ServicePath, INetAgent>(), TimeProvider.System);
        Applier applier = new(Host, Compute, new GuestGate(verifier, agents));
        Plan plan = Planner.Make(await observer.Observe(CancellationToken.None), desired);
        Applied applied = await applier.Apply(plan, desired, CancellationToken.None);
        return await verifier.Verify(desired, applied, CancellationToken.None);
    }
}

internal sealed class FakeBench : HostBench
{
    private readonly FakeHost _host = new();

    public FakeBench() => Compute = new FakeGuests(_host);

    public override IHostNetwork Host => _host;

    public override IComputeDriver Compute { get; }

    public override Task AddForeignBridge(string name, int mtu)
    {
        _host.AddForeignLink(name, LinkKind.Bridge, mtu);
        return Task.CompletedTask;
    }

    public override Task DeleteLink(string name)
    {
        _host.DeleteLink(name);
        return Task.CompletedTask;
    }

    public override Task FlushFirewall()
    {
        _host.FlushFirewall();
        return Task.CompletedTask;
    }

    public override Task KillDhcp(NetworkId network)
    {
        _host.KillDhcp(network);
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The real kernel, in a network namespace of the test's own.</summary>
internal sealed class LinuxBench : HostBench
{
    private readonly ProcessRunner _runner = new();

    private LinuxBench(Netns space)
    {
        Space = space;
        State = Directory.CreateTempSubdirectory("nova-agent-").FullName;
        Host = new LinuxHost(_runner, Path.Combine(State, "network"), space.Name);
        Compute = new NamespacesDriver(new LinuxGuestSpaces(_runner), Path.Combine(State, "guests"), TimeProvider.System);
    }

    public static async Task<LinuxBench> Create() => new(await Netns.Create("nvt"));

    public Netns Space { get; }
    public string State { get; }
    public long ProcessesStarted => _runner.Started;
    public override IHostNetwork Host { get; }
    public override IComputeDriver Compute { get; }

    /// <summary>The same host, as an agent sees it that was started again.</summary>
    public IHostNetwork Restarted() => new LinuxHost(_runner, Path.Combine(State, "network"), Space.Name);

    public override async Task AddForeignBridge(string name, int mtu)
    {
        await Space.Ip("link", "add", name, "type", "bridge");
        await Space.Ip("link", "set", name, "mtu", $"{mtu}", "up");
    }

    public override Task DeleteLink(string name) => Space.Ip("link", "del", name);

    public override Task FlushFirewall() => Space.Exec("nft", "flush", "ruleset");

    public override Task KillDhcp(NetworkId network) => Netns.Tool("kill", "-9", DhcpPid(network));

    public string DhcpPid(NetworkId network) =>
        File.ReadAllText(Path.Combine(State, "network", "dhcp", network.ToString(), "pid")).Trim();

    public override async ValueTask DisposeAsync()
    {
        await Reconcile(DesiredHost.Empty);
        await Space.DisposeAsync();
        Directory.Delete(State, recursive: true);
    }
}
