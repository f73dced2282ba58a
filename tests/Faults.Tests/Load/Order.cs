using System.Text.Json.Nodes;

namespace NovaOrleans.Faults;

/// <summary>One operation as it is asked for over HTTP: the same words at every repeat.</summary>
internal sealed record Order(
    Kind Kind, Verb Verb, string Key, string Argument, HttpMethod Method, string Path, string? Body, Func<JsonNode, Thing>? Read)
{
    private const string Cards = "/v1.1/flat/ethernet_cards";
    private const string Servers = "/v1.1/servers";

    public static Order CreateCard(string key, string network) => new(
        Kind.Card, Verb.Create, key, network, HttpMethod.Post, Cards,
        $$$"""{"ethernet_card":{"name":"{{{key}}}","network_id":"{{{network}}}"}}""", Card);

    public static Order Show(string key, Kind kind, string id, string? network = null) => new(
        kind, Verb.Show, key, id, HttpMethod.Get, $"{(kind == Kind.Card ? Cards : Servers)}/{id}", null,
        kind == Kind.Card ? Card : answer => Server(answer, network));

    public static Order Delete(string key, Kind kind, string id) => new(
        kind, Verb.Delete, key, id, HttpMethod.Delete, $"{(kind == Kind.Card ? Cards : Servers)}/{id}", null, null);

    /// <summary>With a VNIC that is made for it in this network, and goes with it.</summary>
    public static Order Launch(string key, string network) => new(
        Kind.Server, Verb.Create, key, network, HttpMethod.Post, Servers,
        $$$"""{"server":{"name":"{{{key}}}","networks":[{"uuid":"{{{network}}}"}]}}""", answer => Server(answer, network));

    /// <summary>With a card that is there; the address is the card's, and stays it.</summary>
    public static Order LaunchWith(string key, string card) => new(
        Kind.Server, Verb.Create, key, card, HttpMethod.Post, Servers,
        $$$"""{"server":{"name":"{{{key}}}","vnics":["{{{card}}}"]}}""", answer => Server(answer, null));

    private static Thing Card(JsonNode answer)
    {
        JsonNode card = answer["ethernet_card"]!;
        JsonNode? port = card["ports"]?.AsArray().FirstOrDefault();
        return new Thing((string)card["id"]!, (string?)port?["network_id"], (string?)port?["address"]);
    }

    private static Thing Server(JsonNode answer, string? network)
    {
        JsonNode server = answer["server"]!;
        JsonNode? first = server["addresses"]?.AsObject().Select(a => a.Value).FirstOrDefault()?.AsArray().FirstOrDefault();
        return new Thing(
            (string)server["id"]!, network, network is null ? null : (string?)first?["addr"], (string?)server["status"]);
    }
}
