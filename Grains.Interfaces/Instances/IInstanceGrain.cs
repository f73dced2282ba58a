namespace NovaOrleans.Instances;

/// <summary>
/// A VM's life, as one saga: the intent is committed first (the row, <c>building</c>, with its VNICs), then each step is
/// idempotent by id, so that the next activation completes or undoes what a crash cut off. The only writer of its row
/// and of its association with VNICs. Key: the instance's UUID.
/// </summary>
[Alias("nova.IInstanceGrain")]
public interface IInstanceGrain : IGrainWithGuidKey
{
    /// <summary>
    /// Refused: a VNIC is unknown, another project's or already attached; no live host. The same id again gives the same
    /// instance.
    /// </summary>
    [Alias("Create"), Repeatable]
    Task<Outcome<InstanceView>> Create(CreateInstance command);

    [Alias("Describe"), Repeatable]
    Task<Outcome<InstanceView>> Describe();

    /// <summary>Begins the teardown; done when the host confirms it. Deleting a deleted instance is done already.</summary>
    [Alias("Delete"), Repeatable]
    Task<Outcome> Delete(ProjectId? project, string actor);

    /// <summary>One of its project's groups more; being in it already is done. Its host is told at once.</summary>
    [Alias("AddSecurityGroup"), Repeatable]
    Task<Outcome> AddSecurityGroup(ProjectId? project, SecurityGroupId group, string actor);

    /// <summary>Refused where it is not in the group, or in no other.</summary>
    [Alias("RemoveSecurityGroup"), Repeatable(Gone = RefusalCode.SecurityGroupNotFound)]
    Task<Outcome> RemoveSecurityGroup(ProjectId? project, SecurityGroupId group, string actor);

    /// <summary>
    /// What the host made of a VNIC's binding, told by the host grain until it is taken. An older generation is
    /// <c>Stale</c>.
    /// </summary>
    [Alias("HostReported")]
    Task<Outcome> HostReported(VnicId vnic, long generation, BindingOutcome outcome, string? fault);
}

/// <summary><paramref name="OwnedVnics"/>: those made for this instance alone (legacy form), deleted with it.</summary>
[GenerateSerializer, Immutable, Alias("nova.CreateInstance")]
public sealed record CreateInstance(
    ProjectId Project,
    ServicePath Service,
    string Name,
    IReadOnlyList<VnicId> Vnics,
    IReadOnlyList<VnicId> OwnedVnics,
    string Actor,
    HostName? Host = null,
    RequestKey? Key = null)
{
    [Id(20)]
    public string? ImageRef { get; init; }

    [Id(21)]
    public string? FlavorRef { get; init; }

    [Id(22)]
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>What image and flavor mean; null where neither is known.</summary>
    [Id(23)]
    public MachineSpec? Machine { get; init; }

    /// <summary>The project's groups that say what may come in to its NICs; none asks nothing.</summary>
    [Id(24)]
    public IReadOnlyList<SecurityGroupId> SecurityGroups { get; init; } = [];

    [Id(30)]
    public LaunchDetails Launch { get; init; } = LaunchDetails.None;

    /// <summary>What the instance may read of itself, base64, at most <see cref="LaunchDetails.LongestUserData"/> bytes of it.</summary>
    [Id(31)]
    public string? UserData { get; init; }
}

[GenerateSerializer, Alias("nova.BindingOutcome")]
public enum BindingOutcome
{
    Applied = 0,
    Failed = 1,
    TornDown = 2,
}
