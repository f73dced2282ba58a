namespace NovaOrleans.NetworkServices;

/// <summary>
/// One rule of a security group, as nova had them: what may come in. <paramref name="FromPort"/> to
/// <paramref name="ToPort"/> are ports 0 to 65535 of TCP and UDP; of ICMP they are type and code, 0 to 255 or −1 for any; of any
/// protocol they are −1. The source is either <paramref name="Cidr"/> (IPv4 or IPv6 text) or the members of
/// <paramref name="SourceGroup"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.SecurityRule")]
public sealed record SecurityRule(
    SecurityRuleId Id, RuleProtocol Protocol, int FromPort, int ToPort, string? Cidr, SecurityGroupId? SourceGroup)
{
    /// <summary>The row's number, which nova's APIs speak of; 0 in what a host is told.</summary>
    [Id(20)]
    public long RowId { get; init; }
}

[GenerateSerializer, Alias("nova.RuleProtocol")]
public enum RuleProtocol
{
    Any = 0,
    Icmp = 1,
    Tcp = 6,
    Udp = 17,
}
