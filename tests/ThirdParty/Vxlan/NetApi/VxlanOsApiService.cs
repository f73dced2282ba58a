using Vxlan.NetService;

namespace Vxlan.NetApi;

/// <summary>Segments and endpoints: the service's own words for networks and VNICs.</summary>
internal sealed class VxlanOsApiService(INetworkLedger ledger, ISegmentsGrain segments, VxlanOptions options) : IOsApiService
{
    public void MapRoutes(INetworkRoutes routes)
    {
        new SegmentRoutes(ledger, segments, options).Map(routes);
        new EndpointRoutes(ledger).Map(routes);
    }

    public Task<Outcome> ValidateVnics(ProjectId project, IReadOnlyList<VnicId> vnics) => ledger.ValidateVnics(project, vnics);
}
