namespace NovaOrleans.Projects;

/// <summary>A project: which network service it uses (seed S43 to S46), and its quotas. Key: the project's id.</summary>
[Alias("nova.IProjectGrain")]
public interface IProjectGrain : IGrainWithStringKey
{
    /// <summary>Makes the project known; a second time is done already.</summary>
    [Alias("Create"), Repeatable]
    Task<Outcome<ProjectView>> Create(string? name, string actor);

    [Alias("Describe"), Repeatable]
    Task<Outcome<ProjectView>> Describe();

    /// <summary>
    /// Associates the project with one service, replacing the one before (S44, S72). Refused while VNICs of another service
    /// are attached to instances, unless <paramref name="force"/>; those keep their service until deleted (S152).
    /// </summary>
    [Alias("SetNetworkService"), Repeatable]
    Task<Outcome<ProjectView>> SetNetworkService(ServicePath service, bool force, string actor);

    /// <summary>
    /// Takes the project's networks from it, as nova's scrub; refused by the first of which a port is held. What it names is
    /// free for others then.
    /// </summary>
    [Alias("Scrub")]
    Task<Outcome<IReadOnlyList<NetworkId>>> Scrub(string actor);

    /// <summary>
    /// Forgets the project, with its association and quotas; refused while it has networks, VNICs, ports or instances. Deleting a
    /// deleted one is done already.
    /// </summary>
    [Alias("Delete"), Repeatable]
    Task<Outcome> Delete(string actor);

    /// <summary>What the project is held to; whoever makes what is limited counts and asks.</summary>
    [Alias("Quotas"), Repeatable]
    Task<Outcome<ProjectQuotas>> Quotas();

    /// <summary>Sets limits of the project's own; null gives a kind back to the default. What there is already stays.</summary>
    [Alias("SetQuotas"), Repeatable]
    Task<Outcome<ProjectQuotas>> SetQuotas(IReadOnlyDictionary<QuotaKind, long?> limits, string actor);
}

/// <summary>
/// <paramref name="Service"/> is null until one is set; <paramref name="Effective"/> is that or the default of
/// <c>--default_network_service</c> (S45, S46, S74).
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.ProjectView")]
public sealed record ProjectView(
    ProjectId Id, string? Name, ServicePath? Service, ServicePath Effective, DateTimeOffset CreatedAt);

/// <summary>The list of projects. One activation in the cluster; key 0.</summary>
[Alias("nova.IProjectListGrain"), Repeatable]
public interface IProjectListGrain : IGrainWithIntegerKey
{
    [Alias("Add")]
    Task Add(ProjectId project);

    [Alias("Remove")]
    Task Remove(ProjectId project);

    [Alias("List")]
    Task<IReadOnlyList<ProjectId>> List();
}
