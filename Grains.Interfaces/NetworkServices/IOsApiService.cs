namespace NovaOrleans.NetworkServices;

/// <summary>Generic APIs that the OpenStack API needs (seed S114). Runs in the facade.</summary>
public interface IOsApiService
{
    /// <summary>Registers the plug-in's routes, without prefix: the route map adds it (S61, S101 to S103).</summary>
    void MapRoutes(INetworkRoutes routes);

    /// <summary>
    /// Whether every VNIC exists, is the project's, belongs to this service and is attached to no instance (S83).
    /// Allocates nothing.
    /// </summary>
    Task<Outcome> ValidateVnics(ProjectId project, IReadOnlyList<VnicId> vnics);
}
