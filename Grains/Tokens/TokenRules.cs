using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NovaOrleans.Tokens;

/// <summary>Which tokens are made, and who is known by one.</summary>
public static class TokenRules
{
    /// <summary>
    /// Whether the token may be made, or made known under a new secret. <paramref name="before"/> is what has its id;
    /// <paramref name="live"/> counts the project's others.
    /// </summary>
    public static Outcome Create(TokenState? before, CreateToken wanted, long live)
    {
        if (wanted.Project is null && wanted.Role != Role.Admin)
        {
            return new Refusal(
                RefusalCode.MalformedRequest, "Field 'project_id' is missing: only an admin's token is of no project.",
                Field: "project_id");
        }

        if (before is not null)
        {
            return before.Revoked
                    ? new Refusal(RefusalCode.Conflict, $"Token {before.View.Id} of this request is revoked.", before.View.Id.ToString())
                : before.Request == wanted.Key ? Outcome.Done
                : new Refusal(
                    RefusalCode.KeyReused, $"Idempotency-Key '{wanted.Key?.Key}' was used with another request.",
                    before.View.Id.ToString());
        }

        string of = wanted.Project is { } project ? $"Project '{project}'" : "The cloud";
        return live < TokenView.MostOfProject
            ? Outcome.Done
            : new Refusal(
                RefusalCode.QuotaExceeded,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{of} has {live} tokens; at most {TokenView.MostOfProject} live at once, so revoke one."),
                wanted.Project?.Value);
    }

    /// <summary>In a time that does not depend on where the hashes differ.</summary>
    public static bool Knows(TokenState state, string hash) => !state.Revoked
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(state.Hash));
}
