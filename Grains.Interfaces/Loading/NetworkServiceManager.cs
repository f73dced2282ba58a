using System.Collections.Concurrent;
using NovaOrleans.Http;

namespace NovaOrleans.NetworkServices.Loading;

/// <summary>
/// Gives the rest of the process access to its network services (seed S95 to S99). They were loaded once, at start:
/// the same instance, and the same doors, are given on every call, and a change of the configuration file waits for a
/// restart.
/// </summary>
public sealed class NetworkServiceManager(
    LoadedNetworkServices loaded, ServicePath defaultService, Func<INetworkService, INetworkServiceHost> lend)
{
    private readonly ConcurrentDictionary<ServicePath, IOsService> _osServices = new();
    private readonly ConcurrentDictionary<ServicePath, IOsApiService> _osApiServices = new();
    private readonly ConcurrentDictionary<ServicePath, ServiceCalls> _calls = new();

    /// <summary>How long a call of a service may take in this process.</summary>
    public TimeSpan CallLimit { get; init; } = ServiceCalls.Limit;

    /// <summary>The service of a project that chose none (seed S45); it need not be a loaded one.</summary>
    public ServicePath Default => defaultService;

    /// <summary>Why listed services are not there.</summary>
    public IReadOnlyList<LoadFault> Faults => loaded.Faults;

    /// <summary>All services, in the order of the configuration file.</summary>
    public IReadOnlyList<INetworkService> List() => loaded.Services;

    /// <summary>
    /// The service of a module path; refused with <see cref="RefusalCode.NoSuchNetworkService"/> if there is none.
    /// </summary>
    public Outcome<INetworkService> Get(ServicePath path) => Find(path.Value);

    /// <summary>
    /// The service of a module path or short name, as people write it (seed S149). The refusal names what is near to
    /// it, or why a listed one was not loaded.
    /// </summary>
    public Outcome<INetworkService> Find(string shortNameOrPath)
    {
        INetworkService? service = loaded.Services.FirstOrDefault(
            s => s.Path.Value == shortNameOrPath || s.Name == shortNameOrPath);
        return service is not null ? Outcome.Of(service) : NoSuchService(shortNameOrPath);
    }

    /// <summary>
    /// Its <c>get_os_service()</c> door, opened at the first call through it. What the service throws there is a refusal.
    /// </summary>
    public Outcome<IOsService> OsService(ServicePath path) => Door(
        _osServices, path, (s, h) => new GuardedOsService(s, () => s.GetOsService(h()), CallsOf(path), LogOf(h)));

    /// <summary>Its <c>get_os_api_service()</c> door, opened likewise; its routes answer within limits.</summary>
    public Outcome<IOsApiService> OsApiService(ServicePath path) => Door(
        _osApiServices, path, (s, h) => new GuardedOsApiService(s, () => s.GetOsApiService(h()), CallsOf(path), LogOf(h)));

    private Outcome<TDoor> Door<TDoor>(
        ConcurrentDictionary<ServicePath, TDoor> doors, ServicePath path,
        Func<INetworkService, Func<INetworkServiceHost>, TDoor> guard) =>
        Get(path).Try(out INetworkService? service, out Refusal? refusal)
            ? Outcome.Of(doors.GetOrAdd(path, _ => guard(service, () => lend(service))))
            : refusal;

    private ServiceCalls CallsOf(ServicePath path) =>
        _calls.GetOrAdd(path, p => new ServiceCalls(p, TimeProvider.System) { Within = CallLimit });

    private static ILogger LogOf(Func<INetworkServiceHost> host) => host().Logs.CreateLogger<NetworkServiceManager>();

    private Refusal NoSuchService(string asked)
    {
        LoadFault? fault = loaded.Faults.FirstOrDefault(
            f => f.Path == asked || f.Path.EndsWith("." + asked, StringComparison.Ordinal));
        string reason = fault is not null
            ? $"The network service '{BodyText.Shown(asked)}' is listed but was not loaded: {fault.Reason}"
            : $"There is no network service '{BodyText.Shown(asked)}'; {Known(asked)}";
        return new Refusal(RefusalCode.NoSuchNetworkService, reason, Subject: BodyText.Shown(asked));
    }

    private string Known(string asked)
    {
        List<string> near = NearMatches.Of(asked, loaded.Services.SelectMany(s => new[] { s.Name, s.Path.Value }));
        return near.Count > 0
            ? $"did you mean {string.Join(" or ", near)}?"
            : loaded.Services.Count == 0
                ? "none is loaded."
                : $"loaded are: {string.Join(", ", loaded.Services.Select(s => s.Path))}.";
    }
}
