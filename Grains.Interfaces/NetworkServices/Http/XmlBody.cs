using System.Runtime.InteropServices;
using System.Xml;

namespace NovaOrleans.Http;

/// <summary>
/// Reads XML as fields: the root element is the body's one member. Namespaces are ignored (1.1 clients send several).
/// Document types, and with them entities, are refused before anything of them is read; nothing is ever fetched.
/// </summary>
internal static class XmlBody
{
    private const string SchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        MaxCharactersFromEntities = 1,
        MaxCharactersInDocument = BodyParser.Longest,
    };

    public static Outcome<BodyNode> Parse(ReadOnlyMemory<byte> body)
    {
        if (!MemoryMarshal.TryGetArray(body, out ArraySegment<byte> bytes))
        {
            bytes = body.ToArray();
        }

        using var stream = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        try
        {
            using var reader = XmlReader.Create(stream, Settings);
            reader.MoveToContent();
            string name = reader.LocalName;
            BodyNode root = ReadElement(reader, 1);
            while (reader.Read())
            {
                // Whatever follows the root element, but white space and comments, makes the reader throw.
            }

            return new BodyNode(BodyKind.Object)
            {
                IsXml = true,
                Members = new Dictionary<string, BodyNode> { [name] = root },
            };
        }
        catch (XmlException e)
        {
            string why = e.Message.Contains("DTD", StringComparison.Ordinal)
                ? "a document type (DTD) and its entities are not accepted."
                : WithoutPosition(e.Message);
            return BodyParser.Malformed("XML", e.LineNumber, e.LinePosition, why);
        }
    }

    /// <summary>Reads the element that the reader stands on; leaves it on the element's end.</summary>
    private static BodyNode ReadElement(XmlReader reader, int depth)
    {
        if (depth > BodyParser.Deepest)
        {
            throw Fault(reader, $"elements are more than {BodyParser.Deepest} deep.");
        }

        var members = new Dictionary<string, BodyNode>();
        ReadAttributes(reader, members);
        bool empty = reader.IsEmptyElement;
        string text = empty ? "" : ReadContent(reader, members, depth);
        return members.Count == 0
            ? new BodyNode(BodyKind.Text, text) { IsXml = true }
            : new BodyNode(BodyKind.Object, text.Length == 0 ? null : text) { IsXml = true, Members = members };
    }

    private static void ReadAttributes(XmlReader reader, Dictionary<string, BodyNode> members)
    {
        while (reader.MoveToNextAttribute())
        {
            if (reader.Prefix != "xmlns" && reader.Name != "xmlns" && reader.NamespaceURI != SchemaInstance)
            {
                Add(reader, members, new BodyNode(BodyKind.Text, reader.Value) { IsXml = true });
            }
        }

        reader.MoveToElement();
    }

    private static string ReadContent(XmlReader reader, Dictionary<string, BodyNode> members, int depth)
    {
        string text = "";
        var repeated = new Dictionary<string, List<BodyNode>>();
        while (reader.Read() && reader.NodeType != XmlNodeType.EndElement)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                string name = XmlConvert.DecodeName(reader.LocalName);
                if (repeated.TryGetValue(name, out List<BodyNode>? items))
                {
                    items.Add(ReadElement(reader, depth + 1));
                    continue;
                }

                // The name first, while the reader still stands on it: an attribute of that name is a fault here.
                Add(reader, members, BodyNode.EmptyObject);
                BodyNode node = ReadElement(reader, depth + 1);
                members[name] = node;
                repeated[name] = [node];
            }
            else
            {
                text += reader.Value;
            }
        }

        foreach ((string name, List<BodyNode> items) in repeated)
        {
            members[name] = items.Count == 1 ? items[0] : new BodyNode(BodyKind.List) { IsXml = true, Items = items };
        }

        return text;
    }

    private static void Add(XmlReader reader, Dictionary<string, BodyNode> members, BodyNode node)
    {
        string name = XmlConvert.DecodeName(reader.LocalName);
        if (!members.TryAdd(name, node))
        {
            throw Fault(reader, $"'{BodyText.Shown(name)}' occurs twice, as attribute and element or in two namespaces.");
        }
    }

    private static XmlException Fault(XmlReader reader, string why)
    {
        var at = (IXmlLineInfo)reader;
        return new XmlException(why, null, at.LineNumber, at.LinePosition);
    }

    /// <summary>The library appends its own " Line 1, position 2." to its sentence.</summary>
    private static string WithoutPosition(string message)
    {
        int end = message.LastIndexOf(" Line ", StringComparison.Ordinal);
        return BodyText.Shown(end < 0 ? message : message[..end], 200);
    }
}
