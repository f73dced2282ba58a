using NovaOrleans.Http;

namespace Vxlan.NetApi;

/// <summary>Endpoints, which are VNICs in a segment: list, create, show, delete. One may be named in a launch, as any VNIC.</summary>
internal sealed class EndpointRoutes(INetworkLedger ledger)
{
    private const string Example = """{"endpoint":{"segment_id":"0197a3c0-0000-7000-8000-000000000001"}}""";

    public void Map(INetworkRoutes routes)
    {
        routes.Map(HttpMethod.Get, "endpoints", Role.Reader, List, new RouteDescription("Lists endpoints."));
        routes.Map(
            HttpMethod.Post, "endpoints", Role.Member, Create, new RouteDescription("Creates an endpoint in a segment.", Example));
        routes.Map(
            HttpMethod.Get, "endpoints/{id}", Role.Reader, Show,
            new RouteDescription("Shows an endpoint, and what its guest is to know of the network."));
        routes.Map(
            HttpMethod.Delete, "endpoints/{id}", Role.Member, Delete, new RouteDescription("Deletes an endpoint that no instance has."));
    }

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        if (!request.ReadPage().Try(out Page? page, out Refusal? refusal))
        {
            return refusal;
        }

        IReadOnlyList<LedgerVnic> found = await ledger.ListVnics(Asker.Of(request), page);
        return ApiAnswer.Ok(writer =>
        {
            writer.BeginList("endpoints", "endpoint");
            foreach (LedgerVnic endpoint in found)
            {
                writer.BeginItem();
                Write(writer, endpoint);
                writer.EndItem();
            }

            writer.EndList();
            writer.WriteNext(request, "endpoints", page, found.Count, found.Count > 0 ? found[^1].Id.Value : default);
        });
    }

    private async Task<ApiAnswer> Create(ApiRequest request)
    {
        BodyReader body = request.Body.Root("endpoint");
        body.Require("segment_id", "the UUID of a segment");
        Guid? segment = body.Uuid("segment_id");
        Ip4Address? address = body.Ip4("address");
        MacAddress? mac = body.Mac("mac_address");
        if (body.Faulty(out Refusal? refusal))
        {
            return refusal;
        }

        Asker by = Asker.Of(request);
        var network = new NetworkId(segment!.Value);
        if (!(await ledger.ShowNetwork(by, network)).Try(out LedgerNetwork? found, out refusal))
        {
            return refusal;
        }

        Outcome<LedgerVnic> made = await ledger.CreateVnic(
            by, new VnicDraft(VnicId.New(), found.Project ?? request.Project) { Network = network, Address = address, Mac = mac });
        return made.Try(out LedgerVnic? endpoint, out refusal)
            ? ApiAnswer.Created(writer => WriteRoot(writer, endpoint, null))
            : refusal;
    }

    private async Task<ApiAnswer> Show(ApiRequest request)
    {
        if (!Ids.Read(request, "endpoint").Try(out Guid id, out Refusal? refusal))
        {
            return refusal;
        }

        Asker by = Asker.Of(request);
        var vnic = new VnicId(id);
        if (await ledger.FindVnics(by, [vnic]) is not [var endpoint])
        {
            return Refusal.NotFound(RefusalCode.VnicNotFound, "endpoint", vnic);
        }

        return (await ledger.InfoOf(by, vnic)).Try(out NetworkInfo? info, out refusal)
            ? ApiAnswer.Ok(writer => WriteRoot(writer, endpoint, info))
            : refusal;
    }

    private async Task<ApiAnswer> Delete(ApiRequest request)
    {
        if (!Ids.Read(request, "endpoint").Try(out Guid id, out Refusal? refusal))
        {
            return refusal;
        }

        Outcome deleted = await ledger.DeleteVnic(Asker.Of(request), new VnicId(id));
        return deleted.Refused ? deleted.Refusal : ApiAnswer.NoContent;
    }

    private static void WriteRoot(ResourceWriter writer, LedgerVnic endpoint, NetworkInfo? info)
    {
        writer.BeginRoot("endpoint");
        Write(writer, endpoint);
        if (info is not null)
        {
            writer.BeginObject("network_info");
            foreach ((string name, string? value) in info.ToDictionary())
            {
                writer.Field(name, value);
            }

            writer.EndObject();
        }

        writer.EndRoot();
    }

    private static void Write(ResourceWriter writer, LedgerVnic endpoint)
    {
        LedgerPort? port = endpoint.Ports.Count > 0 ? endpoint.Ports[0] : null;
        writer.Field("id", endpoint.Id.Value);
        writer.Field("segment_id", port?.Network.Value);
        writer.Field("project_id", endpoint.Project.Value);
        writer.Field("mac_address", endpoint.Mac.ToString());
        writer.Field("address", port?.Address?.ToString());
        writer.Field("instance_id", endpoint.Instance?.Value);
        writer.Field("created_at", endpoint.CreatedAt);
    }
}
