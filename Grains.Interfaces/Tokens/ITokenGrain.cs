using Orleans.Concurrency;

namespace NovaOrleans.Tokens;

/// <summary>
/// One token of the API: made and revoked here, and looked up in its row (<c>ILedgerQueryGrain</c>), so that strangers' guesses wake
/// nobody. What is kept is a hash; the token itself never comes here. Key: the token's id, which is a part of it.
/// </summary>
[Alias("nova.ITokenGrain")]
public interface ITokenGrain : IGrainWithGuidKey
{
    /// <summary>
    /// Refused where the project is not known, or has <see cref="TokenView.MostOfProject"/> tokens. The same request again keeps the
    /// token and gives it the new hash: the answer with the first secret may have been lost, and nothing keeps secrets.
    /// </summary>
    [Alias("Create"), Repeatable(ByKey = true)]
    Task<Outcome<TokenView>> Create(CreateToken token);

    /// <summary>
    /// Nothing is done with the token any more. It interleaves, for a create that asks the project meanwhile would wait for the
    /// project's end, which waits for this.
    /// </summary>
    [Alias("Revoke"), Repeatable(Gone = RefusalCode.TokenNotFound), AlwaysInterleave]
    Task<Outcome> Revoke(string actor);
}

/// <summary>A token to be made. <paramref name="Hash"/> is the SHA-256 of the whole token, in lower-case hexadecimal.</summary>
[GenerateSerializer, Immutable, Alias("nova.CreateToken")]
public sealed record CreateToken(
    string Name, Role Role, ProjectId? Project, DateTimeOffset ExpiresAt, string Hash, string Actor, RequestKey? Key)
    : IKeyed;

/// <summary>
/// What may be told of a token. <paramref name="Project"/> is whose it is; of an admin's, which is for all projects, where new objects
/// go when a request names none.
/// </summary>
[GenerateSerializer, Immutable, Alias("nova.TokenView")]
public sealed record TokenView(
    Guid Id, string Name, Role Role, ProjectId? Project, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Tokens that have not expired, of one project; and as many again of no project.</summary>
    public const int MostOfProject = 100;
}
