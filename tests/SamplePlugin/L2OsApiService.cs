using NovaOrleans.Http;
using NovaOrleans.NetworkServices;
using NovaOrleans.Outcomes;
using NovaOrleans.Vocabulary;

namespace NovaOrleans.SamplePlugin;

/// <summary>Routes and formats are a plug-in's own (seed S59, S61): this one speaks of segments, and of nothing else.</summary>
internal sealed class L2OsApiService(INetworkLedger ledger) : IOsApiService
{
    public void MapRoutes(INetworkRoutes routes)
    {
        routes.Map(HttpMethod.Get, "segments", Role.Reader, List, new RouteDescription("Lists segments."));
        routes.Map(
            HttpMethod.Post, "segments", Role.Member, Create,
            new RouteDescription("Creates a segment.", """{"segment":{"label":"lab"}}"""));
    }

    public Task<Outcome> ValidateVnics(ProjectId project, IReadOnlyList<VnicId> vnics) => ledger.ValidateVnics(project, vnics);

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        IReadOnlyList<LedgerNetwork> segments = await ledger.ListNetworks(Asker.Of(request), new Page());
        return ApiAnswer.Ok(writer =>
        {
            writer.BeginList("segments", "segment");
            foreach (LedgerNetwork segment in segments)
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

        var draft = new NetworkDraft(NetworkId.New(), request.Project, label!);
        return (await ledger.CreateNetwork(Asker.Of(request), draft)).Try(out LedgerNetwork? segment, out refusal)
            ? ApiAnswer.Created(writer =>
            {
                writer.BeginRoot("segment");
                Write(writer, segment);
                writer.EndRoot();
            })
            : refusal;
    }

    private static void Write(ResourceWriter writer, LedgerNetwork segment)
    {
        writer.Field("id", segment.Id.Value);
        writer.Field("label", segment.Label);
        writer.Field("bridge", segment.Facts.Bridge);
    }
}
