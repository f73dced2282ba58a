using System.Globalization;
using NovaOrleans.FloatingIps;
using NovaOrleans.Http;
using NovaOrleans.Vnics;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// Addresses of the outside that a project gets and lets stand for fixed IPs (rows R21, R22). The pools are the cloud's; what an
/// address is let stand for is this service's. Where hosts are no gateways there is no such thing, and every route says so (501).
/// </summary>
internal sealed class FloatingIpRoutes(ServiceGrains grains, NetworkDesign design)
{
    /// <summary>As nova's <c>default_floating_pool</c>.</summary>
    public const string UsualPool = "nova";

    private const string All = "floating_ips";
    private const string One = All + "/{id}";

    public void Map(INetworkRoutes routes)
    {
        routes.Map(HttpMethod.Get, All, Role.Reader, Offered(List), new("Lists the project's floating IPs."));
        routes.Map(
            HttpMethod.Post, All, Role.Member, Offered(Create), new("Allocates a floating IP to the project.", """{"pool":"nova"}"""));
        routes.Map(HttpMethod.Get, One, Role.Reader, Offered(Show), new("Shows a floating IP, by its id or its address."));
        routes.Map(HttpMethod.Delete, One, Role.Member, Offered(Delete), new("Releases a floating IP that stands for nothing."));
        routes.Map(
            HttpMethod.Post, One + "/action", Role.Member, Offered(Act),
            new("Lets a floating IP stand for a fixed one, or for none.", """{"associate":{"fixed_ip":"10.1.0.7"}}"""));
        routes.Map(HttpMethod.Get, "floating_ip_pools", Role.Reader, Offered(Pools), new("Lists the pools of floating IPs."));
    }

    public ApiHandler Offered(ApiHandler handler) => design.HostIsGateway
        ? handler
        : _ => Task.FromResult<ApiAnswer>(new Refusal(
            RefusalCode.NotImplemented,
            $"{grains.Service} has no floating IPs: its hosts are not the way out of its networks."));

    /// <summary>The pool that the body names, or the usual one.</summary>
    public static string PoolOf(BodyReader body) => body.Text(
        "pool", text => Names.IsIdentifier(text, 64), "1 to 64 letters, digits, '.', '_' or '-'") ?? UsualPool;

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        if (!request.ReadPage().Try(out Page? page, out Refusal? refusal))
        {
            return refusal;
        }

        IReadOnlyList<FloatingIpView> floating =
            await grains.Query.FloatingIps(new FloatingIpFilter { Project = request.Scope ?? request.Project }, page);
        return ApiAnswer.Ok(writer =>
        {
            FloatingIpResource.WriteList(writer, floating);
            writer.WriteNext(request, All, page, floating.Count, floating.Count > 0 ? floating[^1].Id.Value : default);
        });
    }

    private async Task<ApiAnswer> Create(ApiRequest request)
    {
        BodyReader body = request.Body.Root("floating_ip");
        string pool = PoolOf(body);
        if (body.Faulty(out Refusal? refusal))
        {
            return refusal;
        }

        Outcome<FloatingIpView> made =
            await grains.FloatingIps(pool).Allocate(new AllocateFloatingIp(request.Project, request.Actor, request.Key));
        return made.Try(out FloatingIpView? floating, out refusal)
            ? ApiAnswer.Created(writer => FloatingIpResource.Write(writer, floating))
            : refusal;
    }

    private async Task<ApiAnswer> Show(ApiRequest request) =>
        (await Find(request)).Try(out FloatingIpView? floating, out Refusal? refusal)
            ? ApiAnswer.Ok(writer => FloatingIpResource.Write(writer, floating))
            : refusal;

    private async Task<ApiAnswer> Delete(ApiRequest request)
    {
        if (!(await Find(request)).Try(out FloatingIpView? floating, out Refusal? refusal))
        {
            return refusal;
        }

        Outcome released = await grains.FloatingIps(floating.Pool).Release(floating.Id, request.Scope, request.Actor);
        return released.Refusal is { } refused ? refused : ApiAnswer.NoContent;
    }

    private async Task<ApiAnswer> Act(ApiRequest request)
    {
        BodyReader body = request.Body;
        body.Ignore("disassociate");
        bool associate = body.Has("associate");
        if (associate == body.Has("disassociate"))
        {
            body.Reject("action", "Give one action: associate or disassociate.");
        }

        BodyReader? target = associate ? body.Object("associate") : null;
        target?.Require("fixed_ip", Ip4Address.Accepts);
        Ip4Address? address = target?.Ip4("fixed_ip");
        if (body.Faulty(out Refusal? refusal) || !(await Find(request)).Try(out FloatingIpView? floating, out refusal))
        {
            return refusal;
        }

        Outcome<FloatingIpView> done = address is { } wanted
            ? await Associate(request, floating, wanted)
            : await grains.FloatingIps(floating.Pool).Disassociate(floating.Id, request.Scope, request.Actor);
        return done.Try(out FloatingIpView? now, out refusal)
            ? ApiAnswer.Accepted(writer => FloatingIpResource.Write(writer, now))
            : refusal;
    }

    private async Task<Outcome<FloatingIpView>> Associate(ApiRequest request, FloatingIpView floating, Ip4Address address)
    {
        ProjectId project = floating.Project ?? request.Project;
        VnicView? card = (await grains.Query.VnicsWithAddress(project, address)).FirstOrDefault(c => c.Service == grains.Service);
        return card is null
            ? new Refusal(
                RefusalCode.VnicNotFound, $"Project {project} has no {grains.Service} ethernet card with fixed IP {address}.",
                address.ToString(), "fixed_ip")
            : await grains.FloatingIps(floating.Pool).Associate(
                new AssociateFloatingIp(floating.Id, project, card.Id, address, request.Actor));
    }

    private async Task<ApiAnswer> Pools(ApiRequest request)
    {
        IReadOnlyList<string> pools = await grains.Query.FloatingIpPools();
        return ApiAnswer.Ok(writer =>
        {
            writer.BeginList("floating_ip_pools", "floating_ip_pool");
            foreach (string pool in pools)
            {
                writer.BeginItem();
                writer.Field("name", pool);
                writer.EndItem();
            }

            writer.EndList();
        });
    }

    /// <summary>By its UUID, its row's number or its address; another project's is not there.</summary>
    private async Task<Outcome<FloatingIpView>> Find(ApiRequest request)
    {
        string asked = request.Route("id");
        FloatingIpFilter? filter =
            Guid.TryParseExact(asked, "D", out Guid id) ? new() { Id = new FloatingIpId(id) }
            : Ip4Address.TryParse(asked, out Ip4Address address) ? new() { Address = address }
            : long.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out long row) ? new() { RowId = row }
            : null;
        return filter is not null
            && await grains.Query.FloatingIps(filter with { Project = request.Scope }, new Page(1)) is [{ } found, ..]
                ? found
                : Refusal.NotFound(RefusalCode.FloatingIpNotFound, "floating IP", BodyText.Shown(asked));
    }
}
