namespace NovaOrleans.Instances;

/// <summary>A VM. <paramref name="Vnics"/> are in the order of its NICs.</summary>
[GenerateSerializer, Immutable, Alias("nova.InstanceView")]
public sealed record InstanceView(
    long RowId,
    InstanceId Id,
    ProjectId Project,
    ServicePath Service,
    string Name,
    InstanceStatus Status,
    HostName? Host,
    IReadOnlyList<VnicId> Vnics,
    string? Fault,
    DateTimeOffset CreatedAt,
    DateTimeOffset? UpdatedAt)
{
    /// <summary>Stored and given back, as the 1.1 API has them; the service itself does not read them.</summary>
    [Id(20)]
    public string? ImageRef { get; init; }

    [Id(21)]
    public string? FlavorRef { get; init; }

    [Id(22)]
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

[GenerateSerializer, Alias("nova.InstanceStatus")]
public enum InstanceStatus
{
    Building = 0,
    Active = 1,
    Deleting = 2,
    Deleted = 3,
    Error = 4,
}

/// <summary>
/// What a compute driver is told of an instance: nothing of networking but how many NICs to wait for, in order.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.InstanceSpec")]
public sealed record InstanceSpec(InstanceId Id, string Name, ProjectId Project, IReadOnlyList<VnicId> Nics)
{
    /// <summary>Null where neither a known image nor a known flavor was asked for.</summary>
    [Id(20)]
    public MachineSpec? Machine { get; init; }
}
