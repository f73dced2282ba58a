namespace AcmeNetwork.NetApi;

/// <summary>The service's own routes, below /v1.1/ and the last word of its path. Each answers in JSON and in XML.</summary>
internal sealed class NetworkRoutes(INetworkLedger ledger) : IOsApiService
{
    public void MapRoutes(INetworkRoutes routes)
    {
        routes.Map(HttpMethod.Get, "networks", Role.Reader, List, new RouteDescription("Lists networks."));
        routes.Map(HttpMethod.Get, "networks/{id}", Role.Reader, Show, new RouteDescription("Shows a network."));
        routes.Map(HttpMethod.Delete, "networks/{id}", Role.Member, Delete, new RouteDescription("Deletes an empty network."));
    }

    public Task<Outcome> ValidateVnics(ProjectId project, IReadOnlyList<VnicId> vnics) => ledger.ValidateVnics(project, vnics);

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        if (!request.ReadPage().Try(out Page? page, out Refusal? refusal))
        {
            return refusal;
        }

        IReadOnlyList<LedgerNetwork> networks = await ledger.ListNetworks(Asker.Of(request), page);
        return ApiAnswer.Ok(writer =>
        {
            writer.BeginList("networks", "network");
            foreach (LedgerNetwork network in networks)
            {
                writer.BeginItem();
                Write(writer, network);
                writer.EndItem();
            }

            writer.EndList();
            writer.WriteNext(request, "networks", page, networks.Count, networks.Count > 0 ? networks[^1].Id.Value : default);
        });
    }

    private async Task<ApiAnswer> Show(ApiRequest request)
    {
        if (!(await ledger.ShowNetwork(Asker.Of(request), IdOf(request))).Try(out LedgerNetwork? network, out Refusal? refusal))
        {
            return refusal;
        }

        return ApiAnswer.Ok(writer =>
        {
            writer.BeginRoot("network");
            Write(writer, network);
            writer.EndRoot();
        });
    }

    private async Task<ApiAnswer> Delete(ApiRequest request) =>
        (await ledger.DeleteNetwork(Asker.Of(request), IdOf(request))).Refusal is { } refusal ? refusal : ApiAnswer.NoContent;

    /// <summary>What is no UUID is no network's either.</summary>
    private static NetworkId IdOf(ApiRequest request) => new(Guid.TryParseExact(request.Route("id"), "D", out Guid id) ? id : default);

    private static void Write(ResourceWriter writer, LedgerNetwork network)
    {
        writer.Field("id", network.Id.Value);
        writer.Field("label", network.Label);
        writer.Field("project_id", network.Project?.Value);
        writer.Field("cidr", network.Subnet?.Cidr.ToString());
    }
}
