namespace NovaOrleans.Networks;

/// <summary>
/// Creates several networks of one service in one commit: all of them or, where one conflicts, none. The service's
/// net-api has already validated and derived every field; the range grain guards that ranges, VLAN ids and bridges of
/// the service stay unique.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.CreateNetworks")]
public sealed record CreateNetworks(ServicePath Service, string Actor, RequestKey? Key, IReadOnlyList<NewNetwork> Networks) : IKeyed
{
    /// <summary>Whether the project's quota of networks holds: for its own requests, as in nova, and not for an admin's.</summary>
    [Id(10)]
    public bool HeldToQuota { get; init; }
}

/// <summary>One network to be. VLAN ids and VPN ports may be left open for the range grain to choose the next free one.</summary>
[GenerateSerializer, Immutable, Alias("nova.NewNetwork")]
public sealed record NewNetwork(
    NetworkId Id, ProjectId? Project, string Label, NetworkLinks Links, Subnet4? Subnet4, Subnet6? Subnet6)
{
    [Id(10)]
    public bool Injected { get; init; }

    [Id(11)]
    public bool MultiHost { get; init; }

    [Id(12)]
    public bool ShareAddress { get; init; }

    [Id(13)]
    public int? Priority { get; init; }

    [Id(14)]
    public int QuarantineSeconds { get; init; } = 30;

    /// <summary>Choose the lowest free VLAN id from here on; null where the network has a given one or none.</summary>
    [Id(15)]
    public int? VlanFrom { get; init; }

    /// <summary>Derive the bridge from the VLAN id that was chosen, as <c>br{vlan}</c>.</summary>
    [Id(16)]
    public bool BridgeFromVlan { get; init; }

    [Id(17)]
    public VpnFacts? Vpn { get; init; }

    /// <summary>Whether the hosts of the network are its way out, so that floating IPs can stand for its addresses.</summary>
    [Id(30)]
    public bool Nat { get; init; }

    /// <summary>Whether nothing outside reaches it, so that its addresses may be another network's too.</summary>
    [Id(31)]
    public bool Isolated { get; init; }

    /// <summary>Whether a host with a VNIC of it is told of its VNICs on the other hosts.</summary>
    [Id(32)]
    public bool TellsMembers { get; init; }

    /// <summary>What the service's own net-agent is told of it on each host.</summary>
    [Id(33)]
    public IReadOnlyDictionary<string, string> Extra { get; init; } = new Dictionary<string, string>();
}

/// <summary>What may change on a network afterwards (rows R6); null leaves a field as it is.</summary>
[GenerateSerializer, Immutable, Alias("nova.UpdateNetwork")]
public sealed record UpdateNetwork(string Actor, string? Label = null, IReadOnlyList<Ip4Address>? Dns = null)
{
    [Id(10)]
    public string? VpnPublicAddress { get; init; }

    [Id(11)]
    public int? VpnPublicPort { get; init; }

    [Id(12)]
    public int? QuarantineSeconds { get; init; }

    /// <summary>The compute host that serves the network; <see cref="ClearHost"/> takes it away.</summary>
    [Id(13)]
    public HostName? Host { get; init; }

    [Id(14)]
    public bool ClearHost { get; init; }
}
