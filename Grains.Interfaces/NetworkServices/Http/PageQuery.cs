using System.Globalization;

namespace NovaOrleans.Http;

/// <summary>Compute API 1.1 paging: <c>?limit=</c> (1 to 1,000, default 1,000) and <c>?marker=</c>, the last id seen.</summary>
public static class PageQuery
{
    public const int Longest = 1000;

    private const string Limit = "limit";
    private const string Marker = "marker";

    /// <summary>What every list's query may have.</summary>
    public static IReadOnlyList<string> Names { get; } = [Limit, Marker];

    public static Outcome<Page> ReadPage(this ApiRequest request)
    {
        int limit = Longest;
        if (request.Query(Limit) is { } wanted
            && (!int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                || limit is < 1 or > Longest))
        {
            return Wrong(Limit, wanted, $"a whole number from 1 to {Longest}");
        }

        Guid? marker = null;
        if (request.Query(Marker) is { } text)
        {
            if (!Guid.TryParseExact(text, "D", out Guid id))
            {
                return Wrong(Marker, text, "the UUID of the last item of the page before");
            }

            marker = id;
        }

        return new Page(limit, marker);
    }

    /// <summary>
    /// The rest of the query, by which a list is narrowed, to be read field by field as a body is; what nobody asks for is a fault.
    /// </summary>
    public static BodyReader ReadFilters(this ApiRequest request)
    {
        BodyReader filters = new(new BodyNode(BodyKind.Object)
        {
            Members = request.Context.Request.Query.ToDictionary(
                q => q.Key,
                // One that is there twice is a list, which no filter takes.
                q => q.Value is [var value] ? new BodyNode(BodyKind.Text, value) : new BodyNode(BodyKind.List)),
        });
        filters.Ignore([.. Names]);
        return filters;
    }

    /// <summary>
    /// Tells where the next page of the same list is: <c>"networks_links":[{"rel":"next","href":…}]</c>, and nothing where the page was
    /// not full.
    /// </summary>
    public static void WriteNext(this ResourceWriter writer, ApiRequest request, string list, Page page, int count, Guid last)
    {
        if (count < page.Limit)
        {
            return;
        }

        writer.BeginList(list + "_links", "link");
        writer.BeginItem();
        writer.Field("rel", "next");
        writer.Field("href", string.Create(
            CultureInfo.InvariantCulture,
            $"{request.Href(request.Context.Request.Path)}?limit={page.Limit}&marker={last}{Others(request)}"));
        writer.EndItem();
        writer.EndList();
    }

    private static string Others(ApiRequest request) => string.Concat(
        from field in request.Context.Request.Query
        where !Names.Contains(field.Key, StringComparer.OrdinalIgnoreCase)
        from value in field.Value
        select $"&{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(value ?? "")}");

    private static Refusal Wrong(string field, string given, string accepts) => new(
        RefusalCode.MalformedRequest,
        $"Query '{field}' was '{BodyText.Shown(given)}'; accepted is {accepts}.",
        Field: field);
}
