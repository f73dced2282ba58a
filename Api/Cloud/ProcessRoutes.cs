using NovaOrleans.Api.Routes;
using NovaOrleans.Hosts;

namespace NovaOrleans.Api.Cloud;

/// <summary>The processes of the cloud in the shape of nova's os-services: silos, and the agents of the compute hosts.</summary>
internal sealed class ProcessRoutes(IGrainFactory grains) : ICoreRoutes
{
    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Get, "/v1.1/os-services", Access.Admin, List, new("Silos and agents: whether enabled, whether up")),
    ];

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        MembershipEntry[] silos = await grains.GetGrain<IManagementGrain>(0).GetDetailedHosts(onlyActive: false);
        IReadOnlyList<HostView> hosts = await grains.GetGrain<ISchedulerGrain>(0).List();
        return ApiAnswer.Ok(w =>
        {
            w.BeginList("services", "service");
            foreach (MembershipEntry silo in Newest(silos))
            {
                bool up = silo.Status is SiloStatus.Active or SiloStatus.Joining;
                Write(w, "Silo", silo.SiloAddress.Endpoint.ToString(), up, silo.IAmAliveTime == default ? null : silo.IAmAliveTime);
            }

            foreach (HostView host in hosts)
            {
                Write(w, "AgentClient", host.Name.Value, host.Status == HostStatus.Live, host.LastSeen, host);
            }

            w.EndList();
        });
    }

    /// <summary>The table keeps the predecessors of a silo that came back on its endpoint; one row an endpoint is told.</summary>
    private static IEnumerable<MembershipEntry> Newest(IEnumerable<MembershipEntry> silos) => silos
        .GroupBy(s => s.SiloAddress.Endpoint.ToString())
        .OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => g.MaxBy(s => s.SiloAddress.Generation)!);

    private static void Write(
        ResourceWriter w, string binary, string host, bool up, DateTimeOffset? seen, HostView? agent = null)
    {
        w.BeginItem();
        w.Field("binary", binary);
        w.Field("host", host);
        w.Field("zone", agent is null ? "internal" : "nova");
        w.Field("status", agent?.Drained == true ? "disabled" : "enabled");
        w.Field("state", up ? "up" : "down");
        w.Field("updated_at", seen);
        w.Field("disabled_reason", agent?.DrainReason);
        w.EndItem();
    }
}
