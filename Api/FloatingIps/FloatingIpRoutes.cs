using NovaOrleans.Api.Routes;
using NovaOrleans.FloatingIps;
using NovaOrleans.Ledger;

namespace NovaOrleans.Api.FloatingIps;

/// <summary>
/// Floating IPs as nova's own API had them, for clients that know no network services: <c>os-floating-ips</c> and its pools.
/// </summary>
internal sealed class FloatingIpRoutes(IGrainFactory grains, FloatingIpDirectory directory) : ICoreRoutes
{
    private const string All = "/v1.1/os-floating-ips";
    private const string One = All + "/{id}";
    private const string UsualPool = "nova";

    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Get, All, Access.Reader, List, new("The project's floating IPs")),
        new(HttpMethod.Post, All, Access.Member, Allocate, new("Allocates a floating IP", """{"pool":"nova"}""")),
        new(HttpMethod.Get, One, Access.Reader, Show, new("One floating IP, by its number, id or address")),
        new(HttpMethod.Delete, One, Access.Member, Release, new("Releases a floating IP that stands for nothing")),
        new(HttpMethod.Get, "/v1.1/os-floating-ip-pools", Access.Reader, Pools, new("The pools of floating IPs")),
    ];

    private ILedgerQueryGrain Ledger => grains.GetGrain<ILedgerQueryGrain>(0);

    private IFloatingIpPoolGrain Pool(string name) => grains.GetGrain<IFloatingIpPoolGrain>(name);

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        if (!request.ReadPage().Try(out Page? page, out Refusal? refusal))
        {
            return refusal;
        }

        IReadOnlyList<FloatingIpView> all = await Ledger.FloatingIps(new FloatingIpFilter { Project = request.Project }, page);
        return ApiAnswer.Ok(w =>
        {
            w.BeginList("floating_ips", "floating_ip");
            foreach (FloatingIpView floating in all)
            {
                w.BeginItem();
                WriteFields(w, floating);
                w.EndItem();
            }

            w.EndList();
            w.WriteNext(request, "floating_ips", page, all.Count, all.Count > 0 ? all[^1].Id.Value : default);
        });
    }

    private async Task<ApiAnswer> Allocate(ApiRequest request)
    {
        string pool = request.Body.Text(
            "pool", text => Names.IsIdentifier(text, 64), "1 to 64 letters, digits, '.', '_' or '-'") ?? UsualPool;
        if (request.Body.Faulty(out Refusal? refusal))
        {
            return refusal;
        }

        return (await Pool(pool).Allocate(new AllocateFloatingIp(request.Project, request.Actor, request.Key)))
            .Try(out FloatingIpView? floating, out refusal)
            ? ApiAnswer.Ok(w => Write(w, floating))
            : refusal;
    }

    private async Task<ApiAnswer> Show(ApiRequest request) =>
        (await directory.Find(request.Project, request.Route("id"))).Try(out FloatingIpView? floating, out Refusal? refusal)
            ? ApiAnswer.Ok(w => Write(w, floating))
            : refusal;

    private async Task<ApiAnswer> Release(ApiRequest request)
    {
        if (!(await directory.Find(request.Project, request.Route("id"))).Try(out FloatingIpView? floating, out Refusal? refusal))
        {
            return refusal;
        }

        Outcome released = await Pool(floating.Pool).Release(floating.Id, request.Project, request.Actor);
        return released.Refusal is { } refused ? refused : ApiAnswer.Accepted();
    }

    private async Task<ApiAnswer> Pools(ApiRequest request)
    {
        IReadOnlyList<string> pools = await Ledger.FloatingIpPools();
        return ApiAnswer.Ok(w =>
        {
            w.BeginList("floating_ip_pools", "floating_ip_pool");
            foreach (string pool in pools)
            {
                w.BeginItem();
                w.Field("name", pool);
                w.EndItem();
            }

            w.EndList();
        });
    }

    private static void Write(ResourceWriter w, FloatingIpView floating)
    {
        w.BeginRoot("floating_ip");
        WriteFields(w, floating);
        w.EndRoot();
    }

    private static void WriteFields(ResourceWriter w, FloatingIpView floating)
    {
        w.Field("id", floating.RowId);
        w.Field("ip", floating.Address.ToString());
        w.Field("fixed_ip", floating.Fixed?.ToString());
        w.Field("instance_id", floating.Instance?.Value);
        w.Field("pool", floating.Pool);
    }
}
