namespace NovaOrleans.Vnics;

/// <summary>Which VNICs a list is of: all that is given must hold. Nothing given is every project's.</summary>
[GenerateSerializer, Immutable, Alias("nova.VnicFilter")]
public sealed record VnicFilter
{
    [Id(0)]
    public ProjectId? Project { get; init; }

    [Id(1)]
    public string? Name { get; init; }

    [Id(2)]
    public MacAddress? Mac { get; init; }

    [Id(3)]
    public InstanceId? Instance { get; init; }

    [Id(4)]
    public HostName? Host { get; init; }

    /// <summary>Those with a port of this network.</summary>
    [Id(5)]
    public NetworkId? Network { get; init; }

    /// <summary>Those with a port that is up, or down; of <see cref="Network"/> where that is given too.</summary>
    [Id(6)]
    public bool? Up { get; init; }
}
