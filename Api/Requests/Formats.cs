using Microsoft.Net.Http.Headers;

namespace NovaOrleans.Api.Requests;

/// <summary>
/// Which of JSON and XML a body is and an answer shall be: the path's <c>.json</c> or <c>.xml</c> first (Quantum 1.0),
/// then <c>Accept</c>, then the body's own <c>Content-Type</c>, then JSON.
/// </summary>
internal static class Formats
{
    public const string Json = "application/json";
    public const string Xml = "application/xml";

    /// <summary>Takes the suffix off the path, before it is routed, and remembers it.</summary>
    public static void TakeSuffix(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "";
        BodyFormat? format = path.EndsWith(".json", StringComparison.Ordinal) ? BodyFormat.Json
            : path.EndsWith(".xml", StringComparison.Ordinal) ? BodyFormat.Xml
            : null;
        if (format is { } asked && !path.StartsWith(Documents.OpenApiDocument.Folder, StringComparison.Ordinal))
        {
            context.Request.Path = path[..path.LastIndexOf('.')];
            context.Features.Set(new Suffix(asked));
        }
    }

    public static BodyFormat OfAnswer(HttpContext context)
    {
        if (context.Features.Get<Suffix>() is { } suffix)
        {
            return suffix.Format;
        }

        string? accept = context.Request.Headers.Accept;
        if (!string.IsNullOrEmpty(accept) && accept is not ("*/*" or Json)
            && MediaTypeHeaderValue.TryParseList(
                context.Request.Headers.Accept, out IList<MediaTypeHeaderValue>? accepted)
            && Best(accepted) is { } wanted)
        {
            return wanted;
        }

        return accept is not Json && OfBody(context) is BodyFormat.Xml ? BodyFormat.Xml : BodyFormat.Json;
    }

    /// <summary>The format that <c>Content-Type</c> names; without one JSON; null where it is neither.</summary>
    public static BodyFormat? OfBody(HttpContext context)
    {
        string? type = context.Request.ContentType;
        if (type is null or Json)
        {
            return type is null && context.Features.Get<Suffix>() is { } suffix ? suffix.Format : BodyFormat.Json;
        }

        return MediaTypeHeaderValue.TryParse(type, out MediaTypeHeaderValue? parsed) ? Of(parsed) : null;
    }

    private static BodyFormat? Best(IList<MediaTypeHeaderValue> accepted) => accepted
        .Where(m => m.Quality is not 0)
        .OrderByDescending(m => m.Quality ?? 1)
        .Select(Of)
        .FirstOrDefault(f => f is not null);

    private static BodyFormat? Of(MediaTypeHeaderValue type) =>
        Is(type, "json") ? BodyFormat.Json : Is(type, "xml") ? BodyFormat.Xml : null;

    /// <summary>
    /// As in <c>application/json</c>, <c>text/xml</c> or <c>application/vnd.openstack.compute+json</c>.
    /// </summary>
    private static bool Is(MediaTypeHeaderValue type, string format) =>
        type.SubType.Equals(format, StringComparison.OrdinalIgnoreCase)
        || type.Suffix.Equals(format, StringComparison.OrdinalIgnoreCase);

    private sealed record Suffix(BodyFormat Format);
}
