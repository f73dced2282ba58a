namespace NovaOrleans.Http;

/// <summary>The two formats of the API (seed S60).</summary>
public enum BodyFormat
{
    Json = 0,
    Xml = 1,
}

/// <summary>
/// Turns a request's body into fields. What cannot be read is refused as <c>MalformedRequest</c> with the line and
/// position; nothing in a body can make the parser fetch, expand or recurse without limit.
/// </summary>
public static class BodyParser
{
    /// <summary>Bodies are at most this long, in bytes (1 MiB).</summary>
    public const int Longest = 1 << 20;

    /// <summary>Objects, lists and elements are at most this deep in each other.</summary>
    public const int Deepest = 32;

    /// <summary>The body's root as an object; an empty body is an empty object.</summary>
    public static Outcome<BodyNode> Parse(ReadOnlyMemory<byte> body, BodyFormat format)
    {
        if (body.Length > Longest)
        {
            return TooLarge;
        }

        if (body.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
        {
            return BodyNode.EmptyObject;
        }

        return format == BodyFormat.Json ? JsonBody.Parse(body.Span) : XmlBody.Parse(body);
    }

    public static Refusal TooLarge { get; } =
        new(RefusalCode.TooLarge, $"The body is longer than {Longest} bytes, which is all that is read.");

    internal static Refusal Malformed(string format, long line, long position, string why) =>
        new(RefusalCode.MalformedRequest,
            $"The body is no well-formed {format}: line {line}, position {position}: {why}");
}
