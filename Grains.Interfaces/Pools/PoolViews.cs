namespace NovaOrleans.Pools;

/// <summary>
/// A port, which for the built-in services is a fixed IP (seed S79). <paramref name="Up"/> false cuts its traffic (rows
/// R16).
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.PortView")]
public sealed record PortView(
    PortId Id,
    NetworkId Network,
    ProjectId Project,
    Ip4Address? Address,
    Ip6Address? AddressV6,
    PortPhase Phase,
    VnicId? Vnic,
    bool Up,
    DateTimeOffset CreatedAt)
{
    /// <summary>When the lease ends by which its guest has the address; null where its host has told of none.</summary>
    [Id(20)]
    public DateTimeOffset? LeasedUntil { get; init; }

    /// <summary>Somebody's, and not resting or reserved.</summary>
    public bool IsAllocated => Phase is not (PortPhase.Quarantined or PortPhase.Reserved);
}

/// <summary>
/// The life of a fixed IP; free ones have no live row. <see cref="Active"/> is in views only, where a row says
/// <see cref="Held"/>, and so is <see cref="Releasing"/> but for an address that leaves a VNIC which stays.
/// </summary>
[GenerateSerializer, Alias("nova.PortPhase")]
public enum PortPhase
{
    /// <summary>A port without a VNIC.</summary>
    Allocated = 1,

    /// <summary>A VNIC holds it.</summary>
    Held = 2,

    /// <summary>Its VNIC is gone from the ledger; it rests until its time is over.</summary>
    Quarantined = 3,

    /// <summary>The operator keeps it out of the pool.</summary>
    Reserved = 4,

    /// <summary>Held, and the host has read back that the VNIC is as it should be.</summary>
    Active = 5,

    /// <summary>Taken until the host has read back that it is not let out any more.</summary>
    Releasing = 6,
}

/// <summary>
/// How full a pool is. <paramref name="Size"/> counts what may be handed out at all; free = size − held − reserved −
/// quarantined. <paramref name="NextFreeAt"/> is when the next quarantined address is over.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.PoolView")]
public sealed record PoolView(
    NetworkId Network, long Size, long Held, long Reserved, long Quarantined, DateTimeOffset? NextFreeAt)
{
    public long Free => Size - Held - Reserved - Quarantined;
}
