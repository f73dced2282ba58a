namespace NovaOrleans.NetworkServices;

/// <summary>
/// What a host is told beside its bindings: whatever else of the ledger its rules are made of. A fact is a pure function of
/// rows, told anew when they change; <see cref="Key"/> is what it replaces, unique among the facts of one host.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.HostFact")]
public abstract record HostFact
{
    public abstract string Key { get; }
}

/// <summary>The rules of a security group that VNICs of the host are in.</summary>
[GenerateSerializer, Immutable, Alias("nova.SecurityGroupFact")]
public sealed record SecurityGroupFact(SecurityGroupId Group, string Name, IReadOnlyList<SecurityRule> Rules) : HostFact
{
    public override string Key => $"group:{Group}";
}

/// <summary>
/// The addresses, IPv4 and IPv6 as text and in order, of all VNICs in a group that a rule on this host names as its source.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.GroupMembersFact")]
public sealed record GroupMembersFact(SecurityGroupId Group, IReadOnlyList<string> Addresses) : HostFact
{
    public override string Key => $"members:{Group}";
}

/// <summary>
/// A VNIC on another host, of a network that this host serves for others: as its network host (DHCP, NAT), or as a piece of an
/// overlay that must know where the others are. <paramref name="HostAddress"/> is where other hosts reach that one, an IPv4 address
/// as text; null where it did not say.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.MemberFact")]
public sealed record MemberFact(HostBinding Binding, HostName Host, string? HostAddress) : HostFact
{
    public override string Key => KeyOf(Binding.Vnic);

    public static string KeyOf(VnicId vnic) => $"member:{vnic}";
}

/// <summary>What is blocked for every guest of the cloud, whatever its groups say: prefixes as text, in order.</summary>
[GenerateSerializer, Immutable, Alias("nova.BlockedPrefixesFact")]
public sealed record BlockedPrefixesFact(IReadOnlyList<string> Prefixes) : HostFact
{
    public override string Key => "blocked";
}
