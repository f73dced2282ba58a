using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;

namespace NovaOrleans.Conformance;

/// <summary>
/// Whether an answer in XML says what the one in JSON says: an object's fields are attributes, an object in it is an element of its
/// name, a list an element with one child an item, and null is left out.
/// </summary>
internal static class BothFormats
{
    /// <summary>The first difference as a sentence; null where there is none.</summary>
    public static string? Difference(string json, string xml)
    {
        JsonObject answer = JsonNode.Parse(json)!.AsObject();
        XElement root = XElement.Parse(xml);
        List<KeyValuePair<string, JsonNode?>> top = [.. answer.Where(f => f.Value is not null)];
        if (top.Count == 0)
        {
            return root.Name == "answer" && !root.HasAttributes && !root.HasElements ? null : $"JSON says nothing, XML {root}";
        }

        // A second list beside the root's, as networks_links, is the root's last child in XML.
        XElement[] further = [.. top.Skip(1).Select(f => root.Element(Name(f.Key))!)];
        if (Array.IndexOf(further, null) is >= 0 and var missing)
        {
            return $"{top[missing + 1].Key} is in JSON and not in XML";
        }

        foreach ((KeyValuePair<string, JsonNode?> field, XElement element) in top.Skip(1).Zip(further))
        {
            if (Difference(field.Value!, element, field.Key) is { } difference)
            {
                return difference;
            }

            element.Remove();
        }

        return root.Name == Name(top[0].Key) ? Difference(top[0].Value!, root, top[0].Key)
            : $"JSON speaks of {top[0].Key}, XML of {root.Name}";
    }

    private static string? Difference(JsonNode json, XElement xml, string path) => json switch
    {
        JsonObject fields => OfFields(fields, xml, path),
        JsonArray items => OfItems(items, xml, path),
        _ => Text(json) == xml.Value ? null : $"{path} is '{Text(json)}' in JSON and '{xml.Value}' in XML",
    };

    private static string? OfFields(JsonObject fields, XElement xml, string path)
    {
        var seen = new HashSet<XObject>();
        foreach ((string name, JsonNode? value) in fields.Where(f => f.Value is not null))
        {
            string at = $"{path}.{name}";
            string? difference;
            if (value is JsonValue && xml.Attribute(Name(name)) is { } attribute)
            {
                seen.Add(attribute);
                difference = attribute.Value == Text(value) ? null : $"{at} is '{Text(value)}' in JSON and '{attribute.Value}' in XML";
            }
            else if (ChildOf(xml, name) is { } child)
            {
                seen.Add(child);
                difference = Difference(value!, child, at);
            }
            else
            {
                difference = $"{at} is in JSON and not in XML";
            }

            if (difference is not null)
            {
                return difference;
            }
        }

        XObject? more = xml.Attributes().Cast<XObject>().Concat(xml.Elements()).FirstOrDefault(o => !seen.Contains(o));
        return more is null ? null : $"{path}.{(more as XAttribute)?.Name ?? ((XElement)more).Name} is in XML and not in JSON";
    }

    private static string? OfItems(JsonArray items, XElement xml, string path)
    {
        XElement[] elements = [.. xml.Elements()];
        return items.Count != elements.Length
            ? $"{path} has {items.Count} items in JSON and {elements.Length} in XML"
            : items.Zip(elements).Select((pair, i) => pair.First is null ? null
                : Difference(pair.First, pair.Second, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")))
                .FirstOrDefault(d => d is not null);
    }

    /// <summary>By its name, or, where names are data, by the element whose id or key it is.</summary>
    private static XElement? ChildOf(XElement xml, string name) => xml.Element(Name(name))
        ?? xml.Elements().FirstOrDefault(e => ((string?)e.Attribute("id") ?? (string?)e.Attribute("key")) == name);

    private static XName Name(string name) => XmlConvert.EncodeLocalName(name);

    private static string Text(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.ToString(),
    };
}
