namespace NovaOrleans.NetworkServices;

/// <summary>
/// One VNIC of one instance, as its compute host is told of it: all that translation needs, so that a host needs to ask
/// nothing. <paramref name="NicIndex"/> is the NIC's place in the instance, from 0. <paramref name="Generation"/> rises
/// with each attachment of the VNIC; reports of an older one are ignored and counted.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.HostBinding")]
public sealed record HostBinding(
    VnicId Vnic,
    InstanceId Instance,
    int NicIndex,
    long Generation,
    ServicePath Service,
    ProjectId Project,
    string HostName,
    NetworkFacts? Network,
    NetworkInfo Info)
{
    /// <summary>The groups whose rules say what may come in; none means that nothing is asked of them.</summary>
    [Id(20)]
    public IReadOnlyList<SecurityGroupId> SecurityGroups { get; init; } = [];

    [Id(21)]
    public IReadOnlyList<FloatingAddress> FloatingIps { get; init; } = [];

    /// <summary>Port state ACTIVE (R16); false is DOWN, and nothing passes.</summary>
    [Id(22)]
    public bool Up { get; init; } = true;
}

/// <summary>
/// A floating IP and the fixed one that it stands for. <paramref name="Interface"/> is the host's link to the outside, null for
/// the one that the host was configured with.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.FloatingAddress")]
public sealed record FloatingAddress(Ip4Address Address, Ip4Address Fixed, string? Interface);

/// <summary>
/// What a host is told of a network. Kernel words only; what a service adds for its own net-agent is in
/// <paramref name="Extra"/>. <paramref name="Bridge"/> null means that the service derives the name.
/// <paramref name="Firewall"/> is <c>nft</c> or <c>none</c>, <paramref name="Dhcp"/> <c>dnsmasq</c> or <c>none</c>;
/// <paramref name="Mtu"/> is in bytes, 68 to 65535.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.NetworkFacts")]
public sealed record NetworkFacts(
    NetworkId Network,
    string Label,
    string? Bridge,
    string? BridgeInterface,
    VlanTag? Vlan,
    int Mtu,
    string Firewall,
    string Dhcp,
    bool Injected,
    IReadOnlyDictionary<string, string> Extra)
{
    /// <summary>The one host that is gateway and DHCP server of the network; null where each host serves its own VNICs.</summary>
    [Id(20)]
    public HostName? NetworkHost { get; init; }

    [Id(21)]
    public VpnForward? Vpn { get; init; }

    /// <summary>The DNS domain of the guests' names; null for none.</summary>
    [Id(30)]
    public string? Domain { get; init; }

    /// <summary>How long a lease is; 0, as in a record of an earlier version, for the usual day.</summary>
    [Id(31)]
    public int LeaseSeconds { get; init; }

    /// <summary>Whether a host with a VNIC of it is told of those on other hosts, as <see cref="MemberFact"/>s.</summary>
    [Id(40)]
    public bool TellsMembers { get; init; }

    /// <summary>Whether <paramref name="host"/> is gateway and DHCP server for VNICs of this network.</summary>
    public bool IsServedBy(HostName host) => NetworkHost is not { } only || only == host;
}

/// <summary>UDP to the public address and port goes to port 1194 of the private one (R32, managers' VPN).</summary>
[GenerateSerializer, Immutable, Alias("nova.VpnForward")]
public sealed record VpnForward(string PublicAddress, int PublicPort, Ip4Address PrivateAddress);
