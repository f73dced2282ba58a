namespace NovaOrleans.Networks;

/// <summary>A logical network after its creation; the only writer of its row. Key: the network's UUID.</summary>
[Alias("nova.INetworkGrain"), Repeatable]
public interface INetworkGrain : IGrainWithGuidKey
{
    /// <summary>The network, also while closing; refused once deleted.</summary>
    [Alias("Describe")]
    Task<Outcome<NetworkView>> Describe();

    [Alias("Update")]
    Task<Outcome<NetworkView>> Update(UpdateNetwork command);

    /// <summary>Gives a network without project to one; the project that already has it succeeds again (seed S129).</summary>
    [Alias("Associate")]
    Task<Outcome<NetworkView>> Associate(ProjectId project, string actor);

    /// <summary>Takes the network from its project; refused while ports are held.</summary>
    [Alias("Disassociate")]
    Task<Outcome> Disassociate(string actor);

    /// <summary>
    /// Closes the pool to new holds and soft-deletes the network; refused while a port is held (quarantined and reserved
    /// addresses do not block). Deleting a deleted network is done already.
    /// </summary>
    [Alias("Delete")]
    Task<Outcome> Delete(string actor);
}

/// <summary>
/// Creates networks of one service; the only writer of their rows at creation, so that address ranges, VLAN ids and
/// bridges stay unique. Key: the service's path.
/// </summary>
[Alias("nova.INetworkRangeGrain")]
public interface INetworkRangeGrain : IGrainWithStringKey
{
    [Alias("Create"), Repeatable(ByKey = true)]
    Task<Outcome<IReadOnlyList<NetworkView>>> Create(CreateNetworks command);

    /// <summary>
    /// The network for a project's VNIC: one of its own (lowest priority, then oldest); else, where
    /// <paramref name="takeFree"/>, one without project is taken for it; else, where <paramref name="shared"/>, one without
    /// project is used as it is; else a refusal that says how to make one.
    /// </summary>
    [Alias("NetworkFor"), Repeatable]
    Task<Outcome<NetworkId>> NetworkFor(ProjectId project, bool takeFree, bool shared);
}
