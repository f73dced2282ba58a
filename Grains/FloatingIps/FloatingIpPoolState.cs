namespace NovaOrleans.FloatingIps;

/// <summary>
/// What a decision about one floating IP rests on, read in the commit that it is made in. <paramref name="Version"/> fences the
/// row; the view's port is that of a live association only (see <see cref="FloatingIpRows"/>).
/// </summary>
public sealed record FloatingIpPoolState(FloatingIpView View, long Version, string? RequestHash)
{
    /// <summary>The fixed IP that it is to stand for; null where the VNIC has no such one, or is not the project's.</summary>
    public Target? Wanted { get; init; }

    /// <summary>The other floating IP that stands for it.</summary>
    public Ip4Address? WantedHas { get; init; }

    /// <param name="Port">The fixed IP's row.</param>
    /// <param name="Address">The fixed IP.</param>
    /// <param name="Network">Its network.</param>
    /// <param name="Service">The network's service.</param>
    /// <param name="Nat">Whether hosts translate addresses for that network.</param>
    public sealed record Target(PortId Port, Ip4Address Address, NetworkId Network, ServicePath Service, bool Nat);
}
