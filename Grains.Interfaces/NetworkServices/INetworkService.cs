namespace NovaOrleans.NetworkServices;

/// <summary>
/// A pluggable network service (seed "Plug-in Generic API", S110 to S116): one public class of this interface with a
/// parameterless constructor in the plug-in's assembly. Its doors are taken once per process, each only where it
/// belongs: the first two in silo and facade, the last on a compute host. An optional net-service stays inside the
/// plug-in: nothing outside it can name it (S20, S26, S27).
/// </summary>
public interface INetworkService
{
    /// <summary>The module path, as in <c>nova.network.vlan</c>; the same line that the configuration file has.</summary>
    ServicePath Path { get; }

    /// <summary>The short name in URLs and commands, as in <c>vlan</c>: the last word of the path.</summary>
    string Name => Path.ShortName;

    /// <summary>The plug-in's own version, told to people and by hosts at renewal.</summary>
    string Version { get; }

    /// <summary>The version of this contract that the plug-in was built against; another major is refused by name.</summary>
    int ContractVersion { get; }

    /// <summary>Its own grains' and types' registration, before the silo or facade is built. Most need none.</summary>
    void AddServices(IServiceCollection services)
    {
    }

    /// <summary>Seed <c>get_os_service()</c> (D2: also spoken of as <c>get_api_service()</c>): serves both APIs.</summary>
    IOsService GetOsService(INetworkServiceHost host);

    /// <summary>Seed <c>get_os_api_service()</c>: the routes, and what the OpenStack API needs to know of VNICs.</summary>
    IOsApiService GetOsApiService(INetworkServiceHost host);

    /// <summary>Seed <c>get_net_agent()</c>: what a compute host needs.</summary>
    INetAgent GetNetAgent(IHostLink link);
}

/// <summary>
/// What the silo or facade lends to a plug-in: narrow on purpose. The doors are given it; a grain of the plug-in asks its
/// constructor for <c>[FromKeyedServices("its.module.path")] INetworkServiceHost</c>.
/// </summary>
public interface INetworkServiceHost
{
    /// <summary>The core's networks, VNICs and ports, as far as they are this service's.</summary>
    INetworkLedger Ledger { get; }

    /// <summary>Reaches the plug-in's own grains.</summary>
    IGrainFactory Grains { get; }

    /// <summary>The plug-in's own section of the configuration, <c>NetworkServices:{name}</c>.</summary>
    IConfiguration Configuration { get; }

    ILoggerFactory Logs { get; }
}

/// <summary>The contract's version: raised when a member changes meaning or a new one has no default.</summary>
public static class NetworkServiceContract
{
    public const int Version = 3;
}
