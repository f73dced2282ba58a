using NovaOrleans.Ledger;
using NovaOrleans.Tokens;

namespace NovaOrleans.Api.Callers;

/// <summary>The cloud's own tokens, each of which has a row under its id.</summary>
internal sealed class NovaTokens(IGrainFactory grains) : ITokenSource
{
    /// <summary>So long a revoked token may still be taken by a facade that took it just before.</summary>
    public static readonly TimeSpan RememberedFor = TimeSpan.FromSeconds(4);

    public TimeSpan Lifetime => RememberedFor;

    public bool Reads(string token) => TokenText.IsToken(token);

    public async Task<Outcome<TokenHolder>> Find(string token, TokenHash hash) =>
        TokenText.TryId(token, out Guid id)
            && await grains.GetGrain<ILedgerQueryGrain>(0).IdentifyToken(id, hash.ToString()) is { } found
            ? new TokenHolder(found.Id.ToString("N"), found.Role, found.Project, found.ExpiresAt)
            : CallerHeaders.Unknown;
}
