namespace NovaOrleans.Agent.Leases;

/// <summary>One lease as a server keeps it.</summary>
public sealed record DhcpLease(MacAddress Mac, Ip4Address Address, DateTimeOffset Until);
