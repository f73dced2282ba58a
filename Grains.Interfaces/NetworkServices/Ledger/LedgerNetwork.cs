namespace NovaOrleans.NetworkServices;

/// <summary>A network of the service, as the ledger has it.</summary>
public sealed record LedgerNetwork(NetworkId Id, ProjectId? Project, string Label, NetworkFacts Facts)
{
    public LedgerSubnet? Subnet { get; init; }
    public Cidr6? CidrV6 { get; init; }
    public Ip6Address? GatewayV6 { get; init; }

    /// <summary>Only an open network takes new VNICs; one that is being deleted is not.</summary>
    public bool Open { get; init; } = true;

    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A VNIC of the service with its ports, in order; <paramref name="Instance"/> is null where none has it.</summary>
public sealed record LedgerVnic(
    VnicId Id, ProjectId Project, MacAddress Mac, string? Name, IReadOnlyList<LedgerPort> Ports, InstanceId? Instance)
{
    /// <summary>The compute host of its instance; null where it is on none.</summary>
    public HostName? Host { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A port of a network and what it holds; without IPv4 or IPv6 the addresses are null.</summary>
public sealed record LedgerPort(PortId Id, NetworkId Network, ProjectId Project, Ip4Address? Address, Ip6Address? AddressV6, VnicId? Vnic);
