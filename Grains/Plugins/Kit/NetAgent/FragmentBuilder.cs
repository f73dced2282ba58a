using NovaOrleans.NetworkServices.Host;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// Gathers a fragment's pieces. Networks that an operator put on one bridge share one description of it.
/// </summary>
internal sealed class FragmentBuilder
{
    private readonly List<VlanLink> _vlanLinks = [];
    private readonly List<Bridge> _bridges = [];
    private readonly List<GuestPort> _ports = [];
    private readonly List<PortGuard> _guards = [];
    private readonly List<DhcpScope> _dhcpScopes = [];
    private readonly List<FloatingNat> _floatingNats = [];
    private readonly List<SourceNat> _sourceNats = [];
    private readonly List<PortForward> _portForwards = [];

    public void Add(VlanLink link) => _vlanLinks.Add(link);
    public void Add(GuestPort port) => _ports.Add(port);
    public void Add(PortGuard guard) => _guards.Add(guard);
    public void Add(DhcpScope scope) => _dhcpScopes.Add(scope);

    /// <summary>What the fragment has of translated addresses.</summary>
    public void AddNat(HostFragment nat)
    {
        _floatingNats.AddRange(nat.FloatingNats);
        _sourceNats.AddRange(nat.SourceNats);
        _portForwards.AddRange(nat.PortForwards);
    }

    /// <summary>
    /// The smaller MTU and all addresses count. Two uplinks do not go together: both descriptions stay, and the host
    /// reports the fault.
    /// </summary>
    public void Add(Bridge bridge)
    {
        int known = _bridges.FindIndex(b => b.Name == bridge.Name
            && (b.Uplink is null || bridge.Uplink is null || b.Uplink == bridge.Uplink));
        if (known < 0)
        {
            _bridges.Add(bridge);
            return;
        }

        Bridge other = _bridges[known];
        _bridges[known] = new Bridge(
            bridge.Name,
            Math.Min(other.Mtu, bridge.Mtu),
            other.Uplink ?? bridge.Uplink,
            [.. other.Addresses.Union(bridge.Addresses)])
        {
            SharesAddresses = other.SharesAddresses && bridge.SharesAddresses,
        };
    }

    public HostFragment Build() => new()
    {
        VlanLinks = _vlanLinks,
        Bridges = _bridges,
        Ports = _ports,
        Guards = _guards,
        DhcpScopes = _dhcpScopes,
        FloatingNats = _floatingNats,
        SourceNats = _sourceNats,
        PortForwards = _portForwards,
    };
}
