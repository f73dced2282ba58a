using System.Globalization;
using NovaOrleans.Api.Routes;
using NovaOrleans.SecurityGroups;

namespace NovaOrleans.Api.SecurityGroups;

/// <summary>What an administrator blocks for every guest of the cloud at once, whatever their groups say.</summary>
internal sealed class BlockedPrefixRoutes(IGrainFactory grains) : ICoreRoutes
{
    private const string Collection = "/v1.1/blocked_prefixes";

    private IBlockedPrefixesGrain Blocked => grains.GetGrain<IBlockedPrefixesGrain>(0);

    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Get, Collection, Access.Admin, List, new("The prefixes that no guest may speak with")),
        new(HttpMethod.Post, Collection, Access.Admin, Block,
            new("Block a prefix for every guest", """{"blocked_prefix": {"cidr": "198.51.100.0/24"}}""")),
        new(HttpMethod.Delete, $"{Collection}/{{id}}", Access.Admin, Unblock, new("Let guests speak with a prefix again")),
    ];

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        IReadOnlyList<BlockedPrefix> prefixes = await Blocked.List();
        return ApiAnswer.Ok(w =>
        {
            w.BeginList("blocked_prefixes", "blocked_prefix");
            foreach (BlockedPrefix prefix in prefixes)
            {
                w.BeginItem();
                WriteFields(w, prefix);
                w.EndItem();
            }

            w.EndList();
        });
    }

    private async Task<ApiAnswer> Block(ApiRequest request)
    {
        const string accepts = "an IPv4 or IPv6 prefix";
        BodyReader body = request.Body.Root("blocked_prefix");
        body.Require("cidr", accepts);
        string? cidr = body.Text("cidr", c => c is not null, accepts);
        return body.Faulty(out Refusal? refusal)
            || !(await Blocked.Block(cidr!, request.Actor)).Try(out BlockedPrefix? prefix, out refusal)
                ? refusal
                : ApiAnswer.Created(w =>
                {
                    w.BeginRoot("blocked_prefix");
                    WriteFields(w, prefix);
                    w.EndRoot();
                });
    }

    private async Task<ApiAnswer> Unblock(ApiRequest request)
    {
        if (!long.TryParse(request.Route("id"), NumberStyles.None, CultureInfo.InvariantCulture, out long id))
        {
            return Refusal.NotFound(RefusalCode.NotFound, "blocked prefix", BodyText.Shown(request.Route("id")));
        }

        return (await Blocked.Unblock(id, request.Actor)).Refusal is { } refused ? refused : ApiAnswer.NoContent;
    }

    private static void WriteFields(ResourceWriter w, BlockedPrefix prefix)
    {
        w.Field("id", prefix.RowId);
        w.Field("cidr", prefix.Cidr);
        w.Field("created_at", prefix.CreatedAt);
    }
}
