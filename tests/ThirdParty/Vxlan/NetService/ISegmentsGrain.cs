namespace Vxlan.NetService;

/// <summary>
/// Which segment has which VNI: one actor, so that no two have the same. The service's own net-service, which nobody else can name.
/// Key 0.
/// </summary>
[Alias("nova.network.vxlan.ISegmentsGrain")]
internal interface ISegmentsGrain : IGrainWithIntegerKey
{
    /// <summary>Chooses a VNI and makes the network; the answer is its id. The same key again gives the same one.</summary>
    [Alias("Create")]
    Task<Outcome<NetworkId>> Create(NewSegment segment);

    /// <summary>Deletes the network, and its VNI is free again. Refused while something is plugged in.</summary>
    [Alias("Delete")]
    Task<Outcome> Delete(NetworkId network, SegmentAsker by);
}

/// <summary>Who asks, as the ledger wants to know.</summary>
[GenerateSerializer, Immutable, Alias("nova.network.vxlan.SegmentAsker")]
internal sealed record SegmentAsker(ProjectId? Scope, string Actor, bool IsAdmin, RequestKey? Key);

/// <summary>A segment to be. Without <paramref name="Vni"/> the lowest free one is taken.</summary>
[GenerateSerializer, Immutable, Alias("nova.network.vxlan.NewSegment")]
internal sealed record NewSegment(
    NetworkId Id, ProjectId Project, string Label, int Mtu, Vni? Vni, Cidr4? Cidr, Ip4Address? Gateway, SegmentAsker By);
