namespace NovaOrleans.Agent;

/// <summary>
/// Joins the fragments of several services into one desired host. What two of them describe differently is the fault
/// of the later one: its ports that rest on it are left out, with the reason, and everything else goes on.
/// </summary>
internal sealed class FragmentJoin(DefaultRoutes routes)
{
    private readonly Dictionary<string, VlanLink> _vlans = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VxlanLink> _vxlans = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Bridge> _bridges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlacedPort> _ports = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PortGuard> _guards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DhcpScope> _scopes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FloatingNat> _floating = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SourceNat> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PortForward> _forwards = new(StringComparer.Ordinal);
    private readonly Dictionary<VnicId, string> _faults = [];
    private readonly Dictionary<ServicePath, string> _serviceFaults = [];

    public void Add(ServicePath service, HostFragment fragment, Func<GuestPort, GuestAttachment?> attachment)
    {
        Dictionary<string, string> bad = new(StringComparer.Ordinal);
        foreach (VlanLink link in fragment.VlanLinks)
        {
            Join(_vlans, link.Name, link, FaultOf(link), bad);
        }

        foreach (VxlanLink link in fragment.VxlanLinks)
        {
            Join(_vxlans, link.Name, link, FaultOf(link) ?? Taken(link), bad);
        }

        foreach (Bridge bridge in fragment.Bridges)
        {
            string? fault = FaultOf(bridge) ?? (bridge.Uplink is { } uplink ? bad.GetValueOrDefault(uplink) : null);
            Join(_bridges, bridge.Name, bridge, fault, bad);
        }

        foreach (GuestPort port in fragment.Ports)
        {
            string? fault = FaultOf(port) ?? bad.GetValueOrDefault(port.Bridge)
                ?? (attachment(port) is null ? $"port {port.Name} is of no binding of this host" : null);
            if (fault is not null
                || !Join(_ports, port.Name, new PlacedPort(port, attachment(port)!, service), null, bad))
            {
                _faults[port.Vnic] = $"{service}: {fault ?? bad[port.Name]}";
            }
        }

        AddGuards(fragment);
        AddScopes(service, fragment, bad);
        AddNat(fragment, bad);
    }

    public void Fault(VnicId vnic, string reason) => _faults[vnic] = reason;

    /// <summary>The service could not translate at all.</summary>
    public void Fault(ServicePath service, string reason) => _serviceFaults[service] = reason;

    public bool IsFaulty(VnicId vnic) => _faults.ContainsKey(vnic);

    public DesiredHost Result(ImmutableSortedDictionary<string, WantedGuest> guests) => new()
    {
        VlanLinks = DesiredHost.Named<VlanLink>().AddRange(_vlans),
        VxlanLinks = DesiredHost.Named<VxlanLink>().AddRange(_vxlans),
        Bridges = DesiredHost.Named<Bridge>().AddRange(_bridges),
        Ports = DesiredHost.Named<PlacedPort>().AddRange(_ports),
        Guards = DesiredHost.Named<PortGuard>().AddRange(_guards),
        DhcpScopes = DesiredHost.Named<DhcpScope>().AddRange(_scopes),
        FloatingNats = DesiredHost.Named<FloatingNat>().AddRange(_floating),
        SourceNats = DesiredHost.Named<SourceNat>().AddRange(_sources),
        PortForwards = DesiredHost.Named<PortForward>().AddRange(_forwards),
        Guests = guests,
        Faults = _faults.ToImmutableDictionary(),
        ServiceFaults = _serviceFaults.ToImmutableDictionary(),
    };

    private void AddGuards(HostFragment fragment)
    {
        foreach (PortGuard guard in fragment.Guards.Where(g => _ports.ContainsKey(g.Port)))
        {
            _guards[guard.Port] = guard;
        }
    }

    private void AddScopes(ServicePath service, HostFragment fragment, Dictionary<string, string> bad)
    {
        foreach (DhcpScope scope in fragment.DhcpScopes.Where(s => _bridges.ContainsKey(s.Bridge)))
        {
            string network = scope.Network.ToString();
            if (!Join(_scopes, network, routes.Of(scope), FaultOf(scope), bad))
            {
                foreach (GuestPort port in fragment.Ports.Where(p => p.Bridge == scope.Bridge))
                {
                    _faults.TryAdd(port.Vnic, $"{service}: {bad[network]}");
                }
            }
        }
    }

    /// <summary>Of two claims to one public address the first is kept; its guests are reached without it.</summary>
    private void AddNat(HostFragment fragment, Dictionary<string, string> bad)
    {
        foreach (FloatingNat nat in fragment.FloatingNats)
        {
            Join(_floating, nat.Floating.ToString(), nat, LinkName(nat.Bridge) ?? LinkFault(nat.Interface), bad);
        }

        foreach (SourceNat nat in fragment.SourceNats)
        {
            Join(_sources, $"{nat.Source} {nat.Bridge}", nat, LinkName(nat.Bridge) ?? LinkFault(nat.Interface), bad);
        }

        foreach (PortForward forward in fragment.PortForwards)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"{forward.Public}:{forward.PublicPort}");
            Join(_forwards, key, forward, LinkName(forward.Bridge), bad);
        }
    }

    private static string? LinkFault(string? name) => name is null ? null : LinkName(name);

    /// <summary>Keeps the first description; a different second one is bad.</summary>
    private static bool Join<T>(
        Dictionary<string, T> kept, string name, T item, string? fault, Dictionary<string, string> bad)
        where T : class
    {
        fault ??= kept.TryGetValue(name, out T? first) && !first.Equals(item)
            ? $"{name} is described otherwise by another network service" : null;
        if (fault is not null)
        {
            bad[name] = fault;
            return false;
        }

        kept[name] = item;
        return true;
    }

    private static string? FaultOf(VlanLink link) =>
        LinkName(link.Name) ?? LinkName(link.Parent) ?? MtuFault(link.Name, link.Mtu);

    private static string? FaultOf(VxlanLink link) => LinkName(link.Name) ?? MtuFault(link.Name, link.Mtu)
        ?? (link.Vni == default ? $"{link.Name}: 0 is not {Vni.Accepts}" : null)
        ?? (link.UdpPort is < 1 or > 65535 ? $"{link.Name}: UDP port {link.UdpPort} is not within 1 to 65535" : null)
        ?? link.Forwarding.Select(e => e.Remote).Append(link.Local).Where(a => !a.IsOfOneHost)
            .Select(a => $"{link.Name}: {a} is no address of one host").FirstOrDefault()
        ?? (link.Forwarding.Any(e => e.Remote == link.Local) ? $"{link.Name}: {link.Local} is this host's own, and no other's" : null)
        ?? link.Forwarding.GroupBy(e => e.Mac is { } mac ? $"{mac}" : $"{e}").Where(g => g.Count() > 1)
            .Select(g => $"{link.Name}: {g.First()} is there twice").FirstOrDefault();

    /// <summary>The kernel has one link of a VNI; frames could not be told apart.</summary>
    private string? Taken(VxlanLink link) => _vxlans.Values
        .Where(l => l.Vni == link.Vni && l.UdpPort == link.UdpPort && l.Name != link.Name)
        .Select(l => $"{link.Name}: VNI {l.Vni} at UDP port {l.UdpPort} is {l.Name} already").FirstOrDefault();

    private static string? FaultOf(Bridge bridge) => LinkName(bridge.Name)
        ?? (bridge.Uplink is { } uplink ? LinkName(uplink) : null)
        ?? MtuFault(bridge.Name, bridge.Mtu)
        ?? bridge.Addresses.Where(a => !IsAddress(a))
            .Select(a => $"'{a}' is no address with prefix length").FirstOrDefault();

    private static string? FaultOf(GuestPort port) =>
        LinkName(port.Name) ?? LinkName(port.Bridge) ?? MtuFault(port.Name, port.Mtu);

    private static string? FaultOf(DhcpScope scope) =>
        scope.Hosts.FirstOrDefault(h => !Names.IsDnsLabel(h.Name)) is { } host
            ? $"dhcp host name '{host.Name}' is no DNS label"
            : scope.Domain is { } domain && !Names.IsDomain(domain)
                ? $"'{domain}' is no {Names.DomainAccepts}"
                : scope.AdvertisedPrefix is { Length: not 64 } prefix
                    ? $"{prefix} cannot be advertised: addresses are made in a /64" : null;

    private static string? LinkName(string name) =>
        Names.IsLink(name) ? null : $"'{name}' is no name for a link: {Names.LinkAccepts}";

    private static string? MtuFault(string name, int mtu) =>
        mtu is >= 68 and <= 65535 ? null : $"{name}: MTU {mtu} is not within 68 to 65535";

    private static bool IsAddress(string text) => text.Split('/') is [var address, var length]
        && int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out int bits)
        && ((Ip4Address.TryParse(address, out _) && bits <= 32)
            || (Ip6Address.TryParse(address, out _) && bits <= 128));
}
