namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// What a service makes of a request for networks: which fields it has a use for, and what it derives where they are
/// absent. Addresses are counted from the network's own: 1 is .1 of a /24.
/// </summary>
public sealed record NetworkDesign
{
    /// <summary>Whether the guest's interfaces file is written, as nova's <c>flat_injected</c>.</summary>
    public required bool Injected { get; init; }

    /// <summary>
    /// Whether the compute host is gateway and DHCP server. Then the gateway is .1 where none is given; otherwise
    /// guests are told of no gateway but a given one, and .1 only stays free for a router.
    /// </summary>
    public required bool HostIsGateway { get; init; }

    /// <summary>Whether each network has a VLAN id, and the bridge is named by it.</summary>
    public required bool HasVlan { get; init; }

    /// <summary>
    /// The first address handed out: nova kept .1 for the gateway and, for vlan, .2 for the project's VPN.
    /// </summary>
    public required uint FirstAddress { get; init; }

    /// <summary>Where the address inside the network of a project's VPN is; null for a service without VPNs.</summary>
    public uint? VpnAddress { get; init; }

    /// <summary>The public address of the projects' VPNs; without one, networks have no VPN.</summary>
    public string? VpnPublicAddress { get; init; }

    /// <summary>VLAN ids are given out from here on, unless the request says otherwise.</summary>
    public int VlanStart { get; init; } = 100;

    /// <summary>VPN ports are given out from here on, unless the request says otherwise.</summary>
    public int VpnStart { get; init; } = 1000;

    /// <summary>What the operator configured for requests that leave it open.</summary>
    public NetworkDefaults Defaults { get; init; } = new();
}

/// <summary>
/// A service's own section of the configuration, <c>NetworkServices:{name}</c>, in the words of the API's fields.
/// <paramref name="Mtu"/> in bytes; <paramref name="QuarantineSeconds"/> 0 to 86,400.
/// </summary>
public sealed record NetworkDefaults(string? BridgeInterface = null, int Mtu = 1500, int QuarantineSeconds = 30)
{
    public DnsServers Dns { get; init; } = DnsServers.None;

    /// <summary>nova's own default.</summary>
    public string DhcpDomain { get; init; } = "novalocal";

    /// <summary>In seconds; a day, as nova's last default: a lease is fixed anyway, and renewals are only noise.</summary>
    public int DhcpLeaseTime { get; init; } = 86400;
}
