using NovaOrleans.FloatingIps;
using NovaOrleans.Http;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>Ranges of floating IPs, which an operator puts into a pool and takes out again (rows R24).</summary>
internal sealed class FloatingIpBulkRoutes(ServiceGrains grains, FloatingIpRoutes floating)
{
    private const string Path = "floating_ips_bulk";
    private const string Example =
        """{"floating_ips_bulk_create":{"ip_range":"203.0.113.0/28","pool":"nova","interface":"eth0"}}""";

    public void Map(INetworkRoutes routes)
    {
        routes.Map(HttpMethod.Get, Path, Role.Admin, floating.Offered(List), new("Lists all floating IPs of all pools."));
        routes.Map(HttpMethod.Post, Path, Role.Admin, floating.Offered(Create), new("Puts a range of addresses into a pool.", Example));
        routes.Map(
            HttpMethod.Delete, Path, Role.Admin, floating.Offered(Delete),
            new("Takes a range out of its pool: ?ip_range=203.0.113.0/28, and &pool= where it is not nova."));
    }

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        if (!request.ReadPage().Try(out Page? page, out Refusal? refusal))
        {
            return refusal;
        }

        IReadOnlyList<FloatingIpView> all = await grains.Query.FloatingIps(new FloatingIpFilter(), page);
        return ApiAnswer.Ok(writer =>
        {
            FloatingIpResource.WriteBulk(writer, all);
            writer.WriteNext(request, "floating_ip_info", page, all.Count, all.Count > 0 ? all[^1].Id.Value : default);
        });
    }

    private async Task<ApiAnswer> Create(ApiRequest request)
    {
        BodyReader body = request.Body.Root("floating_ips_bulk_create");
        body.Require("ip_range", Cidr4.Accepts);
        Cidr4? range = body.Cidr4("ip_range");
        string pool = FloatingIpRoutes.PoolOf(body);
        string? link = body.Text("interface", IsPublicLink, PublicLinkAccepts);
        if (body.Faulty(out Refusal? refusal))
        {
            return refusal;
        }

        Outcome<int> added =
            await grains.FloatingIps(pool).AddRange(new AddFloatingRange(range!.Value, link, request.Actor));
        return added.Try(out int count, out refusal)
            ? ApiAnswer.Created(writer =>
            {
                writer.BeginRoot("floating_ips_bulk_create");
                writer.Field("ip_range", range.Value.ToString());
                writer.Field("pool", pool);
                writer.Field("interface", link);
                writer.Field("count", count);
                writer.EndRoot();
            })
            : refusal;
    }

    private async Task<ApiAnswer> Delete(ApiRequest request)
    {
        string text = request.Query("ip_range") ?? "";
        string pool = request.Query("pool") ?? FloatingIpRoutes.UsualPool;
        if (!Cidr4.TryParse(text, out Cidr4 range))
        {
            return new Refusal(
                RefusalCode.MalformedRequest, $"Query 'ip_range' was '{BodyText.Shown(text)}'; accepted is {Cidr4.Accepts}.",
                Field: "ip_range");
        }

        Outcome<int> removed = Names.IsIdentifier(pool, 64)
            ? await grains.FloatingIps(pool).RemoveRange(range, request.Actor)
            : 0;
        return removed.Try(out _, out Refusal? refusal) ? ApiAnswer.NoContent : refusal;
    }

    /// <summary>The mark that an agent leaves on an address takes three characters of the kernel's fifteen.</summary>
    private const string PublicLinkAccepts = $"{Names.LinkAccepts}, of at most 12 characters";

    private static bool IsPublicLink(string? text) => Names.IsLink(text) && text!.Length <= 12;
}
