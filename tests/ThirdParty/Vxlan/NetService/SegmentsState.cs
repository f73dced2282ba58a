namespace Vxlan.NetService;

/// <summary>The VNIs in use, by network.</summary>
[GenerateSerializer, Alias("nova.network.vxlan.SegmentsState")]
internal sealed class SegmentsState
{
    [Id(0)]
    public Dictionary<Guid, int> Vnis { get; set; } = [];

    /// <summary>
    /// Networks that an activation did not find: their creation was cut off, or is on its way still. The next one that does not find
    /// them gives their VNIs back.
    /// </summary>
    [Id(1)]
    public List<Guid> Doubtful { get; set; } = [];
}
