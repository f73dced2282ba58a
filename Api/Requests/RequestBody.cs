using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using NovaOrleans.Api.Failover;

namespace NovaOrleans.Api.Requests;

/// <summary>Reads a request's body once: its fields, and what an Idempotency-Key is held against.</summary>
internal static class RequestBody
{
    public const string KeyHeader = "Idempotency-Key";

    private static readonly Refusal Unsupported = new(
        RefusalCode.UnsupportedMediaType,
        $"Header 'Content-Type' names neither JSON nor XML; give {Formats.Json} or {Formats.Xml}.",
        Field: "Content-Type");

    private static readonly Refusal WrongKey = new(
        RefusalCode.MalformedRequest,
        $"Header '{KeyHeader}' is no key; accepted is {RequestKey.Accepts}.",
        Field: KeyHeader);

    /// <summary>What was read of a body.</summary>
    internal readonly record struct Read(BodyNode Root, RequestKey? Key);

    public static async ValueTask<Outcome<Read>> Of(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (HttpMethods.IsGet(request.Method))
        {
            return new Read(BodyNode.EmptyObject, null);
        }

        string? key = request.Headers[KeyHeader];
        if (key is not null && !RequestKey.IsKey(key))
        {
            return WrongKey;
        }

        if (key is null && RequestTime.Current is { } time && HttpMethods.IsPost(request.Method))
        {
            key = time.ChosenKey = RequestKey.Chosen();
        }

        if (request.ContentLength > BodyParser.Longest)
        {
            return BodyParser.TooLarge;
        }

        PipeReader reader = request.BodyReader;
        ReadResult read = await reader.ReadAtLeastAsync(BodyParser.Longest + 1, context.RequestAborted);
        Outcome<Read> answer = Parse(context, read.Buffer, key);
        reader.AdvanceTo(read.Buffer.End);
        return answer;
    }

    private static Outcome<Read> Parse(HttpContext context, ReadOnlySequence<byte> body, string? key)
    {
        if (body.Length > BodyParser.Longest)
        {
            return BodyParser.TooLarge;
        }

        if (body.IsEmpty)
        {
            return new Read(BodyNode.EmptyObject, key is null ? null : new RequestKey(key, Hash(context, default)));
        }

        if (Formats.OfBody(context) is not { } format)
        {
            return Unsupported;
        }

        // One segment is the rule: a body of more is longer than 4 KiB.
        ReadOnlyMemory<byte> bytes = body.IsSingleSegment ? body.First : body.ToArray();
        return BodyParser.Parse(bytes, format).Try(out BodyNode? root, out Refusal? refusal)
            ? new Read(root, key is null ? null : new RequestKey(key, Hash(context, bytes.Span)))
            : refusal;
    }

    /// <summary>
    /// The method and path are hashed too: one key for two different requests is a mistake that shall be told.
    /// </summary>
    private static string Hash(HttpContext context, ReadOnlySpan<byte> body)
    {
        string head = $"{context.Request.Method} {context.Request.Path.Value}\n";
        int length = Encoding.UTF8.GetByteCount(head);
        byte[] hashed = ArrayPool<byte>.Shared.Rent(length + body.Length);
        try
        {
            Encoding.UTF8.GetBytes(head, hashed);
            body.CopyTo(hashed.AsSpan(length));
            return Convert.ToHexStringLower(SHA256.HashData(hashed.AsSpan(0, length + body.Length)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(hashed);
        }
    }
}
