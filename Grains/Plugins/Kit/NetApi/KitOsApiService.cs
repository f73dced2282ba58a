namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// The OpenStack API of a service whose VNICs are ethernet cards and whose ports are fixed IPs. The three built-in
/// services have the same routes (seed S58); they differ in their design and in how they choose networks.
/// </summary>
public sealed class KitOsApiService(ServiceGrains grains, NetworkDesign design, NetworkChoice choice) : IOsApiService
{
    public void MapRoutes(INetworkRoutes routes)
    {
        var access = new NetworkAccess(grains, choice, TimeProvider.System);
        new NetworkRoutes(grains, access, design, new NetworkActions(grains, access)).Map(routes);
        new CardRoutes(grains, access).Map(routes);
        new PortRoutes(grains, access).Map(routes);
        new FixedIpRoutes(grains, access).Map(routes);
        var floating = new FloatingIpRoutes(grains, design);
        floating.Map(routes);
        new FloatingIpBulkRoutes(grains, floating).Map(routes);
    }

    public Task<Outcome> ValidateVnics(ProjectId project, IReadOnlyList<VnicId> vnics) =>
        grains.Ledger.ValidateVnics(project, vnics);
}
