using System.Reflection;

namespace NovaOrleans.NetworkServices.Loading;

/// <summary>
/// What came of the configuration file: the services in its order, why others are not there, and the assemblies in
/// which Orleans looks for the services' own grains and serialized types.
/// </summary>
public sealed record LoadedNetworkServices(
    IReadOnlyList<INetworkService> Services, IReadOnlyList<LoadFault> Faults, IReadOnlyList<Assembly> Assemblies)
{
    /// <summary>The same without one service, and with the reason why.</summary>
    internal LoadedNetworkServices Without(INetworkService service, string reason) => this with
    {
        Services = Services.Where(s => s != service).ToList(),
        Faults = [.. Faults, new LoadFault(0, service.Path.Value, reason)],
    };
}
