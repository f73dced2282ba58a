using NovaOrleans.Http;
using NovaOrleans.Pools;
using NovaOrleans.Vnics;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>An ethernet card as the API reads and shows it (rows R9 to R12).</summary>
internal sealed record CardResource(string? Name, MacAddress? Mac, NetworkId? Network, Ip4Address? FixedIp)
{
    /// <summary>What one request makes in one network.</summary>
    public sealed record ManyCards(NetworkId Network, IReadOnlyList<CardResource> Cards);

    /// <summary>A body with this root makes many at once.</summary>
    public const string Many = "ethernet_cards";

    /// <summary>
    /// All fields are optional: <c>name</c>, <c>mac_address</c>, <c>network_id</c> to plug it into a port of that
    /// network at once, and <c>fixed_ip</c> to ask for that port's address.
    /// </summary>
    public static Outcome<CardResource> Read(BodyReader body)
    {
        BodyReader card = body.Root("ethernet_card");
        CardResource read = ReadFields(card);
        return card.Faulty(out Refusal? refusal) ? refusal : read;
    }

    /// <summary>Many for one network: every card names it, and all name the same.</summary>
    public static Outcome<ManyCards> ReadMany(BodyReader body)
    {
        IReadOnlyList<BodyReader> cards = body.Objects(Many) ?? [];
        if (cards.Count is 0 or > CreateVnics.Most)
        {
            body.Reject(Many, $"Field '{Many}' has {cards.Count} cards; accepted is 1 to {CreateVnics.Most}.");
        }

        CardResource[] read = [.. cards.Take(CreateVnics.Most).Select(ReadFields)];
        NetworkId? network = read.FirstOrDefault()?.Network;
        for (int i = 0; i < read.Length; i++)
        {
            if (read[i].Network is null)
            {
                cards[i].Require("network_id", "the network that all of them are in");
            }
            else if (read[i].Network != network)
            {
                cards[i].Reject("network_id", "Cards that are made together are in one network: it is one commit of one pool.");
            }
        }

        return body.Faulty(out Refusal? refusal) ? refusal : new ManyCards(network!.Value, read);
    }

    private static CardResource ReadFields(BodyReader card)
    {
        Guid? network = card.Uuid("network_id");
        var read = new CardResource(
            card.Label("name"),
            card.Mac("mac_address"),
            network is { } id ? new NetworkId(id) : null,
            card.Ip4("fixed_ip"));
        if (read.FixedIp is not null && !card.Has("network_id"))
        {
            card.Reject("fixed_ip", "A fixed IP belongs to a network: give network_id too.");
        }

        return read;
    }

    public static void Write(ResourceWriter writer, ApiRequest request, VnicView card, NetworkInfo? info = null)
    {
        writer.BeginRoot("ethernet_card");
        WriteFields(writer, request, card, detail: true);
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

    public static void WriteList(ResourceWriter writer, ApiRequest request, IReadOnlyList<VnicView> cards, bool detail)
    {
        writer.BeginList("ethernet_cards", "ethernet_card");
        foreach (VnicView card in cards)
        {
            writer.BeginItem();
            WriteFields(writer, request, card, detail);
            writer.EndItem();
        }

        writer.EndList();
    }

    private static void WriteFields(ResourceWriter writer, ApiRequest request, VnicView card, bool detail)
    {
        writer.Field("id", card.Id.Value);
        writer.Field("mac_address", card.Mac.ToString());
        writer.Field("name", card.Name);
        writer.Field("project_id", card.Project.Value);
        writer.Field("instance_id", card.Instance?.Value);
        if (detail)
        {
            writer.Field("host", card.Host?.Value);
            writer.Field("created_at", card.CreatedAt);
            WritePorts(writer, card.Ports);
        }

        writer.WriteLinks(request, $"ethernet_cards/{card.Id}");
    }

    private static void WritePorts(ResourceWriter writer, IReadOnlyList<PortView> ports)
    {
        writer.BeginList("ports", "port");
        foreach (PortView port in ports)
        {
            writer.BeginItem();
            writer.Field("id", port.Id.Value);
            writer.Field("network_id", port.Network.Value);
            writer.Field("address", port.Address?.ToString());
            writer.Field("address_v6", port.AddressV6?.ToString());
            writer.Field("state", port.Up ? "ACTIVE" : "DOWN");
            writer.EndItem();
        }

        writer.EndList();
    }
}
