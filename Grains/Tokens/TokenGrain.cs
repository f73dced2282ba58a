using NovaOrleans.Projects;

namespace NovaOrleans.Tokens;

/// <summary>See <see cref="ITokenGrain"/>.</summary>
public sealed partial class TokenGrain(ILedger ledger, ILogger<TokenGrain> logger) : Grain, ITokenGrain
{
    public async Task<Outcome<TokenView>> Create(CreateToken token)
    {
        if (token.Project is { } project
            && (await GrainFactory.GetGrain<IProjectGrain>(project.Value).Describe()).Refusal is { } unknown)
        {
            return unknown;
        }

        Guid id = this.GetPrimaryKey();
        Outcome<TokenView> made = await ledger.Commit(s => Make(s, id, token));
        if (!made.Refused)
        {
            LogCreated(token.Name, id, token.Role, token.Project?.Value ?? "-", token.Actor);
        }

        return made;
    }

    public async Task<Outcome> Revoke(string actor)
    {
        Guid id = this.GetPrimaryKey();
        Outcome done = await ledger.Commit(async s =>
        {
            if (await TokenRows.Load(s, id) is not { Revoked: false } state)
            {
                return Refusal.NotFound(RefusalCode.TokenNotFound, "token", id);
            }

            await TokenRows.Revoke(s, id);
            await HistoryRows.Append(s, actor, "token revoked", why: $"{id} {state.View.Name}");
            return Outcome.Done;
        });
        if (!done.Refused)
        {
            LogRevoked(id, actor);
        }

        return done;
    }

    private static async Task<Outcome<TokenView>> Make(LedgerSession session, Guid id, CreateToken token)
    {
        TokenState? before = await TokenRows.Load(session, id);
        long live = before is null ? await TokenRows.CountLive(session, token.Project) : 0;
        if (TokenRules.Create(before, token, live).Refusal is { } refusal)
        {
            return refusal;
        }

        if (before is null)
        {
            await TokenRows.Sweep(session);
            await TokenRows.Insert(session, id, token);
        }
        else
        {
            await TokenRows.ChangeSecret(session, id, token.Hash);
        }

        await HistoryRows.Append(session, token.Actor, "token created", why: $"{id} {token.Name}: {token.Role} of {token.Project}");
        return (await TokenRows.Load(session, id))!.View;
    }
}
