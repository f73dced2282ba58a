using System.Security.Cryptography;
using System.Text;

namespace NovaOrleans.Tokens;

/// <summary>
/// How a token is written: <c>nova_</c>, its id in 32 hexadecimal digits, <c>_</c>, and a secret of 43 letters and digits, which are
/// 256 random bits. By the id it is found with one look-up; by the beginning people and scanners know what it is.
/// </summary>
public static class TokenText
{
    public const string Beginning = "nova_";

    private const int SecretLength = 43;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly int SecretAt = Beginning.Length + 33;

    /// <summary>A new token with this id.</summary>
    public static string New(Guid id) => $"{Beginning}{id:N}_{RandomNumberGenerator.GetString(Letters, SecretLength)}";

    /// <summary>The same request gives the same id, so that a repeat makes no second token.</summary>
    public static Guid IdOf(RequestKey? request) => request is null
        ? Guid.CreateVersion7()
        : new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(request.Key)).AsSpan(0, 16));

    /// <summary>
    /// One round of SHA-256 is enough: it is words of people that are guessed, and 256 random bits are not. Slow hashes would cost
    /// every look-up what they cost the guesser.
    /// </summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    public static bool IsToken(string? text) => text?.StartsWith(Beginning, StringComparison.Ordinal) is true;

    public static bool TryId(string text, out Guid id)
    {
        id = default;
        return IsToken(text) && text.Length == SecretAt + SecretLength && text[SecretAt - 1] == '_'
            && Guid.TryParseExact(text.AsSpan(Beginning.Length, 32), "N", out id);
    }
}
