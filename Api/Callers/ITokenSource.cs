namespace NovaOrleans.Api.Callers;

/// <summary>Knows the tokens of one kind. What it says is remembered by the facade.</summary>
public interface ITokenSource
{
    /// <summary>Whether the text looks like a token of this kind; each source is asked for its own only.</summary>
    bool Reads(string token);

    /// <summary>How long the answer may be used: so long a revoked token lives on.</summary>
    TimeSpan Lifetime { get; }

    /// <summary>Refused where the token is not known, or its holder has no business here.</summary>
    /// <exception cref="OperatingFaultException">Nobody can say now.</exception>
    Task<Outcome<TokenHolder>> Find(string token, TokenHash hash);
}
