using NovaOrleans.Ledger;

namespace NovaOrleans.NetworkServices.Loading;

/// <summary>
/// What a silo or facade lends to one network service; it has the section <c>NetworkServices:{name}</c> to itself.
/// </summary>
public sealed class NetworkServiceHost(
    INetworkService service, IGrainFactory grains, IConfiguration configuration, ILoggerFactory logs)
    : INetworkServiceHost
{
    public INetworkLedger Ledger { get; } = new NetworkLedger(service.Path, grains);
    public IGrainFactory Grains { get; } = grains;
    public IConfiguration Configuration { get; } = configuration.GetSection($"NetworkServices:{service.Name}");
    public ILoggerFactory Logs { get; } = logs;
}
