using NovaOrleans.Http;
using NovaOrleans.Ledger;
using NovaOrleans.Networks;
using NovaOrleans.NetworkServices;
using NovaOrleans.Outcomes;
using NovaOrleans.Vnics;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.SamplePlugin;

/// <summary>Routes and formats are a plug-in's own (seed S59, S61): this one speaks of segments, and of nothing else.</summary>
internal sealed class L2OsApiService(ServicePath service, IGrainFactory grains) : IOsApiService
{
    public void MapRoutes(INetworkRoutes routes)
    {
        routes.Map(HttpMethod.Get, "segments", Role.Reader, List, new RouteDescription("Lists segments."));
        routes.Map(
            HttpMethod.Post, "segments", Role.Member, Create,
            new RouteDescription("Creates a segment.", """{"segment":{"label":"lab"}}"""));
    }

    public async Task<Outcome> ValidateVnics(ProjectId project, IReadOnlyList<VnicId> vnics)
    {
        IReadOnlyList<VnicView> cards = await grains.GetGrain<ILedgerQueryGrain>(0).VnicsById(vnics);
        foreach (VnicId vnic in vnics)
        {
            if (!cards.Any(c => c.Id == vnic && c.Project == project && c.Service == service && c.Instance is null))
            {
                return new Refusal(
                    RefusalCode.VnicNotFound, $"VNIC {vnic} is no free card of {service} and {project}.", vnic.ToString());
            }
        }

        return Outcome.Done;
    }

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        IReadOnlyList<NetworkView> segments =
            await grains.GetGrain<ILedgerQueryGrain>(0).Networks(service, request.Scope, new Page());
        return ApiAnswer.Ok(writer =>
        {
            writer.BeginList("segments", "segment");
            foreach (NetworkView segment in segments)
            {
                writer.BeginItem();
                Write(writer, segment);
                writer.EndItem();
            }

            writer.EndList();
        });
    }

    private async Task<ApiAnswer> Create(ApiRequest request)
    {
        BodyReader body = request.Body.Root("segment");
        body.Require("label", Names.LabelAccepts);
        string? label = body.Label("label");
        if (body.Faulty(out Refusal? refusal))
        {
            return refusal;
        }

        var id = NetworkId.New();
        var links = new NetworkLinks("l2" + id.Value.ToString("N")[^8..], BridgeInterface: null, Vlan: null);
        var segment = new NewNetwork(id, request.Project, label!, links, Subnet4: null, Subnet6: null);
        Outcome<IReadOnlyList<NetworkView>> made = await grains.GetGrain<INetworkRangeGrain>(service.Value)
            .Create(new CreateNetworks(service, request.Actor, request.Key, [segment]));
        return made.Try(out IReadOnlyList<NetworkView>? networks, out refusal)
            ? ApiAnswer.Created(writer =>
            {
                writer.BeginRoot("segment");
                Write(writer, networks[0]);
                writer.EndRoot();
            })
            : refusal;
    }

    private static void Write(ResourceWriter writer, NetworkView segment)
    {
        writer.Field("id", segment.Id.Value);
        writer.Field("label", segment.Label);
        writer.Field("bridge", segment.Links.Bridge);
    }
}
