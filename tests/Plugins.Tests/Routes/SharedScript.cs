using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace NovaOrleans.Routes;

/// <summary>
/// The shared HTTP cases (issue's row b) as one script: what is asked, and with which status it is answered, of any of the three
/// services, in JSON or in XML. <c>{word}</c> stands for what an earlier answer, or the run, gave.
/// </summary>
internal static class SharedScript
{
    /// <summary><paramref name="Keep"/>: the word under which the answer's id is kept for later steps.</summary>
    public sealed record Step(int Status, string Request, string? Body = null, string? Keep = null);

    private const string NoOne = "0199a5f2-3c41-7d10-9b1e-5a6f0c2d8e11";

    public static IReadOnlyList<Step> Steps { get; } =
    [
        new(200, "GET extensions"),
        new(200, "GET networks"),
        new(201, "POST networks", """{"network":{"label":"blue","cidr":"{p}.0/24","cidr_v6":"fd01:{n}::/64","dns1":"9.9.9.9"}}""", "net"),
        new(409, "POST networks", """{"network":{"label":"again","cidr":"{p}.128/25"}}"""),
        new(409, "POST networks", """{"network":{"label":"again","cidr_v6":"fd01:{n}::/64"}}"""),
        new(400, "POST networks", """{"network":{"label":"bad","cidr":"{p}.1/24"}}"""),
        new(400, "POST networks", """{"network":{"label":"bad","cidr":"{q}.0/24","colour":"red"}}"""),
        new(400, "POST networks", """{"network":{"label":"bad"}}"""),
        new(201, "POST networks", """{"network":{"label":"n","cidr":"{q}.0/24","num_networks":2,"network_size":64}}"""),
        new(200, "GET networks?limit=1"),
        new(400, "GET networks?limit=0"),
        new(200, "GET networks/detail"),
        new(200, "GET networks/{net}"),
        new(200, "GET networks/{net}/detail"),
        new(404, $"GET networks/{NoOne}"),
        new(404, "GET networks/none"),
        new(200, "PUT networks/{net}", """{"network":{"label":"red","dns1":"1.1.1.1","dns2":"9.9.9.9"}}"""),
        new(400, "PUT networks/{net}", """{"network":{"cidr":"{q}.0/24"}}"""),
        new(200, "PUT networks/{net}", """{"network":{"host":"{host}"}}"""),
        new(404, "PUT networks/{net}", """{"network":{"host":"nowhere"}}"""),
        new(202, "POST networks/{net}/action", """{"disassociate_host":null}"""),
        new(202, "POST networks/{net}/action", """{"associate_host":"{host}"}"""),
        new(404, "POST networks/{net}/action", """{"associate_host":"nowhere"}"""),
        new(400, "POST networks/{net}/action", """{"explode":null}"""),
        new(201, "POST ethernet_cards", """{"ethernet_card":{"network_id":"{net}","mac_address":"{mac}"}}""", "card"),
        new(409, "POST ethernet_cards", """{"ethernet_card":{"mac_address":"{mac}"}}"""),
        new(400, "POST ethernet_cards", """{"ethernet_card":{"mac_address":"01:00:00:00:00:01"}}"""),
        new(404, "POST ethernet_cards", $$$"""{"ethernet_card":{"network_id":"{{{NoOne}}}"}}"""),
        new(200, "GET ethernet_cards"),
        new(200, "GET ethernet_cards/detail"),
        new(200, "GET ethernet_cards/{card}"),
        new(404, $"GET ethernet_cards/{NoOne}"),
        new(201, "POST networks/{net}/ports", """{"port":{"address":"{p}.77"}}""", "port"),
        new(409, "POST networks/{net}/ports", """{"port":{"address":"{p}.77"}}"""),
        new(409, "POST networks/{net}/ports", """{"port":{"address":"{p}.255"}}"""),
        new(200, "GET networks/{net}/ports"),
        new(200, "GET networks/{net}/ports/detail"),
        new(200, "GET networks/{net}/ports/{port}"),
        new(404, $"GET networks/{{net}}/ports/{NoOne}"),
        new(200, "GET networks/{net}/ports/{port}/attachment"),
        new(201, "POST ethernet_cards", """{"ethernet_card":{}}""", "other"),
        new(204, "PUT networks/{net}/ports/{port}/attachment", """{"attachment":{"id":"{other}"}}"""),
        new(204, "PUT networks/{net}/ports/{port}/attachment", """{"attachment":{"id":"{other}"}}"""),
        new(409, "PUT networks/{net}/ports/{port}/attachment", """{"attachment":{"id":"{card}"}}"""),
        new(200, "GET networks/{net}/ports/{port}/attachment"),
        new(409, "DELETE networks/{net}/ports/{port}"),
        new(204, "DELETE networks/{net}/ports/{port}/attachment"),
        new(204, "DELETE networks/{net}/ports/{port}"),
        new(404, "GET networks/{net}/ports/{port}"),
        new(202, "POST fixed_ips/{p}.99/action", """{"reserve":null}"""),
        new(409, "POST networks/{net}/ports", """{"port":{"address":"{p}.99"}}"""),
        new(200, "GET networks/{net}/fixed_ips"),
        new(200, "GET fixed_ips/{p}.99"),
        new(202, "POST fixed_ips/{p}.99/action", """{"unreserve":null}"""),
        new(404, "GET fixed_ips/203.0.113.9"),
        new(409, "POST networks/{net}/action", """{"disassociate":null}"""),
        new(409, "DELETE networks/{net}"),
        new(204, "DELETE ethernet_cards/{card}"),
        new(204, "DELETE ethernet_cards/{other}"),
        new(202, "POST networks/{net}/action", """{"disassociate":null}"""),
        new(202, "POST networks/{net}/action", """{"associate_project":"{project}"}"""),
        new(204, "DELETE networks/{net}"),
        new(404, "GET networks/{net}"),
        new(404, "DELETE networks/{net}"),
        new(405, "PATCH networks"),
    ];

    /// <summary>As the API's page on formats says: a field is an attribute, an action's value the element's text.</summary>
    public static string ToXml(string json)
    {
        (string name, JsonNode? value) = JsonNode.Parse(json)!.AsObject().Single();
        return new XElement(name, value is JsonObject fields
            ? fields.Select(f => new XAttribute(f.Key, f.Value!.ToString()))
            : value?.ToString()).ToString();
    }

    /// <summary>The names in an answer, nested ones with their path, each once; nulls are left out, since XML leaves them out.</summary>
    public static SortedSet<string> ShapeOf(string answer)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        if (answer.StartsWith('<'))
        {
            // An answer of nothing is {} in JSON; in XML it needs an element, and that one says nothing.
            XElement root = XElement.Parse(answer);
            if (root.Name != "answer")
            {
                Add(names, "", root);
            }
        }
        else if (answer.Length > 0)
        {
            Add(names, "", JsonNode.Parse(answer));
        }

        return names;
    }

    private static void Add(SortedSet<string> names, string path, JsonNode? node)
    {
        foreach ((string name, JsonNode? value) in node as JsonObject ?? [])
        {
            if (value is not null)
            {
                names.Add(path + name);
                Add(names, $"{path}{name}.", value);
            }
        }

        foreach (JsonNode? item in node as JsonArray ?? [])
        {
            Add(names, path, item);
        }
    }

    /// <summary>The items of a list are elements of the singular, which JSON has no name for.</summary>
    private static void Add(SortedSet<string> names, string path, XElement element)
    {
        bool isItem = path.Length > 0 && IsItemOf(path.TrimEnd('.').Split('.')[^1], element.Name.LocalName);
        string own = isItem ? path : $"{path}{element.Name.LocalName}.";
        if (!isItem)
        {
            names.Add(own.TrimEnd('.'));
        }

        foreach (XAttribute attribute in element.Attributes())
        {
            names.Add(own + attribute.Name.LocalName);
        }

        foreach (XElement child in element.Elements())
        {
            // A second list beside the root's, as networks_links, is the root's last child in XML.
            Add(names, child.Name.LocalName.EndsWith("_links", StringComparison.Ordinal) ? "" : own, child);
        }
    }

    private static bool IsItemOf(string list, string item) => list == item + "s" || (list.EndsWith("_links", StringComparison.Ordinal) && item == "link");
}
