namespace NovaOrleans.BrokenPlugins;

/// <summary>Rooms: a label and an IPv4 prefix.</summary>
internal class RightOsApi(ServicePath service, IGrainFactory grains) : IOsApiService
{
    protected IGrainFactory Grains => grains;
    protected ServicePath Service => service;

    public virtual void MapRoutes(INetworkRoutes routes)
    {
        routes.Map(HttpMethod.Get, "rooms", Role.Reader, List, new RouteDescription("Lists rooms."));
        routes.Map(HttpMethod.Post, "rooms", Role.Member, Create, new RouteDescription("Makes a room."));
        routes.Map(HttpMethod.Get, "rooms/{id}", Role.Reader, Show, new RouteDescription("Shows a room."));
        routes.Map(HttpMethod.Delete, "rooms/{id}", Role.Member, Delete, new RouteDescription("Removes a room."));
    }

    public virtual async Task<Outcome> ValidateVnics(ProjectId project, IReadOnlyList<VnicId> vnics)
    {
        IReadOnlyList<VnicView> cards = await grains.GetGrain<ILedgerQueryGrain>(0).VnicsById(vnics);
        foreach (VnicId vnic in vnics)
        {
            if (!cards.Any(c => c.Id == vnic && c.Project == project && c.Service == service && c.Instance is null))
            {
                return Refusal.NotFound(RefusalCode.VnicNotFound, "free VNIC", vnic);
            }
        }

        return Outcome.Done;
    }

    protected virtual async Task<ApiAnswer> Create(ApiRequest request)
    {
        BodyReader body = request.Body.Root("room");
        body.Require("label", Names.LabelAccepts);
        body.Require("cidr", Cidr4.Accepts);
        (string? label, Cidr4? cidr) = (body.Label("label"), body.Cidr4("cidr"));
        if (body.Faulty(out Refusal? refusal))
        {
            return refusal;
        }

        if (!AddressRange.TryCreate(cidr!.Value.Network + 2, cidr.Value.Broadcast, out AddressRange allowed))
        {
            return new Refusal(RefusalCode.MalformedRequest, $"Field 'room.cidr' was '{cidr}', which has no address for a guest.");
        }

        var id = NetworkId.New();
        var room = new NewNetwork(
            id, request.Project, label!, new NetworkLinks("room" + id.Value.ToString("N")[^8..], null, null),
            new Subnet4(cidr.Value, cidr.Value.Network + 1, null, allowed, []), Subnet6: null);
        Outcome<IReadOnlyList<NetworkView>> made = await grains.GetGrain<INetworkRangeGrain>(service.Value)
            .Create(new CreateNetworks(service, request.Actor, request.Key, [room]));
        return made.Try(out IReadOnlyList<NetworkView>? rooms, out refusal) ? ApiAnswer.Created(w => One(w, rooms[0])) : refusal;
    }

    protected virtual void Write(ApiRequest request, ResourceWriter writer, NetworkView room)
    {
        writer.Field("id", room.Id.Value);
        writer.Field("label", room.Label);
        writer.Field("cidr", room.Subnet4?.Cidr.ToString());
    }

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        IReadOnlyList<NetworkView> rooms = await grains.GetGrain<ILedgerQueryGrain>(0).Networks(service, request.Scope, new Page());
        return ApiAnswer.Ok(writer =>
        {
            writer.BeginList("rooms", "room");
            foreach (NetworkView room in rooms)
            {
                writer.BeginItem();
                Write(request, writer, room);
                writer.EndItem();
            }

            writer.EndList();
        });
    }

    private async Task<ApiAnswer> Show(ApiRequest request) => await Find(request) is { } room
        ? ApiAnswer.Ok(writer =>
        {
            writer.BeginRoot("room");
            Write(request, writer, room);
            writer.EndRoot();
        })
        : Missing(request);

    private async Task<ApiAnswer> Delete(ApiRequest request) => await Find(request) is not { } room ? Missing(request)
        : (await grains.GetGrain<INetworkGrain>(room.Id.Value).Delete(request.Actor)).Refusal is { } refusal ? refusal : ApiAnswer.NoContent;

    private async Task<NetworkView?> Find(ApiRequest request) => Guid.TryParse(request.Route("id"), out Guid id)
        && (await grains.GetGrain<INetworkGrain>(id).Describe()).Try(out NetworkView? room, out _)
        && room.Service == service && room.Project == request.Project ? room : null;

    private static ApiAnswer Missing(ApiRequest request) =>
        Refusal.NotFound(RefusalCode.NetworkNotFound, "room", request.Route("id"));

    private static void One(ResourceWriter writer, NetworkView room)
    {
        writer.BeginRoot("room");
        writer.Field("id", room.Id.Value);
        writer.Field("label", room.Label);
        writer.EndRoot();
    }
}
