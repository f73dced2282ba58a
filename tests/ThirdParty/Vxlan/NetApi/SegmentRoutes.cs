using NovaOrleans.Http;
using NovaOrleans.NetworkServices.Host;
using Vxlan.NetService;

namespace Vxlan.NetApi;

/// <summary>Segments: list, create, show, delete. One is made with a subnet, whose addresses the core gives out, or without any.</summary>
internal sealed class SegmentRoutes(INetworkLedger ledger, ISegmentsGrain segments, VxlanOptions options)
{
    private const string Example = """{"segment":{"label":"lab","cidr":"10.0.0.0/24"}}""";
    private const int LeastMtu = 68;

    public void Map(INetworkRoutes routes)
    {
        routes.Map(HttpMethod.Get, "segments", Role.Reader, List, new RouteDescription("Lists segments."));
        routes.Map(HttpMethod.Post, "segments", Role.Member, Create, new RouteDescription("Creates a segment.", Example));
        routes.Map(HttpMethod.Get, "segments/{id}", Role.Reader, Show, new RouteDescription("Shows a segment."));
        routes.Map(
            HttpMethod.Delete, "segments/{id}", Role.Member, Delete, new RouteDescription("Deletes a segment without endpoints."));
    }

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        if (!request.ReadPage().Try(out Page? page, out Refusal? refusal))
        {
            return refusal;
        }

        IReadOnlyList<LedgerNetwork> found = await ledger.ListNetworks(Asker.Of(request), page);
        return ApiAnswer.Ok(writer =>
        {
            writer.BeginList("segments", "segment");
            foreach (LedgerNetwork segment in found)
            {
                writer.BeginItem();
                Write(writer, segment);
                writer.EndItem();
            }

            writer.EndList();
            writer.WriteNext(request, "segments", page, found.Count, found.Count > 0 ? found[^1].Id.Value : default);
        });
    }

    private async Task<ApiAnswer> Create(ApiRequest request)
    {
        BodyReader body = request.Body.Root("segment");
        body.Require("label", Names.LabelAccepts);
        string? label = body.Label("label");
        ProjectId project = body.Project("project_id") ?? request.Project;
        Cidr4? cidr = body.Cidr4("cidr");
        Ip4Address? gateway = body.Ip4("gateway");
        Vni? vni = body.Integer("vni", Vni.Lowest, Vni.Highest) is { } number ? Vni.Create(number) : null;
        int mtu = body.Integer("mtu", LeastMtu, 65_535) ?? options.LargestMtu;
        if (project != request.Project && !request.IsAdmin)
        {
            body.Reject("project_id", $"Only an admin makes segments for another project than {request.Project}.");
        }

        if (gateway is not null && cidr is null)
        {
            body.Reject("gateway", "A segment without 'cidr' has no addresses, and so no gateway.");
        }

        if (mtu > options.LargestMtu)
        {
            body.Reject("mtu", $"Field 'mtu' was {mtu}; with the {VxlanLink.Overhead} bytes of VXLAN that is more than the "
                + $"{options.UnderlayMtu} that pass between the hosts: accepted is at most {options.LargestMtu}.");
        }

        if (body.Faulty(out Refusal? refusal))
        {
            return refusal;
        }

        Outcome<NetworkId> made = await segments.Create(
            new NewSegment(NetworkId.New(), project, label!, mtu, vni, cidr, gateway, ByOf(request)));
        return made.Try(out NetworkId id, out refusal)
            ? await Shown(request, id, ApiAnswer.Created)
            : refusal;
    }

    private async Task<ApiAnswer> Show(ApiRequest request) => Ids.Read(request, "segment").Try(out Guid id, out Refusal? refusal)
        ? await Shown(request, new NetworkId(id), ApiAnswer.Ok)
        : refusal;

    private async Task<ApiAnswer> Delete(ApiRequest request)
    {
        if (!Ids.Read(request, "segment").Try(out Guid id, out Refusal? refusal))
        {
            return refusal;
        }

        Outcome deleted = await segments.Delete(new NetworkId(id), ByOf(request));
        return deleted.Refused ? deleted.Refusal : ApiAnswer.NoContent;
    }

    private async Task<ApiAnswer> Shown(ApiRequest request, NetworkId id, Func<Action<ResourceWriter>, ApiAnswer> answer) =>
        (await ledger.ShowNetwork(Asker.Of(request), id)).Try(out LedgerNetwork? segment, out Refusal? refusal)
            ? answer(writer =>
            {
                writer.BeginRoot("segment");
                Write(writer, segment);
                writer.EndRoot();
            })
            : refusal;

    private static SegmentAsker ByOf(ApiRequest request) => new(request.Scope, request.Actor, request.IsAdmin, request.Key);

    private static void Write(ResourceWriter writer, LedgerNetwork segment)
    {
        writer.Field("id", segment.Id.Value);
        writer.Field("label", segment.Label);
        writer.Field("project_id", segment.Project?.Value);
        writer.Field("vni", SegmentFacts.VniOf(segment.Facts)?.Value);
        writer.Field("mtu", segment.Facts.Mtu);
        writer.Field("cidr", segment.Subnet?.Cidr.ToString());
        writer.Field("gateway", segment.Subnet?.Gateway?.ToString());
        writer.Field("created_at", segment.CreatedAt);
    }
}
