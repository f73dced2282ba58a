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

    [Id(30)]
    public LaunchDetails Launch { get; init; } = LaunchDetails.None;
}

/// <summary>
/// What a launch says of an instance beside its network. Instances of one launch share <paramref name="Reservation"/>, and
/// <paramref name="Index"/> is the instance's place among them; <paramref name="KeyName"/> is the name that the caller gave.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.LaunchDetails")]
public sealed record LaunchDetails(string? Reservation = null, int Index = 0, string? KeyName = null)
{
    /// <summary>EC2's limit, in bytes as the instance reads them.</summary>
    public const int LongestUserData = 16 * 1024;

    public static LaunchDetails None { get; } = new();
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

    /// <summary>What the instance may read of itself.</summary>
    [Id(30)]
    public InstanceFacts Facts { get; init; } = InstanceFacts.None;
}

/// <summary>
/// What an instance may read of itself where it runs. <paramref name="Number"/> is its row's, which EC2 ids are made of;
/// <paramref name="UserData"/> is base64.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.InstanceFacts")]
public sealed record InstanceFacts(
    long Number, string? ImageRef, string? FlavorRef, LaunchDetails Launch, string? UserData,
    IReadOnlyDictionary<string, string> Metadata)
{
    public static InstanceFacts None { get; } =
        new(0, null, null, LaunchDetails.None, null, new Dictionary<string, string>());
}
