using NovaOrleans.Api.Routes;
using NovaOrleans.Ledger;
using NovaOrleans.Tokens;

namespace NovaOrleans.Api.Tokens;

/// <summary>Tokens of the API: made, listed and revoked by an admin. A token is told once, in the answer that makes it.</summary>
internal sealed class TokenRoutes(IGrainFactory grains, TimeProvider clock) : ICoreRoutes
{
    private const string Collection = "/v1.1/tokens";
    private const string Example = """{"token": {"name": "ci", "role": "member", "project_id": "blue", "expires": "30d"}}""";

    private static readonly string[] s_roles = ["reader", "member", "admin"];

    public IEnumerable<ApiRoute> Routes() =>
    [
        new(HttpMethod.Post, Collection, Access.Admin, Create, new("Make a token, and tell it once", Example)),
        new(HttpMethod.Get, Collection, Access.Admin, List, new("The tokens, without their secrets: ?project=, ?limit=, ?marker=")),
        new(HttpMethod.Delete, $"{Collection}/{{id}}", Access.Admin, Revoke, new("Revoke a token: within 5 s nothing is done with it")),
    ];

    private async Task<ApiAnswer> Create(ApiRequest request)
    {
        BodyReader body = request.Body.Root("token");
        body.Require("name", Names.LabelAccepts);
        body.Require("role", string.Join(" or ", s_roles));
        string? name = body.Label("name");
        string? role = body.OneOf("role", s_roles);
        ProjectId? project = body.Project("project_id") ?? request.Scope;
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset end = body.Value("expires", (string? text, out DateTimeOffset value) =>
            TokenExpiry.TryParse(text, now, out value), TokenExpiry.Accepts) ?? now.AddDays(TokenExpiry.UsualDays);
        if (body.Faulty(out Refusal? refusal))
        {
            return refusal;
        }

        Guid id = TokenText.IdOf(request.Key);
        string token = TokenText.New(id);
        var wanted = new CreateToken(
            name!, Enum.Parse<Role>(role!, ignoreCase: true), project, end, TokenText.HashOf(token), request.Actor, request.Key);
        return (await grains.GetGrain<ITokenGrain>(id).Create(wanted)).Try(out TokenView? made, out refusal)
            ? ApiAnswer.Created(w =>
            {
                w.BeginRoot("token");
                Write(w, made);
                w.Field("token", token);
                w.EndRoot();
            })
            : refusal;
    }

    private async Task<ApiAnswer> List(ApiRequest request)
    {
        ProjectId? project = request.Scope;
        if (request.Query("project") is { } asked)
        {
            if (!ProjectId.TryParse(asked, out ProjectId id))
            {
                return new Refusal(
                    RefusalCode.MalformedRequest, $"Query 'project' is no project id; accepted is {ProjectId.Accepts}.", Field: "project");
            }

            project = id;
        }

        if (!request.ReadPage().Try(out Page? page, out Refusal? refusal))
        {
            return refusal;
        }

        IReadOnlyList<TokenView> tokens = await grains.GetGrain<ILedgerQueryGrain>(0).Tokens(project, page);
        return ApiAnswer.Ok(w =>
        {
            w.BeginList("tokens", "token");
            foreach (TokenView token in tokens)
            {
                w.BeginItem();
                Write(w, token);
                w.EndItem();
            }

            w.EndList();
            w.WriteNext(request, "tokens", page, tokens.Count, tokens.Count > 0 ? tokens[^1].Id : default);
        });
    }

    private async Task<ApiAnswer> Revoke(ApiRequest request) =>
        !Guid.TryParse(request.Route("id"), out Guid id)
            ? Refusal.NotFound(RefusalCode.TokenNotFound, "token", BodyText.Shown(request.Route("id")))
        : (await grains.GetGrain<ITokenGrain>(id).Revoke(request.Actor)).Refusal is { } refused ? refused
        : ApiAnswer.NoContent;

    private void Write(ResourceWriter w, TokenView token)
    {
        w.Field("id", token.Id);
        w.Field("name", token.Name);
        w.Field("role", token.Role.ToString().ToLowerInvariant());
        w.Field("project_id", token.Project?.Value);
        w.Field("created_at", token.CreatedAt);
        w.Field("expires_at", token.ExpiresAt);
        w.Field("expired", token.ExpiresAt <= clock.GetUtcNow());
    }
}
