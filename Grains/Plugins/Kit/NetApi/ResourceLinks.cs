using NovaOrleans.Http;

namespace NovaOrleans.NetworkServices.Kit;

/// <summary>
/// A resource's links in the style of Compute API 1.1: <c>self</c> with the version, <c>bookmark</c> without.
/// </summary>
internal static class ResourceLinks
{
    /// <summary>
    /// Writes the links of <c>{version}/{service}/{path}</c>; version and name are those of the request's URL.
    /// </summary>
    public static void WriteLinks(this ResourceWriter writer, ApiRequest request, string path)
    {
        string[] words = request.Context.Request.Path.Value!.Split('/', 4);
        writer.BeginList("links", "link");
        Write(writer, "self", request.Href($"/{words[1]}/{words[2]}/{path}"));
        Write(writer, "bookmark", request.Href($"/{words[2]}/{path}"));
        writer.EndList();
    }

    private static void Write(ResourceWriter writer, string rel, string href)
    {
        writer.BeginItem();
        writer.Field("rel", rel);
        writer.Field("href", href);
        writer.EndItem();
    }
}
