using System.Text;
using System.Text.Json;

namespace NovaOrleans.Http;

/// <summary>
/// Reads JSON (RFC 8259) as fields. A member that occurs twice is refused: readers differ on which one counts.
/// </summary>
internal static class JsonBody
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = BodyParser.Deepest };
    private static readonly BodyNode Null = new(BodyKind.Null);
    private static readonly BodyNode True = new(BodyKind.Boolean, "true");
    private static readonly BodyNode False = new(BodyKind.Boolean, "false");

    public static Outcome<BodyNode> Parse(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, Options);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return new Refusal(
                    RefusalCode.MalformedRequest, "The body is not a JSON object: give {\"field\": value, …}.");
            }

            BodyNode root = ReadObject(ref reader, body);
            // Reads to the end, so that whatever stands behind the object is a fault too.
            while (reader.Read())
            {
            }

            return root;
        }
        catch (JsonException e)
        {
            return BodyParser.Malformed(
                "JSON", (e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1, FirstSentence(e.Message));
        }
        catch (InvalidOperationException)
        {
            // The reader checks structure as it goes, but a string's bytes only when it is asked for.
            return At(body, reader.TokenStartIndex, "a string holds bytes or escapes that are no text.");
        }
        catch (DuplicateMemberException e)
        {
            return At(body, reader.TokenStartIndex, e.Message) with { Field = e.Member };
        }
    }

    private static BodyNode ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        var members = new Dictionary<string, BodyNode>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (members.ContainsKey(name))
            {
                throw new DuplicateMemberException(BodyText.Shown(name));
            }

            reader.Read();
            members.Add(name, ReadValue(ref reader, body));
        }

        return members.Count == 0 ? BodyNode.EmptyObject : new BodyNode(BodyKind.Object) { Members = members };
    }

    private static BodyNode ReadList(ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        var items = new List<BodyNode>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadValue(ref reader, body));
        }

        return new BodyNode(BodyKind.List) { Items = items };
    }

    private static BodyNode ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> body) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader, body),
        JsonTokenType.StartArray => ReadList(ref reader, body),
        JsonTokenType.String => new BodyNode(BodyKind.Text, reader.GetString()),
        JsonTokenType.Number => new BodyNode(BodyKind.Number, Encoding.ASCII.GetString(reader.ValueSpan)),
        JsonTokenType.True => True,
        JsonTokenType.False => False,
        _ => Null,
    };

    private static Refusal At(ReadOnlySpan<byte> body, long index, string why)
    {
        ReadOnlySpan<byte> before = body[..(int)index];
        return BodyParser.Malformed(
            "JSON", before.Count((byte)'\n') + 1, index - before.LastIndexOf((byte)'\n'), why);
    }

    /// <summary>The library appends its own "Path: … | LineNumber: …", counted from 0, to its sentence.</summary>
    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return BodyText.Shown(end < 0 ? message : message[..end], 200);
    }

    private sealed class DuplicateMemberException(string member) : Exception($"the member '{member}' occurs twice.")
    {
        public string Member { get; } = member;
    }
}
