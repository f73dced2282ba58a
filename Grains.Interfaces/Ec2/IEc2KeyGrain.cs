using Orleans.Concurrency;

namespace NovaOrleans.Ec2;

/// <summary>
/// One key of EC2's API. Its secret is kept as it is, because a request's signature can only be checked with it. Key: the access
/// key.
/// </summary>
[Alias("nova.IEc2KeyGrain")]
public interface IEc2KeyGrain : IGrainWithStringKey
{
    /// <summary>The key, or null where it was never made or is deleted.</summary>
    [Alias("Find"), Repeatable]
    Task<Ec2Key?> Find();

    /// <summary>Told by the project's keys alone. An access key that has a secret keeps it.</summary>
    [Alias("Keep")]
    Task<Ec2Key> Keep(Ec2Key key);

    /// <summary>Told by the project's keys alone: from now on nothing is signed with it.</summary>
    [Alias("Forget")]
    Task Forget();
}

/// <summary>The EC2 keys of a project. Key: the project's id.</summary>
[Alias("nova.IEc2KeyRingGrain")]
public interface IEc2KeyRingGrain : IGrainWithStringKey
{
    /// <summary>
    /// A new key, with its secret. Refused where there is no such project, or it has <see cref="Ec2Key.MostOfProject"/> keys. The
    /// same request again gives the same key.
    /// </summary>
    [Alias("Create"), Repeatable(ByKey = true)]
    Task<Outcome<Ec2Key>> Create(string actor, RequestKey? request);

    /// <summary>The same, of a role; a key that is made without one is a member's.</summary>
    [Alias("CreateAs"), Repeatable(ByKey = true)]
    Task<Outcome<Ec2Key>> CreateAs(Role role, string actor, RequestKey? request);

    /// <summary>The oldest first, without their secrets.</summary>
    [Alias("List"), Repeatable]
    Task<IReadOnlyList<Ec2KeyView>> List();

    /// <summary>The newest key with its secret, for the project's credentials; null where it has none.</summary>
    [Alias("Newest"), Repeatable]
    Task<Ec2Key?> Newest();

    [Alias("Delete"), Repeatable(Gone = RefusalCode.NotFound)]
    Task<Outcome> Delete(string accessKey, string actor);

    /// <summary>
    /// Deletes all keys, since their project is: one of the same name shall not be acted for with them. It interleaves, for a create
    /// that asks the project meanwhile would wait for this.
    /// </summary>
    [Alias("Clear"), Repeatable, AlwaysInterleave]
    Task Clear(string actor);
}

/// <summary>An access key with the project that it acts for. It prints without its secret.</summary>
[GenerateSerializer, Immutable, Alias("nova.Ec2Key")]
public sealed record Ec2Key(string AccessKey, string Secret, ProjectId Project)
{
    public const int MostOfProject = 20;
    public const int LongestAccessKey = 128;

    /// <summary>As it was given; none on a key of before there were roles.</summary>
    [Id(10)]
    public Role Given { get; init; }

    public Role Role => Given == Role.None ? Role.Member : Given;

    public override string ToString() => AccessKey;
}

[GenerateSerializer, Immutable, Alias("nova.Ec2KeyView")]
public sealed record Ec2KeyView(string AccessKey, DateTimeOffset CreatedAt)
{
    [Id(10)]
    public Role Role { get; init; }
}
