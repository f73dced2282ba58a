using NovaOrleans.Http;
using NovaOrleans.Networks;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>Ethernet cards, which are these services' virtual NICs (rows R9 to R12, seed S79).</summary>
internal sealed class CardRoutes(ServiceGrains grains, NetworkAccess access)
{
    private const string One = "ethernet_cards/{id}";
    private const string CreateExample =
        """{"ethernet_card":{"network_id":"0199a5f2-3c41-7d10-9b1e-5a6f0c2d8e11","fixed_ip":"10.1.0.7"}}""";

    private readonly RecentCards _recent = new(grains);

    public void Map(INetworkRoutes routes)
    {
        routes.Map(
            HttpMethod.Get, "ethernet_cards", Role.Reader, r => List(r, detail: false),
            new("Lists ethernet cards, all or those that fit the query.") { Query = ListFilters.OfCards });
        routes.Map(
            HttpMethod.Get, "ethernet_cards/detail", Role.Reader, r => List(r, detail: true),
            new("Lists ethernet cards in full, all or those that fit the query.") { Query = ListFilters.OfCards });
        routes.Map(
            HttpMethod.Post, "ethernet_cards", Role.Member, Create,
            new(
                $"Creates an ethernet card; with network_id, its port and address too, at once. A list of up to {CreateVnics.Most} "
                    + "in ethernet_cards, all in one network, is made as a whole or not at all.", CreateExample));
        routes.Map(HttpMethod.Get, One, Role.Reader, Show, new("Shows an ethernet card with its ports and network info."));
        routes.Map(HttpMethod.Delete, One, Role.Member, Delete, new("Deletes an ethernet card and frees its ports."));
    }

    private async Task<ApiAnswer> List(ApiRequest request, bool detail)
    {
        if (!request.ReadPage().Try(out Page? page, out Refusal? refusal)
            || !request.ReadCardFilter().Try(out VnicFilter? filter, out refusal))
        {
            return refusal;
        }

        IReadOnlyList<VnicView> cards = await grains.Query.FilteredVnics(grains.Service, filter, page);
        return ApiAnswer.Ok(writer =>
        {
            CardResource.WriteList(writer, request, cards, detail);
            Guid last = cards.Count > 0 ? cards[^1].Id.Value : default;
            writer.WriteNext(request, "ethernet_cards", page, cards.Count, last);
        });
    }

    private async Task<ApiAnswer> Create(ApiRequest request)
    {
        if (request.Body.Has(CardResource.Many))
        {
            return await CreateMany(request);
        }

        if (!CardResource.Read(request.Body).Try(out CardResource? wanted, out Refusal? refusal))
        {
            return refusal;
        }

        Outcome<VnicView> made = wanted.Network is { } network
            ? await CreatePlugged(request, wanted, network)
            : await grains.Vnic(VnicId.New()).Create(new CreateCard(
                grains.Service, request.Project, request.Actor, wanted.Name, wanted.Mac, request.Key));
        return made.Try(out VnicView? card, out refusal)
            ? ApiAnswer.Created(writer => CardResource.Write(writer, request, card))
            : refusal;
    }

    /// <summary>All or none, in one commit of the network's pool.</summary>
    private async Task<ApiAnswer> CreateMany(ApiRequest request)
    {
        if (!CardResource.ReadMany(request.Body).Try(out CardResource.ManyCards? wanted, out Refusal? refusal)
            || !(await access.Usable(request, wanted.Network)).Try(out _, out refusal))
        {
            return refusal;
        }

        IEnumerable<CreateVnics.Card> each = wanted.Cards.Select(
            (card, number) => new CreateVnics.Card(VnicId.Of(request.Key, number), card.Name, card.Mac, card.FixedIp));
        Outcome<IReadOnlyList<VnicView>> made = await grains.Pool(wanted.Network).CreateVnics(
            new CreateVnics(request.Project, request.Actor, [.. each], request.Key));
        return made.Try(out IReadOnlyList<VnicView>? cards, out refusal)
            ? ApiAnswer.Created(writer => CardResource.WriteList(writer, request, cards, detail: true))
            : refusal;
    }

    /// <summary>Card, port and attachment in one commit of the network's pool.</summary>
    private async Task<Outcome<VnicView>> CreatePlugged(ApiRequest request, CardResource wanted, NetworkId network)
    {
        if ((await access.Usable(request, network)).Refusal is { } unusable)
        {
            return unusable;
        }

        Outcome<VnicView> made = await grains.Pool(network).CreateVnic(new CreateVnic(
            VnicId.Of(request.Key), request.Project, request.Actor, wanted.Name, wanted.Mac, wanted.FixedIp, request.Key));
        if (!made.Refused)
        {
            _recent.Remember(made.Value, network);
        }

        return made;
    }

    private async Task<ApiAnswer> Show(ApiRequest request)
    {
        if (!(await Find(request)).Try(out VnicView? card, out Refusal? refusal))
        {
            return refusal;
        }

        NetworkView? network = null;
        if (card.Ports is [{ } port, ..])
        {
            (await grains.Network(port.Network).Describe()).Try(out network, out _);
        }

        NetworkInfo info = VnicAddressing.InfoOf(card.Mac, card.Ports, network);
        return ApiAnswer.Ok(writer => CardResource.Write(writer, request, card, info));
    }

    private async Task<ApiAnswer> Delete(ApiRequest request) =>
        Id(request) is not { } card ? Unknown(request)
        : await _recent.Delete(request, card) ? ApiAnswer.NoContent
        : (await grains.Ledger.DeleteVnic(Asker.Of(request), card)).Refusal is not { } refused ? ApiAnswer.NoContent
        : refused.Code == RefusalCode.VnicNotFound ? Unknown(request)
        : refused;

    private async Task<Outcome<VnicView>> Find(ApiRequest request) =>
        Id(request) is { } id && await grains.FindVnic(id, request.Scope) is { } card ? card : Unknown(request);

    private static VnicId? Id(ApiRequest request) =>
        Guid.TryParseExact(request.Route("id"), "D", out Guid id) ? new VnicId(id) : null;

    private static Refusal Unknown(ApiRequest request) =>
        Refusal.NotFound(RefusalCode.VnicNotFound, "ethernet card", BodyText.Shown(request.Route("id")));
}
