namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// The DNS servers that guests are told, in order, as asked for; null stands for the host that gives them their leases: its
/// server answers for the guests' names, and asks the other servers, or its host's own, for all else.
/// </summary>
public sealed record DnsServers(IReadOnlyList<Ip4Address?> Asked)
{
    /// <summary>How that host is spoken of in a request.</summary>
    public const string Host = "host";

    public static DnsServers None { get; } = new([]);

    public bool NamesHost => Asked.Any(a => a is null);

    /// <summary>The addresses; that host's is <paramref name="dhcpServer"/>, and left out where there is none.</summary>
    public IReadOnlyList<Ip4Address> At(Ip4Address? dhcpServer) =>
        [.. Asked.Select(a => a ?? dhcpServer).OfType<Ip4Address>().Distinct()];

    public bool Equals(DnsServers? other) => other is not null && Asked.SequenceEqual(other.Asked);

    public override int GetHashCode() => Asked.Count;
}
