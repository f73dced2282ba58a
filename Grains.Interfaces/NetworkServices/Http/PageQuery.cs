using System.Globalization;

namespace NovaOrleans.Http;

/// <summary>Compute API 1.1 paging: <c>?limit=</c> (1 to 1,000, default 1,000) and <c>?marker=</c>, the last id seen.</summary>
public static class PageQuery
{
    public const int Longest = 1000;

    public static Outcome<Page> ReadPage(this ApiRequest request)
    {
        int limit = Longest;
        if (request.Query("limit") is { } wanted
            && (!int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                || limit is < 1 or > Longest))
        {
            return Wrong("limit", wanted, $"a whole number from 1 to {Longest}");
        }

        Guid? marker = null;
        if (request.Query("marker") is { } text)
        {
            if (!Guid.TryParseExact(text, "D", out Guid id))
            {
                return Wrong("marker", text, "the UUID of the last item of the page before");
            }

            marker = id;
        }

        return new Page(limit, marker);
    }

    /// <summary>
    /// Tells where the next page is: <c>"networks_links":[{"rel":"next","href":…}]</c>, and nothing where the page was not full.
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
            $"{request.Href(request.Context.Request.Path)}?limit={page.Limit}&marker={last}"));
        writer.EndItem();
        writer.EndList();
    }

    private static Refusal Wrong(string field, string given, string accepts) => new(
        RefusalCode.MalformedRequest,
        $"Query '{field}' was '{BodyText.Shown(given)}'; accepted is {accepts}.",
        Field: field);
}
