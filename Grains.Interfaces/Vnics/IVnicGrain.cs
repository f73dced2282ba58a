namespace NovaOrleans.Vnics;

/// <summary>
/// An ethernet card after its creation; the only writer of its row then. It need not be activated to be created: the
/// row is the truth, and the grain wakes when someone speaks to it. Key: the VNIC's UUID.
/// </summary>
[Alias("nova.IVnicGrain")]
public interface IVnicGrain : IGrainWithGuidKey
{
    /// <summary>Creates a card that has no port yet (seed S122). The same id again gives the same card.</summary>
    [Alias("Create"), Repeatable]
    Task<Outcome<VnicView>> Create(CreateCard command);

    [Alias("Describe"), Repeatable]
    Task<Outcome<VnicView>> Describe();

    /// <summary>
    /// Claims the card for an instance on a host and raises its generation; the same claim again gives the same binding.
    /// Refused while another instance has it. The answer is what the host is told.
    /// </summary>
    [Alias("Attach")]
    Task<Outcome<HostBinding>> Attach(AttachVnic command);

    /// <summary>
    /// Ends the attachment of this generation, after the host has confirmed its teardown or was fenced; an older
    /// generation is refused as <c>Stale</c> and changes nothing. Ending an ended one is done already.
    /// </summary>
    [Alias("Detach")]
    Task<Outcome> Detach(InstanceId instance, long generation, string actor);

    /// <summary>Refused while attached to an instance; frees its ports. Deleting a deleted card is done already.</summary>
    [Alias("Delete"), Repeatable]
    Task<Outcome> Delete(ProjectId? project, string actor);
}

[GenerateSerializer, Immutable, Alias("nova.CreateCard")]
public sealed record CreateCard(
    ServicePath Service, ProjectId Project, string Actor, string? Name = null, MacAddress? Mac = null, RequestKey? Key = null);

[GenerateSerializer, Immutable, Alias("nova.AttachVnic")]
public sealed record AttachVnic(
    InstanceId Instance, ProjectId Project, string InstanceName, HostName Host, int NicIndex, string Actor);
