using System.Globalization;
using NovaOrleans.Agent;
using NovaOrleans.Agent.Compute;
using NovaOrleans.Agent.Host;
using NovaOrleans.NetworkServices;
using NovaOrleans.NetworkServices.Host;
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

    /// <summary>br_netfilter, for bridges that do not ask for it themselves.</summary>
    public abstract Task SetBridgeFilter(bool on);
    public abstract Task KillDhcp(NetworkId network);

    /// <summary>An uplink of the host's, which is nobody's.</summary>
    public abstract Task AddUplink(string name);

    public abstract Task SetMtu(string link, int mtu);

    public abstract Task SetMaster(string link, string? bridge);

    public abstract Task RemoveAddress(string link, string address);

    public abstract Task AddAddress(string link, string address);

    /// <summary>Somebody's hand in what a VXLAN link forwards.</summary>
    public abstract Task AddForwarding(string link, ForwardingEntry entry);

    public abstract Task RemoveForwarding(string link, ForwardingEntry entry);

    /// <summary>What overlays go by: a link of the host's with an address on it, and room for what carrying costs.</summary>
    public async Task AddCarrier(string name, string address)
    {
        await AddUplink(name);
        await SetMtu(name, 1600);
        await AddAddress(name, address);
    }

    /// <summary>Of Open vSwitch.</summary>
    public abstract Task DeleteSwitchPort(string port);

    public abstract ValueTask DisposeAsync();

    /// <summary>The folder that the agent keeps on this host.</summary>
    public string State { get; } = Directory.CreateTempSubdirectory("nova-agent-").FullName;

    public async Task<ActualHost> Observe() => await new HostObserver(Host, Compute).Observe(CancellationToken.None);

    /// <summary>One round without the core: observe, plan, apply, verify.</summary>
    public Task<Verified> Reconcile(DesiredHost desired) => Reconcile(desired, Host, Compute);

    /// <summary>The same through doors that a test stands in.</summary>
    public static async Task<Verified> Reconcile(DesiredHost desired, IHostNetwork network, IComputeDriver compute)
    {
        HostObserver observer = new(network, compute);
        Verifier verifier = new(observer, new VnicProgress());
        Plan plan = Planner.Make(await observer.Observe(CancellationToken.None), desired);
        Applied applied = await ApplierOf(network, compute, verifier).Apply(plan, desired, CancellationToken.None);
        return await verifier.Verify(desired, applied, CancellationToken.None);
    }

    /// <summary><c>--cleanup</c>: whether nothing was left, and what it printed.</summary>
    public async Task<(bool Clean, string Printed)> CleanUp(bool keepGuests = false)
    {
        HostObserver observer = new(Host, Compute);
        AgentOptions options = new() { State = State, Mode = AgentMode.CleanUp, KeepGuests = keepGuests };
        StringWriter printed = new();
        CleanUp cleanUp = new(options, observer, ApplierOf(Host, Compute, new Verifier(observer, new VnicProgress())));
        return (await cleanUp.Run(printed, CancellationToken.None), printed.ToString());
    }

    private static Applier ApplierOf(IHostNetwork network, IComputeDriver compute, Verifier verifier) => new(
        network, compute,
        new GuestGate(verifier, new NetAgents(new Dictionary<ServicePath, INetAgent>(), TimeProvider.System)));
}

internal sealed class FakeBench : HostBench
{
    private readonly FakeHost _host;

    public FakeBench(bool ovs = false)
    {
        _host = new FakeHost { HasOvs = ovs };
        Compute = new FakeGuests(_host);
    }

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

    public override Task SetBridgeFilter(bool on)
    {
        _host.SetBridgeFilter(on ? BridgeFilter.On : BridgeFilter.Off);
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

    public override Task AddUplink(string name)
    {
        _host.AddForeignLink(name, LinkKind.Veth);
        return Task.CompletedTask;
    }

    public override Task SetMtu(string link, int mtu) => Change(link, l => l with { Mtu = mtu });

    public override Task SetMaster(string link, string? bridge) => Change(link, l => l with { Master = bridge });

    public override Task RemoveAddress(string link, string address) =>
        Change(link, l => l with { Addresses = l.Addresses.Remove(address) });

    public override Task AddAddress(string link, string address) =>
        Change(link, l => l with { Addresses = l.Addresses.Add(address) });

    public override Task AddForwarding(string link, ForwardingEntry entry) =>
        Change(link, l => l with { Vxlan = l.Vxlan! with { Forwarding = l.Vxlan.Forwarding.Add(entry) } });

    public override Task RemoveForwarding(string link, ForwardingEntry entry) =>
        Change(link, l => l with { Vxlan = l.Vxlan! with { Forwarding = l.Vxlan.Forwarding.Remove(entry) } });

    public override Task DeleteSwitchPort(string port)
    {
        _host.DeleteSwitchPort(port);
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        if (Directory.Exists(State))
        {
            Directory.Delete(State, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    private Task Change(string link, Func<ActualLink, ActualLink> change)
    {
        _host.ChangeLink(link, change);
        return Task.CompletedTask;
    }
}

/// <summary>The real kernel, in a network namespace of the test's own.</summary>
internal sealed class LinuxBench : HostBench
{
    private readonly ProcessRunner _runner = new();
    private DnsmasqLeases? _leases;

    private LinuxBench(Netns space, OpenVswitch? ovs)
    {
        (Space, Ovs) = (space, ovs);
        // As a data folder is: everybody may pass through, so that what gave root away reads its files again.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(State, File.GetUnixFileMode(State) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        Host = Restarted();
        Compute = new NamespacesDriver(new LinuxGuestSpaces(_runner), Path.Combine(State, "guests"), TimeProvider.System);
    }

    /// <summary>With <paramref name="ovs"/> a host whose switch is an Open vSwitch of its own.</summary>
    public static async Task<LinuxBench> Create(bool ovs = false)
    {
        Netns space = await Netns.Create("nvt");
        return new LinuxBench(space, ovs ? await OpenVswitch.Start(space.Name) : null);
    }

    public Netns Space { get; }
    public OpenVswitch? Ovs { get; }
    public long ProcessesStarted => _runner.Started;
    public override IHostNetwork Host { get; }
    public override IComputeDriver Compute { get; }

    /// <summary>The same host, as an agent sees it that was started again.</summary>
    public IHostNetwork Restarted() => new LinuxHost(
        _runner, Path.Combine(State, "network"), Space.Name,
        Ovs is null ? null : new OvsAccess(Ovs.Database, OvsAccess.Userspace));

    /// <summary>A wire between this host and another: a link of this name on each.</summary>
    public async Task Wire(LinuxBench other, string name)
    {
        await Space.Ip("link", "add", name, "type", "veth", "peer", "name", name, "netns", other.Space.Name);
        await Space.Ip("link", "set", name, "up");
        await other.Space.Ip("link", "set", name, "up");
    }

    public override async Task AddUplink(string name)
    {
        await Space.Ip("link", "add", name, "type", "veth", "peer", "name", name + "far");
        await Space.Ip("link", "set", name, "up");
        await Space.Ip("link", "set", name + "far", "up");
    }

    public override Task SetMtu(string link, int mtu) => Space.Ip("link", "set", link, "mtu", $"{mtu}");

    public override Task SetMaster(string link, string? bridge) =>
        bridge is null ? Space.Ip("link", "set", link, "nomaster") : Space.Ip("link", "set", link, "master", bridge);

    public override Task RemoveAddress(string link, string address) => Space.Ip("addr", "del", address, "dev", link);

    public override Task AddAddress(string link, string address) => Space.Ip("addr", "add", address, "dev", link);

    public override Task AddForwarding(string link, ForwardingEntry entry) => Fdb("append", link, entry);

    public override Task RemoveForwarding(string link, ForwardingEntry entry) => Fdb("del", link, entry);

    private Task<string> Fdb(string verb, string link, ForwardingEntry entry) => Netns.Tool(
        "bridge", "-n", Space.Name, "fdb", verb, $"{entry.Mac.GetValueOrDefault()}", "dev", link, "dst", $"{entry.Remote}");

    public override Task DeleteSwitchPort(string port) => Ovs!.Ctl("--if-exists", "del-port", port);

    public DnsmasqLeases Leases => _leases ??= new DnsmasqLeases(Path.Combine(State, "network"), TimeProvider.System);

    public override async Task AddForeignBridge(string name, int mtu)
    {
        await Space.Ip("link", "add", name, "type", "bridge");
        await Space.Ip("link", "set", name, "mtu", $"{mtu}", "up");
    }

    public override Task DeleteLink(string name) => Space.Ip("link", "del", name);

    public override Task SetBridgeFilter(bool on) =>
        Space.Exec("sysctl", "-qw", $"net.bridge.bridge-nf-call-iptables={(on ? 1 : 0)}");

    public override Task FlushFirewall() => Space.Exec("nft", "flush", "ruleset");

    public override Task KillDhcp(NetworkId network) => Netns.Tool("kill", "-9", DhcpPid(network));

    /// <summary>As after a restart of the machine: no namespace, no process, and a boot that is another one's.</summary>
    public async Task RemoveGuestAtOnce(InstanceId instance)
    {
        string space = NamespacesDriver.SpaceOf(instance);
        foreach (string pid in (await Netns.Tool("ip", "netns", "pids", space)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // A step of its boot may have ended by itself meanwhile.
            Processes.Signal(int.Parse(pid, CultureInfo.InvariantCulture), Processes.Kill);
        }

        await Netns.Tool("ip", "netns", "del", space);
        await File.WriteAllTextAsync(Path.Combine(State, "guests", instance.ToString(), "boot"), "an earlier boot");
    }

    public string DhcpPid(NetworkId network) =>
        File.ReadAllText(Path.Combine(State, "network", "dhcp", network.ToString(), "pid")).Trim();

    public override async ValueTask DisposeAsync()
    {
        await Reconcile(DesiredHost.Empty);
        if (Ovs is not null)
        {
            await Ovs.DisposeAsync();
        }

        await Space.DisposeAsync();
        if (Directory.Exists(State))
        {
            Directory.Delete(State, recursive: true);
        }
    }
}
