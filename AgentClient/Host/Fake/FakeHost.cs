namespace NovaOrleans.Agent.Host;

/// <summary>
/// A kernel in memory that behaves as the real one does where an agent can tell: it refuses what the kernel refuses,
/// and what goes away takes with it what it would. For machines without root, for plug-in authors, and for tests,
/// which run the same suite over it and over <see cref="LinuxHost"/>.
/// </summary>
public sealed partial class FakeHost : IHostNetwork
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _spaces = new(StringComparer.Ordinal);
    private ActualHost _now = ActualHost.Empty;

    public FakeHost() => AddForeignLink("lo", LinkKind.Other);

    /// <summary>Whether the kernel can make VLAN links; some are built without (CONFIG_VLAN_8021Q).</summary>
    public bool HasVlans { get; set; } = true;

    /// <summary>As <see cref="HasVlans"/>, of VXLAN links (CONFIG_VXLAN).</summary>
    public bool HasVxlans { get; set; } = true;

    /// <summary>What the host speaks to others from, by its routes.</summary>
    public Ip4Address? Address { get; set; }

    /// <summary>Whether the host has Open vSwitch for its switch.</summary>
    public bool HasOvs
    {
        get => _now.Switch is not null;
        init => _now = _now with { Switch = value ? ActualSwitch.Empty : null };
    }

    /// <summary>Whether br_netfilter can be loaded.</summary>
    public bool HasBridgeFilter { get; set; } = true;

    /// <summary>How many steps were run, ever: a converged host is not touched.</summary>
    public int StepsRun { get; private set; }

    public Task<ActualHost> Observe(CancellationToken stop)
    {
        lock (_lock)
        {
            return Task.FromResult(_now);
        }
    }

    public Task<IReadOnlyList<StepResult>> Run(IReadOnlyList<Step> batch, CancellationToken stop)
    {
        lock (_lock)
        {
            StepsRun += batch.Count;
            return Task.FromResult<IReadOnlyList<StepResult>>([.. batch.Select(s => new StepResult(s, Try(s)))]);
        }
    }

    public Task<Ip4Address?> OwnAddress(CancellationToken stop) => Task.FromResult(Address);

    /// <summary>Somebody else makes a link: an operator's bridge, a card.</summary>
    public void AddForeignLink(string name, LinkKind kind, int mtu = 1500, string? master = null)
    {
        lock (_lock)
        {
            Put(new ActualLink(name, kind, Ours: false, Up: true, mtu, master) { Filtered = kind != LinkKind.Bridge });
        }
    }

    /// <summary>Somebody deletes a link.</summary>
    public void DeleteLink(string name)
    {
        lock (_lock)
        {
            Remove(name);
        }
    }

    /// <summary>Somebody changes a link: its MTU, its bridge, its addresses.</summary>
    public void ChangeLink(string name, Func<ActualLink, ActualLink> change)
    {
        lock (_lock)
        {
            Change(name, change);
        }
    }

    /// <summary>Somebody flushes the ruleset.</summary>
    public void FlushFirewall()
    {
        lock (_lock)
        {
            _now = _now with { Firewall = ActualFirewall.Absent };
        }
    }

    /// <summary>Somebody turns br_netfilter off, or on again.</summary>
    public void SetBridgeFilter(BridgeFilter filter)
    {
        lock (_lock)
        {
            _now = _now with { BridgeFilter = filter };
        }
    }

    /// <summary>A DHCP server dies.</summary>
    public void KillDhcp(NetworkId network)
    {
        lock (_lock)
        {
            string key = network.ToString();
            _now = _now with { Dhcp = _now.Dhcp.SetItem(key, _now.Dhcp[key] with { Running = false }) };
        }
    }

    public void AddSpace(string space)
    {
        lock (_lock)
        {
            _spaces.Add(space);
        }
    }

    /// <summary>A namespace goes, and with it both ends of every veth in it.</summary>
    public void RemoveSpace(string space)
    {
        lock (_lock)
        {
            _spaces.Remove(space);
            foreach (ActualLink link in _now.Links.Values.Where(l => l.GuestSpace == space))
            {
                Remove(link.Name);
            }
        }
    }

    private void Put(ActualLink link) => _now = _now with { Links = _now.Links.SetItem(link.Name, link) };

    private void Remove(string name)
    {
        string? peer = _now.Links.GetValueOrDefault(name)?.Peer;
        _now = _now with { Links = _now.Links.Remove(name) };
        if (peer is not null)
        {
            Remove(peer);
        }

        foreach (ActualLink link in _now.Links.Values)
        {
            if (link.Parent == name)
            {
                Remove(link.Name);
            }
            else if (link.Master == name)
            {
                Put(link with { Master = null });
            }
        }
    }
}
