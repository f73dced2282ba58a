using NovaOrleans.Http;

namespace Vxlan.NetApi;

/// <summary>The id in a route.</summary>
internal static class Ids
{
    public static Outcome<Guid> Read(ApiRequest request, string kind)
    {
        string text = request.Route("id");
        return Guid.TryParseExact(text, "D", out Guid id)
            ? id
            : new Refusal(RefusalCode.NotFound, $"There is no {kind} with such an id; one is a UUID.", Field: "id");
    }
}
