using NovaOrleans.Http;

namespace NovaOrleans.NetworkServices.Loading;

/// <summary>
/// A door of a network service as the core uses it: opened at the first call, and called within limits. What it throws is
/// its own project's refusal, logged here, and never an exception that would end more than the one request: a grain's, a sweep's.
/// </summary>
internal abstract partial class GuardedDoor<TDoor>(
    INetworkService service, Func<TDoor> open, ServiceCalls calls, ILogger log)
    where TDoor : class
{
    private readonly Lazy<TDoor> _door = new(open);

    protected ServiceCalls Calls => calls;

    /// <summary>Opening it is a call of it too.</summary>
    protected TDoor Door => _door.Value
        ?? throw new InvalidOperationException($"{service.Path} gave nothing for {typeof(TDoor).Name}");

    protected async Task<Outcome<T>> Ask<T>(string what, Func<TDoor, Task<Outcome<T>>> call)
    {
        try
        {
            return await calls.Run(what, () => call(Door));
        }
        catch (OverdueException e)
        {
            throw e.ToOperatingFault();
        }
        catch (Exception e) when (IsItsOwn(e))
        {
            return Failed(what, e);
        }
    }

    protected async Task<Outcome> Ask(string what, Func<TDoor, Task<Outcome>> call)
    {
        try
        {
            return await calls.Run(what, () => call(Door));
        }
        catch (OverdueException e)
        {
            throw e.ToOperatingFault();
        }
        catch (Exception e) when (IsItsOwn(e))
        {
            return Failed(what, e);
        }
    }

    /// <summary>
    /// What the core throws through it goes on: those mean something to callers, who repeat where that helps. Whatever else is a bug
    /// in the service.
    /// </summary>
    private static bool IsItsOwn(Exception e) => e is not (OperatingFaultException or TimeoutException or OrleansException);

    private Refusal Failed(string what, Exception e)
    {
        LogFailed(e, service.Path, what);
        return new Refusal(
            RefusalCode.NetworkServiceFailed, $"The network service {service.Path} failed at '{what}': {e.GetType().Name}: {e.Message}",
            service.Path.Value);
    }

    [LoggerMessage(LogLevel.Error, "network service {Service} failed at '{What}'")]
    private partial void LogFailed(Exception exception, ServicePath service, string what);
}

internal sealed class GuardedOsService(INetworkService service, Func<IOsService> open, ServiceCalls calls, ILogger log)
    : GuardedDoor<IOsService>(service, open, calls, log), IOsService
{
    public Task<Outcome<VnicId>> GetDefaultVnicId(ProjectId project, VnicId vnic) =>
        Ask("get_default_vnic_id", d => d.GetDefaultVnicId(project, vnic));

    public Task<Outcome<VnicId>> GetVnicIdIn(ProjectId project, VnicId vnic, NetworkId network, Ip4Address? address) =>
        Ask("get_vnic_id_in", d => d.GetVnicIdIn(project, vnic, network, address));

    public Task<Outcome> BindVnicsToPorts(ProjectId project, IReadOnlyList<VnicId> vnics) =>
        Ask("bind_vnics_to_ports", d => d.BindVnicsToPorts(project, vnics));

    public async Task<VpnEndpoint?> GetProjectVpnAddressAndPort(ProjectId project)
    {
        Outcome<VpnEndpoint?> answer = await Ask<VpnEndpoint?>(
            "get_project_vpn_address_and_port", async d => await d.GetProjectVpnAddressAndPort(project));
        return answer.Try(out VpnEndpoint? vpn, out Refusal? refusal)
            ? vpn : throw new OperatingFaultException(refusal.Reason, mayRetry: false);
    }
}

internal sealed class GuardedOsApiService(INetworkService service, Func<IOsApiService> open, ServiceCalls calls, ILogger log)
    : GuardedDoor<IOsApiService>(service, open, calls, log), IOsApiService
{
    /// <summary>At the facade's start, which waits for it and reports what it throws.</summary>
    public void MapRoutes(INetworkRoutes routes) => ServiceCalls.AtStart(() =>
    {
        Door.MapRoutes(new GuardedRoutes(routes, Calls));
        return true;
    });

    public Task<Outcome> ValidateVnics(ProjectId project, IReadOnlyList<VnicId> vnics) =>
        Ask("validate_vnics", d => d.ValidateVnics(project, vnics));

    /// <summary>
    /// Each route is a call within limits. A handler that is late still has its request, so that the connection ends with it.
    /// </summary>
    private sealed class GuardedRoutes(INetworkRoutes routes, ServiceCalls calls) : INetworkRoutes
    {
        public void Map(HttpMethod method, string pattern, Role least, ApiHandler handler, RouteDescription description)
        {
            string what = $"{method} {pattern}";
            routes.Map(method, pattern, least, Guarded, description);

            async Task<ApiAnswer> Guarded(ApiRequest request)
            {
                try
                {
                    return await calls.Run(what, () => handler(request));
                }
                catch (OverdueException e)
                {
                    request.Context.Response.Headers.Connection = "close";
                    throw e.ToOperatingFault();
                }
            }
        }
    }
}
