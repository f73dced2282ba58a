namespace NovaOrleans.Pools;

/// <summary>Which ports of a network a list is of: all that is given must hold.</summary>
[GenerateSerializer, Immutable, Alias("nova.PortFilter")]
public sealed record PortFilter(NetworkId Network)
{
    [Id(10)]
    public ProjectId? Project { get; init; }

    [Id(11)]
    public Ip4Address? Address { get; init; }

    [Id(12)]
    public bool? Up { get; init; }

    /// <summary>What is plugged in.</summary>
    [Id(13)]
    public VnicId? Vnic { get; init; }
}
