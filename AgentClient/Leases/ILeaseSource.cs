namespace NovaOrleans.Agent.Leases;

/// <summary>The leases that the host's DHCP servers have given, as they keep them themselves.</summary>
public interface ILeaseSource
{
    /// <summary>All of them, and the same list as before where nothing changed.</summary>
    IReadOnlyList<DhcpLease> Read();
}

/// <summary>A host whose guests are given no leases.</summary>
public sealed class NoLeases : ILeaseSource
{
    public IReadOnlyList<DhcpLease> Read() => [];
}
