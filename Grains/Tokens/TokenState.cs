namespace NovaOrleans.Tokens;

/// <summary>A token's row. It is read anew each time: a facade asks once in some seconds, and what is revoked is so at once.</summary>
public sealed record TokenState(TokenView View, string Hash, RequestKey? Request, bool Revoked);
